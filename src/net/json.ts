import { ParseError } from './parse-error.ts'

/** A JSON object whose members are not yet known to be anything. */
export type JsonObject = Readonly<Record<string, unknown>>

/**
 * The value that a JSON text stands for.
 *
 * @throws {ParseError} when the text is not JSON.
 */
export function parseJson(text: string, format: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new ParseError(format, `not JSON: ${excerpt(text)}`, { cause: error })
  }
}

/**
 * The objects of a JSON array; other elements are left out. An empty text is an empty array, for that is what
 * iproute2 prints when it has nothing to show.
 *
 * @throws {ParseError} when the text is not a JSON array.
 */
export function parseJsonObjects(text: string, format: string): JsonObject[] {
  if (text.trim() === '') return []
  const value = parseJson(text, format)
  if (!Array.isArray(value)) throw new ParseError(format, `not an array: ${excerpt(text)}`)
  return value.filter(isObject)
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** An object's own member, or undefined: a member that every object inherits (`constructor`) is no member. */
export function member(object: JsonObject, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined
}

export function stringAt(object: JsonObject, key: string): string | undefined {
  const value = member(object, key)
  return typeof value === 'string' ? value : undefined
}

export function numberAt(object: JsonObject, key: string): number | undefined {
  const value = member(object, key)
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined
}

/** An array member; anything else is an empty array. */
export function arrayAt(object: JsonObject, key: string): readonly unknown[] {
  const value = member(object, key)
  return Array.isArray(value) ? value : []
}

export function objectAt(object: JsonObject, key: string): JsonObject | undefined {
  const value = member(object, key)
  return isObject(value) ? value : undefined
}

function excerpt(text: string): string {
  return JSON.stringify(text.trim().slice(0, 60))
}

/** Any value as people may read it: an object as JSON, as its own `toString` may be none, and cut where it is long. */
export function printed(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value)
  try {
    const text = JSON.stringify(value)
    return text.length > 200 ? `${text.slice(0, 200)}…` : text
  } catch {
    return '…' // nested beyond what the stack holds
  }
}
