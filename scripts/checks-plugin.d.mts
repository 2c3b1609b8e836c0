export const esbuildChecks: import('esbuild').Plugin
export const viteChecks: import('vite').Plugin
