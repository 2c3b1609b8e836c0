/** Follows a packet's way hop by hop, and stops at the first that stops it. */
import { catalogue } from '../../engine/catalogue.ts'
import { evaluate } from '../../engine/evaluate.ts'
import { evidenceForPass } from '../../engine/evidence.ts'
import { causesNamed, explain, rootCauses } from '../../engine/explain.ts'
import { FactStore, keysOf } from '../../engine/facts.ts'
import { renderFixes } from '../../engine/fixes.ts'
import { OFFLINE, Reader } from '../../engine/reader.ts'
import { AT_ONCE, contentOf, presets } from '../../engine/run.ts'
import { containers, runningEngine } from '../../facts/engine.ts'
import { containerNamed, namedContainer } from '../../facts/named-container.ts'
import { namedPeer } from '../../facts/named-peer.ts'
import { namedTarget } from '../../facts/named-target.ts'
import { type NamedWay, namedWay } from '../../facts/named-way.ts'
import type { Settings } from '../../facts/settings.ts'
import type { Host } from '../../hosts/host.ts'
import type { Check } from '../../model/check.ts'
import { InputError } from '../../model/errors.ts'
import { type Fact, Unavailable } from '../../model/fact.ts'
import { missing } from '../../model/reading.ts'
import type { FindingReport, Result } from '../../model/report.ts'
import { sourceKey } from '../../model/source.ts'
import { UnknownContainer } from '../unknown-container.ts'
import { type Asked, HOPS, type HopSpec } from './hops.ts'
import type { Hop, HopCause, HopState, TraceReport } from './model.ts'
import { narrow } from './narrow.ts'

export interface TraceOptions {
  readonly settings: Settings
  /** Seconds that all of it may take. */
  readonly timeoutS: number
  readonly version: string
  readonly signal: AbortSignal
}

/**
 * @throws {UnknownContainer}
 * @throws {InputError} where the peer has no address
 * @throws {Unavailable} where no engine runs here, or it does not say
 */
export async function trace(host: Host, options: TraceOptions): Promise<TraceReport> {
  const started = performance.now()
  const deadline = new AbortController()
  const timer = setTimeout(() => deadline.abort(), options.timeoutS * 1000)
  const signal = AbortSignal.any([deadline.signal, options.signal])
  const offline = options.settings.way?.passive ?? false
  const reader = new Reader(host, { signal, atOnce: AT_ONCE, offline })
  try {
    const tracer = new Tracer(reader, quietly(reader, host, signal), options)
    const about = await tracer.about()
    const hops = await tracer.walk(about.way)
    const broken = hops.find(({ state }) => state === 'broken')
    return {
      schemaVersion: 1,
      tool: { name: 'seaworthy', version: options.version },
      ...about.report,
      verdict: broken ? 'broken' : hops.some(({ state }) => state === 'unseen') ? 'undetermined' : 'whole',
      broken: broken?.id ?? null,
      hops,
      durationMs: Math.round(performance.now() - started),
    }
  } finally {
    clearTimeout(timer)
  }
}

type About = Pick<TraceReport, 'container' | 'from' | 'to' | 'passive'>

/** What explains a broken hop is looked for in what can be read: nothing more is sent for it. */
function quietly(reader: Reader, host: Host, signal: AbortSignal): Reader {
  const read: Host['read'] = (source) => {
    const isNew = source.kind === 'probe' && !reader.readings.has(sourceKey(source))
    return isNew ? Promise.resolve(missing('notRecorded', OFFLINE)) : reader.read(source)
  }
  return new Reader({ kind: host.kind, read }, { signal, atOnce: AT_ONCE, offline: false })
}

class Tracer {
  readonly #reader: Reader
  readonly #quiet: Reader
  readonly #options: TraceOptions
  readonly #base: FactStore

  constructor(reader: Reader, quiet: Reader, options: TraceOptions) {
    this.#reader = reader
    this.#quiet = quiet
    this.#options = options
    this.#base = this.#store()
  }

  #store(reader = this.#reader): FactStore {
    return new FactStore(reader, presets(this.#options))
  }

  async #must<T>(fact: Fact<T>): Promise<T> {
    const { outcome } = await this.#base.get(fact)
    if (!outcome.known) throw new Unavailable(outcome.why)
    return outcome.value
  }

