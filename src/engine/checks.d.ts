/** The default exports of all files in `checks/`, gathered by `scripts/checks-plugin.mjs` for the bundle and the tests. */
declare module 'seaworthy:checks' {
  const checks: readonly import('../model/check.ts').Check[]
  export default checks
}
