/** CommonJS has no `import.meta.url`; some bundled libraries ask for it. */
export const __importMetaUrl = require('node:url').pathToFileURL(__filename).href
