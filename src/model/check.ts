/**
 * A check: one question about the host. Data first (what it needs, what it can find), logic last (`evaluate`, pure and synchronous).
 */

import type { Needs, Unreadable, Values } from './fact.ts'
import type { Fix } from './fix.ts'
import { type Symptom, shows } from './symptom.ts'

export const AREAS = [
  'host',
  'kernel',
  'cgroup',
  'network',
  'firewall',
  'security',
  'storage',
  'engine',
  'registry',
  'container',
] as const
export type Area = (typeof AREAS)[number]
export type CheckId = `${Area}/${string}`
/** A check that explains another one, by whatever it finds, or by one finding of its: `registry/mirrors#badUrl`. */
export type Cause = CheckId | `${CheckId}#${string}`

/**
 * What a host is meant for. `hardening` is another question than readiness: its advice never keeps a host from being ready, so a check that
 * belongs to it alone only warns. `check-config` asks what moby's contrib/check-config.sh asks, and answers as it does.
 */
export const PROFILES = ['docker', 'rootless', 'swarm', 'hardening', 'check-config'] as const
export type Profile = (typeof PROFILES)[number]

export type Level = 'fail' | 'warn'

/** One way in which a check can fail or warn. `message` has `{slots}` that the compiler checks. */
export interface FindingSpec<M extends string = string> {
  readonly level: Level
  readonly message: M
  /** Checks that explain this finding, instead of the check's own `causedBy`. */
  readonly causedBy?: readonly Cause[]
}
export const fail = <const M extends string>(
  message: M,
  options: { causedBy?: readonly Cause[] } = {},
): FindingSpec<M> => ({ level: 'fail', message, ...options })
export const warn = <const M extends string>(
  message: M,
  options: { causedBy?: readonly Cause[] } = {},
): FindingSpec<M> => ({ level: 'warn', message, ...options })

/** The names of the `{slots}` in a message. */
export type Slots<M extends string> = M extends `${string}{${infer Slot}}${infer Rest}`
  ? Slot | Slots<Rest>
  : never
export type SlotValues<M extends string> = { readonly [K in Slots<M>]: string | number }

export type Data = Readonly<Record<string, unknown>>

/** One finding, made. */
export interface Found {
  readonly status: Level
  readonly finding: string
  readonly message: string
  readonly slots: Readonly<Record<string, string | number>>
  readonly fix: Fix | null
  readonly data?: Data
}
export interface Passed {
  readonly status: 'pass'
  readonly message?: string
  readonly data?: Data
}
export interface Skipped {
  readonly status: 'skip'
  readonly message: string
}
export interface Undecided {
  readonly status: 'unknown'
  readonly message: string
  readonly why?: Unreadable
}
/** What `evaluate` says: one outcome, or several findings (none is no outcome: say `report.pass()`). */
export type Outcome = Passed | Skipped | Undecided | Found | readonly [Found, ...Found[]]

export type FindingSpecs = Readonly<Record<string, FindingSpec>>

/** Handed to `evaluate`: makes outcomes. */
export interface Reporter<F extends FindingSpecs> {
  /** A finding: its slots, then the fix, or an explicit `null` where there is none (the check's docs say why). */
  <K extends keyof F & string>(
    finding: K,
    slots: SlotValues<F[K]['message']>,
    fix: Fix | null,
    data?: Data,
  ): Found
  /** The good condition holds; `message` may say how ("iptables 1.8.9 (nf_tables)"). */
  pass(message?: string, data?: Data): Passed
  /** The check does not apply here: why. */
  skip(why: string): Skipped
  /** Cannot tell: why. */
  unknown(why: string | Unreadable): Undecided
  /** The worst of several findings stands first; `otherwise` when there are none. */
  all(found: readonly Found[], otherwise: () => Passed | Skipped | Undecided): Outcome
}

export interface CheckSpec<N extends Needs, F extends FindingSpecs> {
  readonly id: CheckId
  /** States the good condition, at most 60 characters, no full stop. */
  readonly title: string
  /** One sentence: the consequence of it not holding. */
  readonly why: string
  readonly profiles: readonly Profile[]
  readonly needs: N
  readonly findings: F
  /** Checks whose failure explains a failure of this one. */
  readonly causedBy?: readonly Cause[]
  /**
   * What people see of it: messages that this check explains, and its share of what several causes look like. Asked for by `diagnose` alone: some
   * thousand patterns that an ordinary run does without.
   */
  readonly symptoms?: () => readonly (RegExp | Symptom)[]
  /** Reads what only root may read, so that an ordinary user gets `unknown`. */
  readonly needsRoot?: true
  /** Says why a finding has no fix (`null`), by finding id. */
  readonly unfixable?: Readonly<Partial<Record<keyof F & string, string>>>
  evaluate(facts: Values<N>, report: Reporter<F>): Outcome
}

/** A check with its types erased, as the engine holds it. */
export interface Check {
  readonly id: CheckId
  readonly title: string
  readonly why: string
  readonly profiles: readonly Profile[]
  readonly needs: Needs
  readonly findings: FindingSpecs
  readonly causedBy: readonly Cause[]
  readonly symptoms: readonly Symptom[]
  readonly needsRoot?: true
  readonly unfixable: Readonly<Record<string, string>>
  evaluate(facts: never, report: Reporter<FindingSpecs>): Outcome
}

export function defineCheck<N extends Needs, const F extends FindingSpecs>(spec: CheckSpec<N, F>): Check {
  let symptoms: readonly Symptom[] | undefined
  const asked = (): readonly Symptom[] => {
    symptoms ??= (spec.symptoms?.() ?? []).map((one) => (one instanceof RegExp ? shows(one) : one))
    return symptoms
  }
  const check = { causedBy: [], unfixable: {}, ...spec }
  return Object.defineProperty(check, 'symptoms', { get: asked, enumerable: true }) as unknown as Check
}

export const areaOf = (id: CheckId): Area => id.slice(0, id.indexOf('/')) as Area

const LEVELS: readonly Level[] = ['fail', 'warn']

/** Fills a message's slots; an unfilled slot stays visible, which the tester refuses. */
export const fillSlots = (message: string, slots: Readonly<Record<string, string | number>>): string =>
  message.replace(/\{(\w+)\}/g, (hole, name: string) => (name in slots ? String(slots[name]) : hole))

export function reporterFor<F extends FindingSpecs>(findings: F): Reporter<F> {
  const found = (
    finding: string,
    slots: Readonly<Record<string, string | number>>,
    fix: Fix | null,
    data?: Data,
  ): Found => {
    const spec = findings[finding]
    if (!spec) throw new Error(`finding ${JSON.stringify(finding)} is not declared`)
    const message = fillSlots(spec.message, slots)
    return { status: spec.level, finding, message, slots, fix, ...(data ? { data } : {}) }
  }
  return Object.assign(found, {
    pass: (message?: string, data?: Data): Passed => ({
      status: 'pass',
      ...(message ? { message } : {}),
      ...(data ? { data } : {}),
    }),
    skip: (why: string): Skipped => ({ status: 'skip', message: why }),
    unknown: (why: string | Unreadable): Undecided =>
      typeof why === 'string'
        ? { status: 'unknown', message: why }
        : { status: 'unknown', message: `${why.source}: ${why.reason}`, why },
    all: (many: readonly Found[], otherwise: () => Passed | Skipped | Undecided): Outcome => {
      const [first, ...rest] = [...many].sort((a, b) => LEVELS.indexOf(a.status) - LEVELS.indexOf(b.status))
      return first ? [first, ...rest] : otherwise()
    },
  }) as unknown as Reporter<F>
}
