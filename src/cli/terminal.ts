/** What a stream can show. */
import type { Look } from '../../reports/look.ts'

export interface Stream {
  readonly isTTY?: boolean
  readonly columns?: number
}
type Environment = Readonly<Record<string, string | undefined>>

const DEFAULT_WIDTH = 80
const NARROWEST = 40
const WIDEST = 120

/** Consoles that show ASCII only, or nothing but text. */
const POOR: ReadonlySet<string | undefined> = new Set(['linux', 'dumb'])

/** @param wanted false where `--no-color` was given */
export function hasColour(stream: Stream, env: Environment, wanted = true): boolean {
  if (!wanted) return false
  const forced = env.FORCE_COLOR
  if (forced !== undefined) return forced !== '0' && forced !== 'false'
  if (env.NO_COLOR) return false
  return stream.isTTY === true && env.TERM !== 'dumb'
}

export function hasUnicode(env: Environment): boolean {
  const locale = env.LC_ALL || env.LC_CTYPE || env.LANG || ''
  return /utf-?8/i.test(locale) && !POOR.has(env.TERM)
}

export function widthOf(stream: Stream, env: Environment): number {
  const told = stream.columns || Number(env.COLUMNS) || DEFAULT_WIDTH
  return Math.min(WIDEST, Math.max(NARROWEST, told))
}

/** Whether something may be drawn that is drawn over again. */
export const isInteractive = (stream: Stream, env: Environment): boolean =>
  stream.isTTY === true && !env.CI && env.TERM !== 'dumb'

export const lookOf = (
  stream: Stream,
  env: Environment,
  { color, detail }: { readonly color: boolean; readonly detail: Look['detail'] },
): Look => ({
  width: widthOf(stream, env),
  colour: hasColour(stream, env, color),
  unicode: hasUnicode(env),
  detail,
})
