/** `fail`: the engine does not start with the file. `warn`: it starts, but the file does not do what it says, or breaks containers later. */
export type Level = 'fail' | 'warn'

/** One thing that is wrong with a daemon.json, where it is, and what to write instead. */
export interface Problem {
  readonly level: Level
  /** 1-based. */
  readonly line: number
  /** 1-based, counted in characters. */
  readonly column: number
  /** The dotted path of the key, or null where the problem is not about one key. */
  readonly key: string | null
  /** A stable id of the kind of problem, in kebab case. */
  readonly finding: string
  readonly message: string
  readonly suggestion: string
}

/** A problem before its offset has been turned into line and column. */
export interface Issue extends Omit<Problem, 'line' | 'column'> {
  readonly offset: number
}

/** A place in the text: every node of the JSON tree is one. */
export interface Place {
  readonly offset: number
}

/** Says that the engine refuses the file. */
export function fail(
  place: Place,
  key: string | null,
  finding: string,
  message: string,
  suggestion: string,
): Issue {
  return { level: 'fail', offset: place.offset, key, finding, message, suggestion }
}

/** Says that the engine takes the file, but that it does not do what it says. */
export function warn(
  place: Place,
  key: string | null,
  finding: string,
  message: string,
  suggestion: string,
): Issue {
  return { ...fail(place, key, finding, message, suggestion), level: 'warn' }
}

const LONGEST_SHOWN = 60

/** A value as it is shown in a message: quoted, on one line, of bounded length. */
export function show(value: string): string {
  const characters = Array.from(value)
  const shown = characters.length > LONGEST_SHOWN ? characters.slice(0, LONGEST_SHOWN).join('') + '…' : value
  return JSON.stringify(shown)
}
