/** The text that `diagnose` is about: the words of the command line, or what stands on the standard input. */
import { InputError, UsageError } from '../model/errors.ts'
import { decoded } from './decode.ts'
import { note } from './print.ts'
import { readInput } from './read-input.ts'
import { isInteractive } from './terminal.ts'

/** A forum thread is some hundred KiB, the journal of a day some MiB. */
const MOST_BYTES = 16 * 1024 * 1024
const INPUT = 'the standard input'

/** @throws {UsageError | InputError} where there is none, or what is there is no text */
export async function textGiven(words: readonly string[]): Promise<string> {
  const fromInput = words.length === 0 || (words.length === 1 && words[0] === '-')
  if (!fromInput && (words[0] === '-' || words.at(-1) === '-'))
    throw new UsageError(`- stands for ${INPUT}: leave it out, or the words beside it`)
  if (!fromInput) return legibleText(words.join(' '), 'the text')
  if (words.length === 0 && process.stdin.isTTY)
    throw new UsageError(
      'diagnose needs a text: seaworthy diagnose "ERROR MESSAGE", or COMMAND 2>&1 | seaworthy diagnose',
    )
  return legibleText(decoded(await wholeInput()), INPUT)
}

/** Whoever pipes what never ends waits for nothing: a moment is long enough to be told. */
const TOLD_AFTER_MS = 5_000

async function wholeInput(): Promise<Buffer> {
  const canBeTold = isInteractive(process.stderr, process.env)
  if (canBeTold && process.stdin.isTTY) note('paste the text, then end it with Ctrl-D')
  const timer = setTimeout(() => {
    if (canBeTold && !process.stdin.isTTY) note(`still reading ${INPUT}: the answer comes when it ends`)
  }, TOLD_AFTER_MS)
  try {
    return await readInput('-', MOST_BYTES, 'give its end: tail -n 5000')
  } finally {
    clearTimeout(timer)
  }
}

function legibleText(text: string, name: string): string {
  if (text.trim() === '') throw new UsageError(`${name} is empty: diagnose needs an error message`)
  if (isBinary(text)) throw new InputError(`${name} is no text: diagnose reads messages and logs, unpacked`)
  return text
}

/** Of a text's characters: what is packed or a program has twice as many, a damaged log hardly any of both. Own choice. */
const MOST_SPOILT = 0.05
/** Control characters that no terminal writes: neither white space, nor the bell, the backspace and the escape. */
const CONTROL = /[\0-\x06\x0e-\x1a\x1c-\x1f]/

/** Neither UTF-8 nor printable. The stream of an engine's logs has control characters, too, and old encodings are no UTF-8. */
function isBinary(text: string): boolean {
  let [controls, damaged] = [0, 0]
  for (const char of text) {
    if (char === '\uFFFD') damaged += 1
    else if (char < ' ' && CONTROL.test(char)) controls += 1
  }
  return Math.min(controls, damaged) > MOST_SPOILT * text.length
}
