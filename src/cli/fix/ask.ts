/** Asks a person on the terminal. */
import { createInterface } from 'node:readline/promises'

export const canAsk = (): boolean => process.stdin.isTTY === true && process.stderr.isTTY === true

/** Anything but a clear yes is a no; so is the end of the input. */
export async function agreed(question: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  const ended = new Promise<string>((resolve) => terminal.once('close', () => resolve('')))
  const answer = await Promise.race([terminal.question(`${question} [y/N] `), ended])
  terminal.close()
  return /^y(?:es)?$/i.test(answer.trim())
}
