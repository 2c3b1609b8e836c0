/** Values of options, as they come from the command line: checked, or refused in one line. */
import { PROFILES, type Profile } from '../model/check.ts'
import { UsageError } from '../model/errors.ts'
import { unknownName } from './nearest.ts'

/** A value as yargs gives it: an option that is given twice is a list. */
export type Given = string | readonly string[] | undefined

const DEFAULT_TIMEOUT_S = 30
const LONGEST_TIMEOUT_S = 86_400

const listed = (given: Given): readonly string[] => (typeof given === 'string' ? [given] : (given ?? []))

/** Of an option that may be given once. */
export function single(option: string, given: Given): string | undefined {
  const values = listed(given)
  if (values.length > 1) throw new UsageError(`--${option} is given ${values.length} times; once is enough`)
  if (values[0]?.trim() === '') throw new UsageError(`--${option} needs a value`)
  return values[0]
}

/** Of an option that may be repeated. */
export function repeated(option: string, given: Given): readonly string[] {
  const values = listed(given)
  if (values.some((value) => value.trim() === '')) throw new UsageError(`--${option} needs a value`)
  return values
}

/** Of an option that may be repeated, or hold a list separated by commas. */
export function commaList(option: string, given: Given): readonly string[] {
  const words = repeated(option, given)
    .flatMap((value) => value.split(','))
    .map((value) => value.trim())
    .filter((value) => value !== '')
  if (given !== undefined && words.length === 0) throw new UsageError(`--${option} needs a value`)
  return words
}

export function profileOf(given: Given): Profile {
  const word = single('profile', given) ?? 'docker'
  const profile = PROFILES.find((name) => name === word)
  if (!profile) throw unknownName('profile', word, PROFILES)
  return profile
}

/** Seconds that a run may take. */
export function timeoutOf(given: Given): number {
  const word = single('timeout', given)
  if (word === undefined) return DEFAULT_TIMEOUT_S
  const seconds = Number(word)
  if (!(seconds > 0 && seconds <= LONGEST_TIMEOUT_S)) {
    throw new UsageError(
      `--timeout expects seconds, above 0 and at most ${LONGEST_TIMEOUT_S}, such as 30; got ${JSON.stringify(word)}`,
    )
  }
  return seconds
}

/** A user's name: what useradd would take, and the `$` that Samba appends. */
export function userOf(given: Given): string | undefined {
  const word = single('user', given)
  if (word !== undefined && !/^[^\s:/,\p{Cc}-][^\s:/,\p{Cc}]*$/u.test(word)) {
    throw new UsageError(`--user expects the name of a user, such as alice; got ${JSON.stringify(word)}`)
  }
  return word
}

/** A container's name or id, as the engine takes it. @see https://github.com/moby/moby/blob/v28.5.2/daemon/names/names.go */
export function containerOf(given: Given): string | undefined {
  const word = single('container', given)
  if (word !== undefined && !CONTAINER_NAME.test(word)) {
    throw new UsageError(
      `--container expects a container's name or id, such as web; got ${JSON.stringify(word)}`,
    )
  }
  return word
}

export const CONTAINER_NAME: RegExp = /^\/?[a-zA-Z0-9][a-zA-Z0-9_.-]*$/

export function oneOf<const T extends string>(
  option: string,
  given: Given,
  known: readonly T[],
): T | undefined {
  const word = single(option, given)
  if (word === undefined) return undefined
  const found = known.find((name) => name === word)
  if (found === undefined) throw unknownName(option, word, known)
  return found
}
