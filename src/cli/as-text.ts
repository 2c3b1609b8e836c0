/** Words of the command line that look like options, and are texts. */
import { nearest } from './nearest.ts'

/** In front of a word that is to be taken as it is: yargs loses `-`, and reads what begins with a dash as an option. No argument can hold a NUL. */
const AS_IT_IS = '\0'

const isDashed = (word: string): boolean => word.startsWith('-')
const command = (argv: readonly string[]): string | undefined => argv.find((word) => !isDashed(word))
/** Messages begin with anything; a name does not begin with a dash. */
export const takesText = (argv: readonly string[]): boolean => command(argv) === 'diagnose'

/**
 * The command line as yargs is to read it: what stands behind `--` is no option, nor is `-`, nor, where a text is expected, what no option looks like.
 * @param options those of the command that takes a text, with their dashes
 */
export function withTexts(argv: readonly string[], options: readonly string[]): string[] {
  const end = argv.includes('--') ? argv.indexOf('--') : argv.length
  const marked = (word: string, isText: boolean): string => (isText ? AS_IT_IS + word : word)
  const expectsText = takesText(argv)
  return [
    ...argv
      .slice(0, end)
      .map((word) => marked(word, word === '-' || (expectsText && isMessage(word, options)))),
    ...argv.slice(end + 1).map((word) => marked(word, isDashed(word))),
  ]
}

export const asGiven = (word: string): string => word.replaceAll(AS_IT_IS, '')

/** How options of ours look, with a value or without. */
const OPTION = /^--?[\w-]*(?:=.*)?$/s

/** `-bash: docker: command not found`, but not `--container web` nor `--contaner web`. */
function isMessage(word: string, options: readonly string[]): boolean {
  const [first = ''] = word.split(/\s/)
  return isDashed(word) && !OPTION.test(word) && !(first.startsWith('--') && nearest(first, options))
}
