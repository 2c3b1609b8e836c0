/** What the program says. */
import { widthOf } from './terminal.ts'

/** Writes to the standard output; resolves when the text is on its way. */
export const print = (text: string): Promise<void> =>
  new Promise((resolve) => {
    process.stdout.write(text, () => resolve())
  })

/** A note beside the results. */
export const note = (text: string): void => {
  process.stderr.write(`seaworthy: ${text}\n`)
}

/** One that may be longer than a terminal is wide: there it is broken at blanks. */
export async function longNote(text: string): Promise<void> {
  process.stderr.write(`${await forTerminal(`seaworthy: ${text}`)}\n`)
}

async function forTerminal(line: string): Promise<string> {
  if (!process.stderr.isTTY) return line
  const { rulerFor } = await import('../../reports/ruler.ts')
  return (await rulerFor(line)).wrap(line, widthOf(process.stderr, process.env)).join('\n')
}
