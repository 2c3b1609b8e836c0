import { KernelConfigError, printable } from './error.ts'

/** A kernel version as [major, minor, patch]; bounds in the tables may leave out what is zero. */
export type Version = readonly [major: number, minor: number, patch?: number]

/** The kernels from `since` (inclusive) up to `before` (exclusive). A missing bound is open. */
export interface VersionRange {
  readonly since?: Version
  readonly before?: Version
}

// Vendor suffixes are free text, but a release is one printable word.
const releaseForm = /^(\d{1,4})\.(\d{1,4})(?:\.(\d{1,6}))?(?![0-9])[\x21-\x7e]*$/
const longestRelease = 200

/**
 * The version in a kernel release as `uname -r` prints it: `5.10.0-8-amd64`, `3.10.0-1160.el7.x86_64`, `6.19-rc1`.
 * A release candidate counts as the version that it leads to.
 * @returns undefined where the text is no kernel release
 */
export function parseRelease(release: string): Version | undefined {
  if (release.length > longestRelease) return undefined
  const [, major, minor, patch] = releaseForm.exec(release) ?? []
  if (major === undefined || minor === undefined) return undefined
  return [Number(major), Number(minor), Number(patch ?? 0)]
}

/**
 * As {@link parseRelease}, for input that must be a release.
 * @throws KernelConfigError naming the text and showing the expected form
 */
export function requireRelease(release: string): Version {
  const version = parseRelease(release)
  if (version !== undefined) return version
  throw new KernelConfigError(
    `not a kernel release: "${printable(release)}" (expected the form of uname -r, such as 5.10.0-8-amd64)`,
  )
}

/** Negative, zero or positive as `a` is older than, equal to or newer than `b`. */
export function compareVersions(a: Version, b: Version): number {
  return a[0] - b[0] || a[1] - b[1] || (a[2] ?? 0) - (b[2] ?? 0)
}

/** Whether a version lies in a range. */
export function inRange(version: Version, { since, before }: VersionRange): boolean {
  if (since !== undefined && compareVersions(version, since) < 0) return false
  return before === undefined || compareVersions(version, before) < 0
}
