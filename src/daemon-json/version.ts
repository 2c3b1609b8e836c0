import { compareVersions } from '../versions.ts'

/** An engine version, as far as daemon.json depends on it. */
export interface EngineVersion {
  readonly major: number
  readonly minor: number
  readonly patch: number
  /** Three numbers, without the packager's additions: `20.10.24`. */
  readonly text: string
}

/** The newest engine whose behaviour is described here. */
export const NEWEST_ENGINE = '29.7.2'

const VERSION = /^\s*(?:\d+:)?v?(\d{1,4})(?:\.(\d{1,4}))?(?:\.(\d{1,4}))?(?![\d])/

/**
 * Reads what engines, packages and people write: `20.10.24`, `20.10.24+dfsg1`, `5:28.5.2-1~debian.12`, `v29.0.0-rc.1`, `27.3`.
 * Undefined for anything else. A release candidate counts as its release.
 */
export function parseEngineVersion(text: string): EngineVersion | undefined {
  const [, major, minor = '0', patch = '0'] = VERSION.exec(text) ?? []
  if (major === undefined) return undefined
  const numbers = { major: Number(major), minor: Number(minor), patch: Number(patch) }
  return { ...numbers, text: `${numbers.major}.${numbers.minor}.${numbers.patch}` }
}

/** Whether `version` is `since` (`28`, `28.2`, `29.2.1`) or newer. */
export function atLeast({ text }: EngineVersion, since: string): boolean {
  return compareVersions(text, since) >= 0
}

/** Whether `version` is `since` or newer, and older than `until`. */
export function between(version: EngineVersion, since: string, until: string): boolean {
  return atLeast(version, since) && !atLeast(version, until)
}
