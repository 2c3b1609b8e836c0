/** Versions as engines, packages and people write them, compared number by number. Knows nothing of hosts: every part may use it. */
import compare from 'semver/functions/compare.js'

/** Numbers behind an epoch or a `v`, and a pre-release: `20.10.24+dfsg1`, `5:28.5.2-1~debian.12`, `v29.0.0-rc.1`, `1.0.0-rc93`, `27.3`. */
const VERSION = /^\s*(?:\d{1,9}:)?v?(\d{1,9}(?:\.\d{1,9})*)(?:[-~.]?(alpha|beta|rc)[-.]?(\d{1,9}))?/

/** As semver writes it, its first three numbers; null for what is no version. */
function normal(text: string): string | null {
  const [, numbers, stage, number] = VERSION.exec(text) ?? []
  if (numbers === undefined) return null
  const [major = 0, minor = 0, patch = 0] = numbers.split('.').map(Number)
  return `${major}.${minor}.${patch}${stage ? `-${stage}.${Number(number)}` : ''}`
}

/**
 * Negative, zero or positive as `a` is older than, equal to or newer than `b`. A pre-release is older than its release; what is no version
 * is older than any.
 */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [normal(a), normal(b)]
  if (left === null || right === null) return Number(left !== null) - Number(right !== null)
  return compare(left, right)
}

/** Is `version` at least `least`, which is a release? A pre-release has what its release has. Unknown versions count as older than anything. */
export function atLeast(version: string | null, least: string): boolean {
  const released = normal(version ?? '')?.replace(/-.*/, '')
  return released !== undefined && compareVersions(released, least) >= 0
}

/** From the first version (or any) up to, and without, another. */
export interface VersionRange {
  readonly from?: string | undefined
  readonly before?: string | undefined
}

export const inRange = (version: string, { from, before }: VersionRange): boolean =>
  (from === undefined || compareVersions(version, from) >= 0) &&
  (before === undefined || compareVersions(version, before) < 0)
