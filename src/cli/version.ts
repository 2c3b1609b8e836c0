declare const __VERSION__: string | undefined

/** The version that the bundle was built as; `0.0.0-dev` when the sources run as they are. */
export const VERSION: string = typeof __VERSION__ === 'string' ? __VERSION__ : '0.0.0-dev'
