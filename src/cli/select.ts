/** Which checks to run. */
import { AREAS, areaOf, type Check, type Profile } from '../model/check.ts'
import { UsageError } from '../model/errors.ts'
import { nearest, unknownName } from './nearest.ts'

export interface Selection {
  /** Ids and areas; none means all. */
  readonly asked: readonly string[]
  readonly skipped: readonly string[]
  readonly profile: Profile
  /** A container is named, which the checks of area container are about. */
  readonly aboutContainer?: boolean
}

export interface Selected {
  readonly checks: readonly Check[]
  /** What the user should be told about it, a line each. */
  readonly notes: readonly string[]
}

/**
 * The checks of the profile, and those that were asked for by id whatever their profile.
 * @throws {UsageError} for a name that is none, and where nothing is left to run.
 */
export function select(all: readonly Check[], selection: Selection): Selected {
  const { asked, skipped, profile, aboutContainer = false } = selection
  const wanted = asked.length === 0 ? usual(all, aboutContainer) : named(all, asked)
  const unwanted = named(all, skipped)
  const left = all.filter((check) => wanted.has(check) && !unwanted.has(check))
  const byName = (check: Check): boolean => asked.includes(check.id)
  const checks = left.filter((check) => byName(check) || check.profiles.includes(profile))
  const others = checks.filter(({ profiles }) => !profiles.includes(profile))
  const notes = others.map(
    ({ id, profiles }) =>
      `${id} is not part of profile ${profile} (it is of ${profiles.join(', ')}); run as asked`,
  )
  if (checks.length === 0) {
    const elsewhere = [...new Set(left.flatMap(({ profiles }) => profiles))]
    const why = elsewhere.length > 0 ? ` in profile ${profile} (but in ${elsewhere.join(', ')})` : ''
    throw new UsageError(`no check is left to run${why}: see seaworthy list`)
  }
  return { checks, notes }
}

/** Without a container that is named there is nothing that the checks of that area could be about. */
const usual = (all: readonly Check[], aboutContainer: boolean): Set<Check> =>
  new Set(all.filter(({ id }) => aboutContainer || areaOf(id) !== 'container'))

/** The checks that ids and areas name. */
export const named = (all: readonly Check[], names: readonly string[]): Set<Check> =>
  new Set(names.flatMap((name) => checksOf(all, name)))

function checksOf(all: readonly Check[], name: string): readonly Check[] {
  const members = all.filter(({ id }) => id === name || areaOf(id) === name)
  if (members.length > 0) return members
  if (AREAS.some((area) => area === name))
    throw new UsageError(`no check of area ${name} is known to this version`)
  throw unknownCheck(all, name)
}

const COMMANDS = [
  'check',
  'list',
  'explain',
  'fix',
  'diagnose',
  'trace',
  'kernel-config',
  'lint',
  'snapshot',
  'help',
]

/** A word without a slash may have been meant as an area, a check or a command. */
export function unknownCheck(all: readonly Check[], name: string): UsageError {
  const ids = all.map(({ id }) => id as string)
  const hint = 'see seaworthy list'
  if (name.includes('/')) return unknownName('check', name, ids, hint)
  const meant = nearest(name, [...AREAS, ...COMMANDS])
  const known = meant ? [...AREAS, ...COMMANDS] : [...AREAS, ...COMMANDS, ...ids]
  return unknownName('check, area or command', name, known, hint)
}
