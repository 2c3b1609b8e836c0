/**
 * The few packets that are really sent: from this host to the named container, and out of the container's own network to one target.
 * Nothing is sent with `--passive`, nor where there is nobody to send to: then an answer is null.
 */
import {
  type AsReading,
  asReading,
  defineFact,
  type Fact,
  maybe,
  type OrAbsent,
  orAbsent,
} from '../model/fact.ts'
import type { Reading } from '../model/reading.ts'
import {
  type CommandSource,
  command,
  type FileSource,
  file,
  type ProbeAnswer,
  type ProbeSource,
  probe,
} from '../model/source.ts'
import { isLoopback, parseAddress } from '../net/cidr.ts'
import { nftStopCounters } from '../net/nft-counters.ts'
import { parseNftRuleset } from '../net/nftables.ts'
import { ParseError } from '../net/parse-error.ts'
import { parseSnmpNumber } from '../net/proc-net-snmp.ts'
import { movedCounters, parseStopCounters, type StopCounter } from '../net/rule-counters.ts'
import { cables, innerResolvers } from './container-namespace.ts'
import { nftables, savePrograms } from './firewall.ts'
import { innerProcess, namedContainer } from './named-container.ts'
import { HUB_HOST, namedTarget } from './named-target.ts'
import { namedWay } from './named-way.ts'
import { settings } from './settings.ts'

/** A SYN is sent again after one second and after three; who does not answer the second one does not answer. */
const TIMEOUT_MS = 3_000
/** Longer than the three seconds in which a host gives up asking who has an address: it then says so. @see https://man7.org/linux/man-pages/man7/arp.7.html */
const OUTSIDE_TIMEOUT_MS = 4_000

type Probes = Record<string, ProbeSource>

/** From this host to the container's own address. Null on the network of the host, and for ports that are not TCP. */
export const hostToContainer: Fact<ProbeAnswer | null> = defineFact({
  name: 'hostToContainer',
  about: 'Whether this host gets a connection to the address and port of the named container.',
  needs: { settings, named: namedContainer, way: namedWay },
  reads: ({ settings, named, way }): Probes =>
    named?.pid &&
    way?.kind === 'bridge' &&
    way.address &&
    way.port?.protocol === 'tcp' &&
    !settings.way?.passive
      ? { answer: probe(`tcp://${way.address}:${way.port.port}`, { timeoutMs: TIMEOUT_MS }) }
      : {},
  reading: 'probe tcp:// of the named container (not with --passive)',
  parse: ({ answer }) => answer ?? null,
})

/** From this host to the port that it publishes for the container. */
export const hostToPort: Fact<ProbeAnswer | null> = defineFact({
  name: 'hostToPort',
  about: 'Whether this host gets a connection to the port that it publishes for the named container.',
  needs: { settings, named: namedContainer, way: namedWay },
  reads: ({ settings, named, way }): Probes => {
    if (!named?.pid || !way?.port || way.port.protocol !== 'tcp' || !way.hostAddress || settings.way?.passive)
      return {}
    const port = way.kind === 'host' ? way.port.port : way.published?.port
    return port ? { answer: probe(`tcp://${way.hostAddress}:${port}`, { timeoutMs: TIMEOUT_MS }) } : {}
  },
  reading: 'probe tcp:// of the port that is published for the named container (not with --passive)',
  parse: ({ answer }) => answer ?? null,
})

export interface InsideNames {
  readonly server: string
  readonly name: string
  readonly answer: ProbeAnswer
}

/** The first name server of the container, asked from inside it for the target, or for whom the engine would ask. */
export const insideNames: Fact<InsideNames | null> = defineFact({
  name: 'insideNames',
  about: 'Whether the name server of the named container answers it; null where nobody is asked.',
  needs: { settings, pid: innerProcess, target: namedTarget, servers: innerResolvers },
  reads: ({ settings, pid, target, servers }): Probes => {
    const server = servers.find((one) => parseAddress(one)?.family === 4)
    return pid && server && !settings.way?.passive
      ? {
          answer: probe(`dns://${server}/${nameFor(target?.host)}`, {
            inside: pid,
            timeoutMs: TIMEOUT_MS,
          }),
        }
      : {}
  },
  reading: 'probe dns:// of its name server from inside the named container (not with --passive)',
  parse: ({ answer }, { target, servers }) => {
    const server = servers.find((one) => parseAddress(one)?.family === 4)
    return answer && server ? { server, name: nameFor(target?.host), answer } : null
  },
})

