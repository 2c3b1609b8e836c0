/** What yargs says of a command line that it cannot understand, as one line that helps. */
import { UsageError } from '../model/errors.ts'
import { asGiven, takesText } from './as-text.ts'
import { unknownName } from './nearest.ts'

const SEE_HELP = 'see seaworthy --help'
const BEHIND_DASHES = 'a text that begins with a dash stands behind --'

/** @param parser yargs, which knows the options of the command at hand */
export function usageError(message: string, argv: readonly string[], parser: unknown): UsageError {
  const text = asGiven(message.trim())
  const [, unknown] = /^Unknown arguments?: (.*)$/s.exec(text) ?? []
  if (unknown !== undefined) return unknownArgument(unknown.split(', ')[0] ?? '', argv, optionsOf(parser))
  const [, lacking] = /^Not enough arguments following: (.*)$/s.exec(text) ?? []
  if (lacking !== undefined) return new UsageError(`--${lacking} needs a value`)
  if (/^Not enough non-option arguments/.test(text))
    return new UsageError(`an argument is missing; ${SEE_HELP}`)
  return new UsageError(text.replace(/\s*\n\s*/g, '; ') || `cannot understand the command line; ${SEE_HELP}`)
}

/** yargs gives options without their dashes, short ones letter by letter, and surplus words as they are. */
function unknownArgument(word: string, argv: readonly string[], options: readonly string[]): UsageError {
  const given = argv.find((argument) => isOptionOf(word, argument))
  if (!given) return new UsageError(`unexpected argument ${JSON.stringify(word)}; ${SEE_HELP}`)
  return unknownName(
    'option',
    given.split('=')[0] ?? given,
    options,
    takesText(argv) ? BEHIND_DASHES : SEE_HELP,
  )
}

const isOptionOf = (word: string, argument: string): boolean =>
  argument.startsWith('-') &&
  (nameOf(argument) === word || (/^-[^-]/.test(argument) && word.length === 1 && argument.includes(word)))
const nameOf = (argument: string): string => argument.replace(/^--?/, '').split('=')[0] ?? ''

function optionsOf(parser: unknown): string[] {
  const known = parser as { getOptions?: () => { key?: Record<string, unknown> } }
  return Object.keys(known.getOptions?.().key ?? {})
    .filter((name) => /^[a-z-]{2,}$/.test(name))
    .map((name) => `--${name}`)
}