  async about(): Promise<{ way: NamedWay; report: About }> {
    const [engine, all] = await Promise.all([this.#must(runningEngine), this.#must(containers)])
    if (!engine) throw new Unavailable({ source: 'the engine', state: 'absent', reason: 'none runs here' })
    const asked = this.#options.settings.container ?? ''
    if (!containerNamed(all, asked))
      throw new UnknownContainer(
        asked,
        all.map(({ name }) => name),
      )
    await this.#knownPeer()
    const [named, way, target] = await Promise.all([
      this.#must(namedContainer),
      this.#must(namedWay),
      this.#base.get(namedTarget),
    ])
    if (!named || !way) throw new Error('no container is named')
    const to = target.outcome.known ? target.outcome.value : null
    const { port, published, kind, network } = way
    return {
      way,
      report: {
        container: {
          name: way.name,
          id: named.container.id.slice(0, 12),
          address: way.address,
          network: network?.name ?? (kind === 'none' ? null : kind),
          port: port ? `${port.port}/${port.protocol}` : null,
          published: published ? `${published.ip || '0.0.0.0'}:${published.port}` : null,
        },
        from: way.peer?.text ?? null,
        to: to ? `${to.host}:${to.port}` : null,
        passive: this.#options.settings.way?.passive ?? false,
      },
    }
  }

  async #knownPeer(): Promise<void> {
    const { outcome } = await this.#base.get(namedPeer)
    if (!outcome.known) throw new InputError(`--from: ${outcome.why.reason}`)
  }

  /** One after the other: what comes behind the broken hop is not asked, and nothing is sent for it. */
  async walk(way: NamedWay): Promise<Hop[]> {
    const sides = {
      in: await narrow(this.#base, this.#store(), 'in'),
      out: await narrow(this.#base, this.#store(), 'out'),
    }
    const hops: Hop[] = []
    let broken: Hop | undefined
    for (const spec of HOPS) {
      const hop = broken
        ? skipped(spec, `comes after ${broken.id}`)
        : spec.needsBridge && way.kind !== 'bridge'
          ? skipped(spec, `${way.name} hangs on no bridge of this host`)
          : await this.#judge(spec, sides[spec.side])
      if (hop.state === 'broken') broken = hop
      hops.push(hop)
    }
    return hops
  }

  async #judge(spec: HopSpec, facts: FactStore): Promise<Hop> {
    const said: Said[] = []
    for (const asked of spec.asks) {
      const check = checkFor(asked)
      const heard = saidOf(asked, await evaluate(check, facts, this.#reader))
      if (heard.state === 'broken') return this.#broken(spec, check, heard)
      said.push(heard.state === 'ok' ? await this.#shown(check, heard, facts) : heard)
    }
    const worst = said.find(({ state }) => state === 'warned') ?? lastOf(said)
    return worst ? hopOf(spec, worst, this.#shellOf(worst.result)) : skipped(spec, '')
  }

  /** What holds rests most on what was read last: what comes first only led there. */
  async #shown(check: Check, { state, result }: Said, facts: FactStore): Promise<Said> {
    const { grounds } = await facts.needs(check.needs)
    return {
      state,
      result: { ...result, evidence: evidenceForPass([...keysOf(grounds)].reverse(), this.#reader.ended) },
    }
  }

  async #broken(spec: HopSpec, check: Check, said: Said): Promise<Hop> {
    const { result, causes } = await this.#explained(spec.side, check, said.result)
    return { ...hopOf(spec, said, result), ...(causes.length > 0 ? { causes } : {}) }
  }

  /** Looks which of the checks that may explain this one fail, too. */
  async #explained(
    side: HopSpec['side'],
    check: Check,
    result: Result,
  ): Promise<{ result: Result; causes: HopCause[] }> {
    const known = [...causesOf(check)]
    const facts = await narrow(this.#base, this.#store(this.#quiet), side)
    const others = await Promise.all(known.map((one) => evaluate(one, facts, this.#quiet)))
    const all = explain([result, ...others], [check, ...known])
    const rendered = renderFixes(all, [], contentOf(this.#reader))
    const own = rendered.find(({ id }) => id === result.id) ?? result
    const roots = new Set(rootCauses(rendered))
    const causes = rendered.filter(
      ({ id }) => id !== result.id && roots.has(id) && leadsTo(id, own, rendered),
    )
    return { result: own, causes: causes.map(causeOf) }
  }

  #shellOf(result: Result): Result {
    return renderFixes([result], [], contentOf(this.#reader))[0] ?? result
  }
}

const checkById = new Map(catalogue.map((check) => [check.id as string, check]))

function checkFor({ check: id, question }: Asked): Check {
  const check = checkById.get(id)
  if (!check) throw new Error(`no check ${id}`)
  return question ? { ...check, ...question } : check
}

/** All checks that may explain it, directly or not, without itself. */
function causesOf(check: Check): Set<Check> {
  const found = new Set<Check>()
  const follow = (one: Check): void => {
    for (const id of causesNamed(one)) {
      const other = checkById.get(id)
      if (!other || other.id === check.id || found.has(other)) continue
      found.add(other)
      follow(other)
    }
  }
  follow(check)
  return found
}

function leadsTo(id: string, result: Result, all: readonly Result[], seen = new Set<string>()): boolean {
  return (result.causedBy ?? []).some((cause) => {
    if (cause === id) return true
    const next = all.find((one) => one.id === cause)
    if (!next || seen.has(cause)) return false
    seen.add(cause)
    return leadsTo(id, next, all, seen)
  })
}

const causeOf = ({ id, finding = '', message, fix }: Result): HopCause => ({
  check: id,
  finding,
  message,
  ...(fix ? { fix } : {}),
})

interface Said {
  readonly state: HopState
  readonly result: Result
}

const BEST_LAST: readonly HopState[] = ['unseen', 'ok', 'skipped']

/** What could not be seen counts most; of those that say the same the last knows most of the container. */
const lastOf = (said: readonly Said[]): Said | undefined =>
  BEST_LAST.map((state) => said.findLast((one) => one.state === state)).find(Boolean)

/** What a check's result means for this hop: findings about something else are left out. */
function saidOf({ breaks, warns = [] }: Asked, result: Result): Said {
  if (result.status === 'unknown') return { state: 'unseen', result }
  if (result.status === 'pass') return { state: 'ok', result }
  if (result.status !== 'fail' && result.status !== 'warn') return { state: 'skipped', result }
  const own: FindingReport = {
    finding: result.finding ?? '',
    level: result.status,
    message: result.message,
    ...(result.fix ? { fix: result.fix } : {}),
  }
  const found = result.findings ?? [own]
  const stops = found.find(({ finding, level }) => (breaks ? breaks.includes(finding) : level === 'fail'))
  const slows = found.find(({ finding }) => warns.includes(finding))
  if (stops) return { state: 'broken', result: about(result, stops) }
  if (slows) return { state: 'warned', result: about(result, slows) }
  return { state: 'ok', result: plain(result) }
}

/** The result as if this were its only finding. */
function about(result: Result, { finding, message, fix }: FindingReport): Result {
  const { findings, fix: _, ...rest } = result
  return { ...rest, status: 'fail', finding, message, ...(fix ? { fix } : {}) }
}

/** What it finds is about something else. */
const plain = ({ finding: _, findings: __, fix: ___, why: ____, ...rest }: Result): Result => ({
  ...rest,
  status: 'pass',
  message: rest.title,
})

const hopOf = ({ id, title, side }: HopSpec, { state }: Said, result: Result): Hop => ({
  ...{ id, title, side, state },
  message: result.message === result.title ? '' : result.message,
  check: result.id,
  ...(result.finding && (state === 'broken' || state === 'warned') ? { finding: result.finding } : {}),
  ...(result.why && (state === 'broken' || state === 'warned') ? { why: result.why } : {}),
  evidence: state === 'skipped' ? [] : result.evidence,
  ...(result.fix && (state === 'broken' || state === 'warned') ? { fix: result.fix } : {}),
})

const skipped = ({ id, title, side, asks }: HopSpec, why: string): Hop => ({
  ...{ id, title, side, state: 'skipped' },
  message: why,
  check: asks[0]?.check ?? '',
  evidence: [],
})