const nameFor = (host: string | undefined): string =>
  host === undefined || parseAddress(host) ? HUB_HOST : host

const NFT = 'nft'

interface Tally {
  readonly counters: readonly StopCounter[]
  /** "Unreachable" messages that this host has sent, and that the container has got; null where not told. */
  readonly sent: number | null
  readonly got: number | null
}

/**
 * What is counted before and after a packet is sent. A source is read once in a run, so the second reading goes by the other name of
 * the same thing.
 */
const NAMES = {
  before: {
    saved: '-c',
    nft: ['--json'],
    own: '/proc/net/snmp',
    inner: (pid: number) => `/proc/${pid}/net/snmp`,
  },
  after: {
    saved: '--counters',
    // In JSON handles are shown anyway.
    nft: ['--json', '--handle'],
    own: '/proc/self/net/snmp',
    inner: (pid: number) => `/proc/${pid}/task/${pid}/net/snmp`,
  },
} as const

type TallyAsks = Record<string, AsReading<CommandSource> | OrAbsent<FileSource>>

const tallyOf = (
  { saved, nft, own, inner }: (typeof NAMES)[keyof typeof NAMES],
  programs: readonly string[],
  pid: number,
): TallyAsks => ({
  own: orAbsent(file(own)),
  inner: orAbsent(file(inner(pid))),
  ...Object.fromEntries(
    programs.map((name) => [
      name,
      asReading(command(name === NFT ? [name, ...nft, 'list', 'ruleset'] : [name, saved])),
    ]),
  ),
})

function tally(readings: Readonly<Record<string, unknown>>): Tally {
  const text = (value: unknown): string => (typeof value === 'string' ? value : '')
  const { own, inner, ...counted } = readings
  return {
    counters: Object.entries(counted).flatMap(([name, reading]) => {
      const one = reading as Reading<CommandSource>
      if (one.state !== 'ok' || one.truncated) return []
      return name === NFT ? nftCounters(one.value.stdout) : parseStopCounters(one.value.stdout)
    }),
    sent: parseSnmpNumber(text(own), 'Icmp', 'OutDestUnreachs'),
    got: parseSnmpNumber(text(inner), 'Icmp', 'InDestUnreachs'),
  }
}

const nftCounters = (text: string): StopCounter[] => {
  try {
    return nftStopCounters(parseNftRuleset(text))
  } catch (error) {
    if (error instanceof ParseError) return []
    throw error
  }
}

/** Those whose listing counts what is stopped: nft only where a rule of its own tables does. */
const countingPrograms: Fact<readonly string[]> = defineFact({
  name: 'countingPrograms',
  about: 'The programs that print how many packets each rule has stopped.',
  needs: { saved: savePrograms, nft: maybe(nftables) },
  parse: (_, { saved, nft }): readonly string[] =>
    nft.known && nft.value && nftStopCounters(nft.value).length > 0 ? [...saved, NFT] : saved,
})

const before: Fact<Tally | null> = defineFact({
  name: 'talliesBefore',
  about: 'What has been dropped and refused on this host before anything is sent.',
  needs: { settings, pid: innerProcess, programs: countingPrograms },
  reads: ({ settings, pid, programs }): TallyAsks =>
    pid && !settings.way?.passive ? tallyOf(NAMES.before, programs, pid) : {},
  reading: '$ iptables-save -c, $ nft --json list ruleset and /proc/net/snmp (where something is sent)',
  parse: (readings, { pid }) => (pid ? tally(readings) : null),
})

export interface OutsideAnswer {
  readonly host: string
  readonly port: number
  readonly address: string
  readonly isAsked: boolean
  readonly answer: ProbeAnswer
}

/** From inside the container to the target. Null where it has no address, which the name server is to blame for. */
export const insideOut: Fact<OutsideAnswer | null> = defineFact({
  name: 'insideOut',
  about: 'Whether the named container gets a connection to its target; null where nobody is asked.',
  needs: {
    settings,
    pid: innerProcess,
    target: namedTarget,
    names: maybe(insideNames),
    before: maybe(before),
  },
  reads: ({ settings, pid, target, names }): Probes => {
    const address = addressOf(target?.host, names.known ? names.value : null)
    return pid && target && address && !settings.way?.passive
      ? {
          answer: probe(`tcp://${address}:${target.port}`, {
            inside: pid,
            timeoutMs: OUTSIDE_TIMEOUT_MS,
          }),
        }
      : {}
  },
  reading: 'probe tcp:// of its target from inside the named container (not with --passive)',
  parse: ({ answer }, { target, names }) => {
    const address = addressOf(target?.host, names.known ? names.value : null)
    return answer && target && address ? { ...target, address, answer } : null
  },
})

