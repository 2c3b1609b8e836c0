/** Stands in for vitest where tests are read and not run. */
const nothing = (): unknown => chain
const chain: unknown = new Proxy(nothing, { get: () => chain, apply: () => chain })

export const describe = chain
export const it = chain
export const test = chain
export const expect = chain
export const vi = chain
export const beforeAll = chain
export const afterAll = chain
export const beforeEach = chain
export const afterEach = chain
