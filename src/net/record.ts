/**
 * An empty record without a prototype, safe to fill with names that came from a host
 * (a chain may be called `__proto__` or `constructor`).
 */
export function emptyRecord<T>(): Record<string, T> {
  return Object.create(null) as Record<string, T>
}

/** The object without its undefined members, as `exactOptionalPropertyTypes` wants optional members to be. */
export function defined<T extends object>(members: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  const entries = Object.entries(members).filter(([, value]) => value !== undefined)
  return Object.fromEntries(entries) as { [K in keyof T]: Exclude<T[K], undefined> }
}