function addressOf(host: string | undefined, names: InsideNames | null): string | null {
  if (host === undefined) return null
  if (parseAddress(host)?.family === 4) return host
  return names?.name === host ? (names.answer.addresses?.find((one) => !isLoopback(one)) ?? null) : null
}

/** It got no connection. */
const failed = (out: OutsideAnswer | null): out is OutsideAnswer => out !== null && !out.answer.ok

export interface Traces {
  /** Rules and policies that stopped packets meanwhile. */
  readonly stopped: readonly StopCounter[]
  /** "Unreachable" messages that this host sent meanwhile. */
  readonly sent: number
  /** Those that the container got. */
  readonly got: number
}

/** What the packets left behind on this host: read only where the container got no connection. */
export const leftBehind: Fact<Traces | null> = defineFact({
  name: 'leftBehind',
  about: 'The counters that moved on this host while the named container tried to reach its target.',
  needs: { before, out: insideOut, pid: innerProcess, programs: countingPrograms },
  reads: ({ out, pid, programs }): TallyAsks =>
    pid && failed(out) ? tallyOf(NAMES.after, programs, pid) : {},
  reading:
    '$ iptables-save --counters, $ nft --json --handle list ruleset and /proc/self/net/snmp (where the container did not reach its target)',
  parse: (readings, { before, out }): Traces | null => {
    if (!before || !failed(out)) return null
    const after = tally(readings)
    const more = (one: number | null, two: number | null): number =>
      Math.max(0, (two ?? 0) - (one ?? two ?? 0))
    return {
      stopped: movedCounters(before.counters, after.counters),
      sent: more(before.sent, after.sent),
      got: more(before.got, after.got),
    }
  },
})

/** What this host itself gets of the same target: asked only where the container got nothing. */
export const hostOut: Fact<ProbeAnswer | null> = defineFact({
  name: 'hostOut',
  about: 'Whether this host itself gets the connection that the named container did not get.',
  // Afterwards, so that its own packets are not counted.
  needs: { out: insideOut, left: maybe(leftBehind) },
  reads: ({ out }): Probes =>
    failed(out)
      ? { answer: probe(`tcp://${out.address}:${out.port}`, { timeoutMs: OUTSIDE_TIMEOUT_MS }) }
      : {},
  reading: 'probe tcp:// of the target from this host (where the container did not reach it)',
  parse: ({ answer }) => answer ?? null,
})

/** Where no program listens: who gets the datagram says so. @see https://www.iana.org/assignments/service-names-port-numbers (traceroute) */
const CLOSED_PORT = 33_434
/** Passes everywhere. @see https://www.rfc-editor.org/rfc/rfc791 (3.1) */
const SMALL = 576

export interface WholePackets {
  readonly address: string
  /** Bytes. */
  readonly size: number
  readonly large: ProbeAnswer
  readonly small: ProbeAnswer
}

/** Packets as large as the container sends, that nobody may cut, to a target that the user named. */
export const wholePackets: Fact<WholePackets | null> = defineFact({
  name: 'wholePackets',
  about: 'Whether packets as large as the named container sends get to the target that the user named.',
  needs: { settings, pid: innerProcess, out: insideOut, cables: maybe(cables) },
  reads: ({ settings, pid, out, cables }): Probes => {
    const size = sizeOf(cables.known ? cables.value : null)
    if (!pid || !out?.isAsked || size <= SMALL || settings.way?.passive) return {}
    const ask = (bytes: number): ProbeSource =>
      probe(`udp://${out.address}:${CLOSED_PORT}/${bytes}`, { inside: pid ?? 0, timeoutMs: TIMEOUT_MS })
    return { large: ask(size), small: ask(SMALL) }
  },
  reading:
    'probe udp:// of the target from inside, small and as large as its interface sends (where one is named)',
  parse: ({ large, small }, { out, cables }) =>
    large && small && out
      ? { address: out.address, size: sizeOf(cables.known ? cables.value : null), large, small }
      : null,
})

const sizeOf = (cables: readonly { readonly mtu: number | null }[] | null): number =>
  Math.max(0, ...(cables ?? []).flatMap(({ mtu }) => mtu ?? []))
