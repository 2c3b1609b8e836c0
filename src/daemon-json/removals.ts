import removals from '../data/removals.json' with { type: 'json' }
import { atLeast, type EngineVersion } from './version.ts'

/** Something that engines no longer have. */
export interface Removal {
  readonly name: string
  /** The first engine that refuses it. */
  readonly removedIn: string
}

export interface RemovedKey extends Removal {
  /** The first engine that does not even know the name, where that is a later one. */
  readonly unknownFrom?: string | undefined
  /** What to write instead. */
  readonly instead: string
}

export interface Removals {
  readonly keys: readonly RemovedKey[]
  readonly storageDrivers: readonly Removal[]
  readonly logDrivers: readonly Removal[]
  readonly logOptions: readonly Removal[]
}

/** As they were known when this was built. */
export const REMOVALS: Removals = removals

/** An engine that a file is judged for: its version, and what engines no longer have. */
export interface Engine extends EngineVersion {
  readonly removals: Removals
}

export const removedKey = (name: string, { removals }: Engine): RemovedKey | undefined =>
  removals.keys.find((key) => key.name === name)

type Kind = 'keys' | 'storageDrivers' | 'logDrivers' | 'logOptions'

/** The engine that removes it, be that this one, an older or a later one. */
export const removalOf = (kind: Kind, name: string, { removals }: Engine): string | undefined =>
  removals[kind].find((one) => one.name === name)?.removedIn

/** The engine that removed it, where this one is that or a later one. */
export function removedIn(kind: Kind, name: string, engine: Engine): string | undefined {
  const since = removalOf(kind, name, engine)
  return since !== undefined && atLeast(engine, since) ? since : undefined
}
