/** What a run would read, and for whom, without reading anything. */
import { hostReport } from '../facts/host-report.ts'
import type { Host } from '../hosts/host.ts'
import type { Check } from '../model/check.ts'
import { type Asks, type Fact, factOf, type Needs, sourceOf } from '../model/fact.ts'
import { missing } from '../model/reading.ts'
import { type Source, sourceKey } from '../model/source.ts'
import { FactStore, type Worked } from './facts.ts'
import { Reader } from './reader.ts'

/** Who wants what the report says of the host itself. */
export const REPORT = 'report'

export interface PlannedSource {
  readonly source: string
  readonly kind: Source['kind']
  /** Ids of checks; `report` for the report's host block. */
  readonly wantedBy: readonly string[]
}
/** Sources that depend on what other sources say. */
export interface PlannedLater {
  readonly fact: string
  /** In words. */
  readonly reading: string
  readonly wantedBy: readonly string[]
}
export interface Plan {
  readonly sources: readonly PlannedSource[]
  readonly later: readonly PlannedLater[]
}

export async function planOf(checks: readonly Check[]): Promise<Plan> {
  const planner = new Planner()
  for (const check of checks) planner.want(check.needs, check.id)
  const report = new Asked()
  await hostReport(report, NOWHERE)
  for (const fact of report.facts) planner.wantFact(fact, REPORT)
  return planner.plan()
}

const NOWHERE: Host = { kind: 'live', read: async () => missing('notRecorded', 'planning') }

/** Notes the facts that are asked for, and knows none. */
class Asked extends FactStore {
  readonly facts = new Set<Fact<unknown>>()

  constructor() {
    super(new Reader(NOWHERE, { signal: new AbortController().signal, atOnce: 1, offline: true }))
  }

  override async get<T>(fact: Fact<T>): Promise<Worked<T>> {
    this.facts.add(fact)
    const why = { source: fact.name, state: 'notRecorded', reason: 'planning' } as const
    return { outcome: { known: false, why }, grounds: { needed: [], keys: [] } }
  }
}

class Planner {
  readonly #sources = new Map<string, { kind: Source['kind']; wantedBy: Set<string> }>()
  readonly #later = new Map<string, { reading: string; wantedBy: Set<string> }>()
  readonly #seen = new Set<string>()

  want(needs: Needs, who: string): void {
    for (const need of Object.values(needs)) this.wantFact(factOf(need), who)
  }

  wantFact(fact: Fact<unknown>, who: string): void {
    const visit = `${who} ${fact.name}`
    if (this.#seen.has(visit)) return
    this.#seen.add(visit)
    this.want(fact.needs, who)
    if (typeof fact.reads === 'function') this.#addLater(fact, who)
    else this.#addSources(fact.reads, who)
  }

  #addLater(fact: Fact<unknown>, who: string): void {
    const reading = fact.reading ?? `what ${fact.name} is read from`
    const entry = this.#later.get(fact.name) ?? { reading, wantedBy: new Set() }
    entry.wantedBy.add(who)
    this.#later.set(fact.name, entry)
  }

  #addSources(asks: Asks, who: string): void {
    for (const ask of Object.values(asks)) {
      const source = sourceOf(ask)
      const key = sourceKey(source)
      const entry = this.#sources.get(key) ?? { kind: source.kind, wantedBy: new Set() }
      entry.wantedBy.add(who)
      this.#sources.set(key, entry)
    }
  }

  plan(): Plan {
    const byName = <T>(entries: Map<string, T>): [string, T][] =>
      [...entries].sort(([a], [b]) => (a < b ? -1 : 1))
    return {
      sources: byName(this.#sources).map(([source, { kind, wantedBy }]) => ({
        source,
        kind,
        wantedBy: [...wantedBy].sort(),
      })),
      later: byName(this.#later).map(([fact, { reading, wantedBy }]) => ({
        fact,
        reading,
        wantedBy: [...wantedBy].sort(),
      })),
    }
  }
}
