/** Versions as engines, packages and people write them, compared number by number. Knows nothing of hosts: every part may use it. */

/** Numbers behind an epoch or a `v`, and a pre-release: `20.10.24+dfsg1`, `5:28.5.2-1~debian.12`, `v29.0.0-rc.1`, `1.0.0-rc93`, `27.3`. */
const VERSION = /^\s*(?:\d{1,9}:)?v?(\d{1,9}(?:\.\d{1,9})*)(?:[-~.]?(alpha|beta|rc)[-.]?(\d{1,9}))?/

interface Version {
  readonly numbers: readonly number[]
  /** Ranks the pre-releases of a version before itself. */
  readonly stage: readonly [word: number, number: number]
}

const STAGES = ['alpha', 'beta', 'rc']
const RELEASED = [STAGES.length, 0] as const

/** What is no version has no numbers, and is older than any. */
function parse(text: string): Version {
  const [, numbers, stage, number] = VERSION.exec(text) ?? []
  return {
    numbers: numbers?.split('.').map(Number) ?? [],
    stage: stage ? [STAGES.indexOf(stage), Number(number)] : RELEASED,
  }
}

/** Negative, zero or positive as the first difference tells; missing numbers count as 0. */
export function compareNumbers(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}

/** Negative, zero or positive as `a` is older than, equal to or newer than `b`. A pre-release is older than its release. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [parse(a), parse(b)]
  return compareNumbers(left.numbers, right.numbers) || compareNumbers(left.stage, right.stage)
}

/** Is `version` at least `least`, which is a release? A pre-release has what its release has. Unknown versions count as older than anything. */
export function atLeast(version: string | null, least: string): boolean {
  const { numbers } = parse(version ?? '')
  return numbers.length > 0 && compareNumbers(numbers, parse(least).numbers) >= 0
}

/** From the first version (or any) up to, and without, another. */
export interface VersionRange {
  readonly from?: string | undefined
  readonly before?: string | undefined
}

export const inRange = (version: string, { from, before }: VersionRange): boolean =>
  (from === undefined || compareVersions(version, from) >= 0) &&
  (before === undefined || compareVersions(version, before) < 0)
