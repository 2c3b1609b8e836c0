/** How a text report is drawn. */
export interface Look {
  /** Columns of the terminal. */
  readonly width: number
  readonly colour: boolean
  /** Marks and punctuation beyond ASCII may be used. */
  readonly unicode: boolean
  /** `quiet`: verdict and causes only; `verbose`: every check. */
  readonly detail: 'quiet' | 'normal' | 'verbose'
}

/** For a file or a pipe. */
export const PLAIN_LOOK: Look = { width: 80, colour: false, unicode: true, detail: 'normal' }
