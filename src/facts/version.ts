/** Versions as engines and distributions write them: `20.10.24+dfsg1`, `v29.0.0-rc.1`, `27.3`. */
import coerce from 'semver/functions/coerce.js'
import compare from 'semver/functions/compare.js'

/** Is `version` at least `least`? Unknown versions count as older than anything. */
export function atLeast(version: string | null, least: string): boolean {
  const [a, b] = [coerce(version), coerce(least)]
  return a !== null && b !== null && compare(a, b) >= 0
}
