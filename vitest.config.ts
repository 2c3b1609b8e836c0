import { defineConfig } from 'vitest/config'
import { viteChecks } from './scripts/checks-plugin.mjs'

export default defineConfig({
  plugins: [viteChecks],
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 20_000,
    coverage: { include: ['src/**', 'checks/**', 'reports/**'] },
  },
})
