/** "Did you mean …?" */
import { UsageError } from '../model/errors.ts'

/** Names that few enough to be listed where one is not known. */
const FEW = 12

/** The known name that was most likely meant; undefined where none is near. */
export function nearest(word: string, known: Iterable<string>): string | undefined {
  let best: { name: string; distance: number } | undefined
  for (const name of known) {
    const distance = distanceTo(word.toLowerCase(), name)
    if (distance <= slips(name) && distance < (best?.distance ?? Infinity)) {
      best = { name, distance }
    }
  }
  return best?.name
}

/** `unknown profile "swrm"; did you mean swarm?` */
export function unknownName(what: string, word: string, known: readonly string[], hint = ''): UsageError {
  const meant = nearest(word, known)
  const names = known.length > 0 && known.length <= FEW && !hint ? `known: ${known.join(', ')}` : hint
  const help = meant ? `did you mean ${meant}?` : names
  return new UsageError(`unknown ${what} ${JSON.stringify(word)}${help ? `; ${help}` : ''}`)
}

/** How many slips a name of that length is recognised with. */
const slips = (name: string): number =>
  Math.min(3, Math.max(1, Math.floor(name.replace(/^-+/, '').length / 3)))

/** Edits between two names; to leave out the area of a check's id costs one. */
function distanceTo(word: string, name: string): number {
  const withoutArea = name.slice(name.indexOf('/') + 1)
  const whole = edits(word, name)
  return withoutArea === name || word.includes('/') ? whole : Math.min(whole, 1 + edits(word, withoutArea))
}

/** Insertions, deletions, replacements and swaps of neighbours. */
function edits(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, at) => at)]
  const at = (i: number, j: number): number => rows[i]?.[j] ?? Infinity
  for (let i = 1; i <= a.length; i++) {
    rows[i] = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1]
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      const swap = swapped ? at(i - 2, j - 2) + 1 : Infinity
      rows[i]?.push(Math.min(at(i - 1, j) + 1, at(i, j - 1) + 1, at(i - 1, j - 1) + (same ? 0 : 1), swap))
    }
  }
  return at(a.length, b.length)
}
