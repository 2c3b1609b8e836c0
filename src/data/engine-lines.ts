/** The release lines of Docker Engine and the API levels that they speak. */

export interface EngineLine {
  /** The first numbers of its versions, e.g. `28` or `20.10`. */
  readonly line: string
  /** The day after which Docker makes no more fixes for it, RFC 3339; null while it is maintained. */
  readonly end: string | null
}

/** Newest first; as of 2026-08. @see https://endoflife.date/docker-engine */
export const ENGINE_LINES: readonly EngineLine[] = [
  { line: '29', end: null },
  { line: '28', end: '2026-05-13' },
  { line: '27', end: '2025-05-03' },
  { line: '26.1', end: '2025-02-17' },
  { line: '26.0', end: '2024-06-08' },
  // Kept alive past the newer lines as the base of Mirantis Container Runtime.
  { line: '25.0', end: '2026-12-04' },
  { line: '24.0', end: '2024-06-08' },
  { line: '23.0', end: '2025-05-19' },
  { line: '20.10', end: '2023-12-10' },
  { line: '19.03', end: '2021-01-08' },
  { line: '18.09', end: '2019-08-22' },
  { line: '18.06', end: '2019-05-31' },
  { line: '17', end: '2018-12-31' },
]

/**
 * The newest API that a client of a version speaks, by the first version that does.
 * @see https://docs.docker.com/reference/api/engine/#api-version-matrix
 */
export const CLIENT_API: readonly (readonly [version: string, api: string])[] = [
  ['1.12', '1.24'],
  ['1.13', '1.25'],
  ['17.06', '1.30'],
  ['17.12', '1.35'],
  ['18.06', '1.38'],
  ['18.09', '1.39'],
  ['19.03', '1.40'],
  ['20.10', '1.41'],
  ['23.0', '1.42'],
  ['24.0', '1.43'],
  ['25.0', '1.44'],
  ['26.0', '1.45'],
  ['27.0', '1.46'],
  ['27.2', '1.47'],
  ['28.0', '1.48'],
  ['28.1', '1.49'],
  ['28.2', '1.50'],
  ['28.3', '1.51'],
  ['29.0', '1.52'],
  ['29.2', '1.53'],
  ['29.3', '1.54'],
  ['29.6', '1.55'],
]
