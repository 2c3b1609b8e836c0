/** Writes to the standard output; resolves when the text is on its way. */
export const print = (text: string): Promise<void> =>
  new Promise((resolve) => {
    process.stdout.write(text, () => resolve())
  })

/** A note beside the results. */
export const note = (text: string): void => {
  process.stderr.write(`seaworthy: ${text}\n`)
}
