/**
 * Facts: typed values parsed from readings or derived from other facts.
 * A fact names its sources as data, so that a run can be planned, listed, recorded and replayed.
 */
import type { MissingReading, MissingState, Reading } from './reading.ts'
import type { Payload, Source } from './source.ts'

/** A source whose absence is a value (`null`) rather than a reason not to know. */
export interface OrAbsent<S extends Source = Source> {
  readonly lens: 'orAbsent'
  readonly source: S
}
/** A source whose whole reading, whatever its state, is handed to `parse`. */
export interface AsReading<S extends Source = Source> {
  readonly lens: 'asReading'
  readonly source: S
}
export type Ask = Source | OrAbsent | AsReading
export type Asks = Readonly<Record<string, Ask>>

export const orAbsent = <S extends Source>(source: S): OrAbsent<S> => ({ lens: 'orAbsent', source })
export const asReading = <S extends Source>(source: S): AsReading<S> => ({ lens: 'asReading', source })
export const sourceOf = (ask: Ask): Source => ('lens' in ask ? ask.source : ask)

export type Asked<A extends Ask> =
  A extends OrAbsent<infer S>
    ? Payload<S> | null
    : A extends AsReading<infer S>
      ? Reading<S>
      : A extends Source
        ? Payload<A>
        : never
export type AskedAll<R extends Asks> = { readonly [K in keyof R]: Asked<R[K]> }

/** Why a fact is not known: the source at fault, its state, what the system said. */
export interface Unreadable {
  readonly source: string
  readonly state: MissingState
  readonly reason: string
}

/** Thrown by `parse` when what it was given does not let it say the fact. Becomes `unknown`, never a crash. */
export class Unavailable extends Error {
  readonly why: Unreadable
  constructor(why: Unreadable) {
    super(`${why.source}: ${why.reason}`)
    this.name = 'Unavailable'
    this.why = why
  }
}

/** For `parse`: gives up with a missing reading as the reason. */
export function unavailable(source: string, reading: MissingReading): never {
  throw new Unavailable({ source, state: reading.state, reason: reading.reason })
}

export interface Fact<T> {
  readonly name: string
  /** One sentence: what the value means, with units. */
  readonly about: string
  readonly needs: Needs
  /** The sources, from the needed facts where they decide what is read next. */
  readonly reads: Asks | ((needs: never) => Asks)
  /** Says in words what a `reads` function would read, for `snapshot --list`. */
  readonly reading?: string
  readonly parse: (readings: never, needs: never) => T
}

/** A needed fact that may be unavailable: the value then comes as {@link Known}. */
export interface Maybe<T> {
  readonly maybe: Fact<T>
}
export type Known<T> =
  | { readonly known: true; readonly value: T }
  | { readonly known: false; readonly why: Unreadable }

export const maybe = <T>(fact: Fact<T>): Maybe<T> => ({ maybe: fact })

export type Need = Fact<unknown> | Maybe<unknown>
export type Needs = Readonly<Record<string, Need>>
export const factOf = (need: Need): Fact<unknown> => ('maybe' in need ? need.maybe : need)
export type Value<N extends Need> = N extends Maybe<infer T> ? Known<T> : N extends Fact<infer T> ? T : never
export type Values<N extends Needs> = { readonly [K in keyof N]: Value<N[K]> }

type None = Record<never, never>

/** A fact read from sources, derived from facts, or both (facts first, then sources that they point to). */
export function defineFact<T, N extends Needs = None, R extends Asks = None>(spec: {
  readonly name: string
  readonly about: string
  readonly needs?: N
  readonly reads?: R | ((needs: Values<N>) => R)
  readonly reading?: string
  readonly parse: (readings: AskedAll<R>, needs: Values<N>) => T
}): Fact<T> {
  return { needs: {}, reads: {}, ...spec } as Fact<T>
}
