/** Whom the packets to the named container come from, where somebody is named. */
import { type AsReading, asReading, defineFact, type Fact, maybe, unavailable } from '../model/fact.ts'
import { missing } from '../model/reading.ts'
import { type ProbeSource, probe, sourceKey } from '../model/source.ts'
import { formatCidr, networkOf, parseAddress, parseCidr } from '../net/cidr.ts'
import { type Container, containers } from './engine.ts'
import { containerNamed } from './named-container.ts'
import { settings } from './settings.ts'

export interface NamedPeer {
  /** As it was asked for. */
  readonly text: string
  /** An IPv4 address of it; of a block, the first that a host may have. */
  readonly address: string
  /** Where a block of addresses is asked for, as `10.0.0.0/24`. */
  readonly block: string | null
  /** Where it is a container of this engine. */
  readonly container: Container | null
}

const LOCALHOST = 'localhost'

/** An address of a block that a host may have. */
function memberOf(text: string): string | null {
  const cidr = parseCidr(text)
  if (cidr?.family !== 4) return null
  const first = formatCidr(cidr).split('/')[0] ?? ''
  const own = parseAddress(text.split('/')[0] ?? '')
  if (cidr.prefix >= 31 || !own || own.value !== cidr.first) return text.split('/')[0] ?? null
  const last = first.replace(/\d+$/, (end) => String(Number(end) + 1))
  return networkOf(last, cidr.prefix) ? last : null
}

/** A block; an address with the length of its network's prefix is that one address. */
function blockOf(text: string): string | null {
  const cidr = parseCidr(text)
  const own = parseAddress(text.split('/')[0] ?? '')
  return cidr && cidr.prefix < 32 && own?.value === cidr.first ? text : null
}

/** Of several addresses the one in a network that both are in. */
function addressFor(peer: Container, other: Container | undefined): string | undefined {
  const own = [...peer.addresses].filter(([, address]) => address !== '')
  return (own.find(([network]) => other?.addresses.has(network)) ?? own[0])?.[1]
}

interface Asked {
  readonly text: string
  readonly address: string | null
  readonly container: Container | null
  /** It is a name that has to be resolved, and may be. */
  readonly ask: boolean
}

const asked: Fact<Asked | null> = defineFact({
  name: 'askedPeer',
  about: 'Whom packets come from, as the user says it; null where nobody is named.',
  needs: { settings, containers: maybe(containers) },
  parse: (_, { settings, containers }): Asked | null => {
    const { way } = settings
    const text = way?.from
    if (text === undefined) return null
    if (text === LOCALHOST) return { text, address: '127.0.0.1', container: null, ask: false }
    const address = memberOf(text)
    const all = containers.known ? containers.value : []
    const byName = address === null ? containerNamed(all, text) : undefined
    const own = byName && addressFor(byName, containerNamed(all, settings.container ?? ''))
    const ask = address === null && !own && way?.passive !== true
    return { text, address: address ?? own ?? null, container: byName ?? null, ask }
  },
})

const ask = (name: string): ProbeSource => probe(`dns://${name}`)

export const namedPeer: Fact<NamedPeer | null> = defineFact({
  name: 'namedPeer',
  about: 'Whom packets to the named container come from; null where nobody is named.',
  needs: { asked },
  reads: ({ asked }): Record<string, AsReading<ProbeSource>> =>
    asked?.ask ? { answer: asReading(ask(asked.text)) } : {},
  reading: 'probe dns:// of the host that packets come from (where it is a name)',
  parse: ({ answer }, { asked }): NamedPeer | null => {
    if (!asked) return null
    const { text, address, container } = asked
    if (address !== null) return { text, address, block: blockOf(text), container }
    const found = answer?.state === 'ok' ? (answer.value.addresses ?? []) : []
    const resolved = found.find((one) => parseAddress(one)?.family === 4)
    if (resolved !== undefined) return { text, address: resolved, block: null, container }
    const reason = answer ? `${text} has no IPv4 address` : `${text} is a name, and nobody is asked for it`
    return unavailable(
      sourceKey(ask(text)),
      answer && answer.state !== 'ok' ? answer : missing('failed', reason),
    )
  },
})
