/** Looks into JSON of unknown shape without trusting it: what is not as expected reads as empty. */

import { Unavailable } from '../model/fact.ts'

export type JsonRecord = Readonly<Record<string, unknown>>

/** For `parse` of a fact: the value of a text that should be JSON. What is none makes the fact unavailable. */
export function jsonOf(text: string, source: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new Unavailable({ source, state: 'failed', reason: 'what it answers is no JSON' })
  }
}

/** The object that a text holds as JSON; null where it is none at all. */
export function recordIn(text: string): JsonRecord | null {
  try {
    return recordOf(JSON.parse(text))
  } catch {
    return null
  }
}

export const recordOf = (value: unknown): JsonRecord =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonRecord) : {}

export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

/** A word, a number, or true and false, as text; empty for anything else, which may not even have a text. */
export const wordOf = (value: unknown): string =>
  ['string', 'number', 'boolean'].includes(typeof value) ? String(value) : ''

export const numberOf = (value: unknown): number | null =>
  typeof value === 'number' && Number.isFinite(value) ? value : null

/** The strings of a list; anything else in it is passed over. */
export const textsOf = (value: unknown): readonly string[] =>
  listOf(value).filter((item): item is string => typeof item === 'string')

/** Pairs such as `/info`'s DriverStatus: `[["Backing Filesystem", "extfs"], …]`. */
export const pairsOf = (value: unknown): ReadonlyMap<string, string> =>
  new Map(listOf(value).map((pair) => [textOf(listOf(pair)[0]), textOf(listOf(pair)[1])]))
