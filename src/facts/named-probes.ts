/**
 * The few packets that are really sent: from this host to the named container, and out of the container's own network to one target.
 * Nothing is sent with `--passive`, nor where there is nobody to send to: then an answer is null.
 */
import {
  type AsReading,
  asReading,
  defineFact,
  type Fact,
  type Known,
  maybe,
  unavailable,
} from '../model/fact.ts'
import { type ProbeAnswer, type ProbeSource, probe } from '../model/source.ts'
import { isLoopback, parseAddress } from '../net/cidr.ts'
import type { HostsEntry } from '../net/hosts-file.ts'
import { movedCounters, type StopCounter } from '../net/rule-counters.ts'
import { cables, innerHosts, innerResolvers } from './container-namespace.ts'
import { innerProcess, namedContainer } from './named-container.ts'
import { HUB_HOST, type NamedTarget, namedTarget } from './named-target.ts'
import { namedWay } from './named-way.ts'
import { type ProbeEnd, type ProbePaths, probePaths } from './probe-paths.ts'
import { settings } from './settings.ts'
import { countingPrograms, type Tally, type TallyAsks, talliesBefore, tallyAsks, tallyIn } from './tallies.ts'
import { addressWithoutAsking, closedNetwork } from './target-place.ts'

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
  /** Who answered; where nobody did, the first. */
  readonly server: string
  readonly name: string
  readonly answer: ProbeAnswer
  /** Those that did not answer. */
  readonly silent: readonly string[]
}

/** The C library asks no more. @see https://man7.org/linux/man-pages/man5/resolv.conf.5.html (MAXNS) */
const MOST_SERVERS = 3

const serversIn = (all: readonly string[]): readonly string[] =>
  all.filter((one) => parseAddress(one)?.family === 4).slice(0, MOST_SERVERS)

const nameFor = (target: NamedTarget | null, hosts: Known<readonly HostsEntry[]>): string =>
  target === null || addressWithoutAsking(target.host, hosts.known ? hosts.value : [])
    ? HUB_HOST
    : target.host

/** The name servers of the container, asked from inside it for the target, or for whom the engine would ask. */
export const insideNames: Fact<InsideNames | null> = defineFact({
  name: 'insideNames',
  about: 'Whether the name servers of the named container answer it; null where nobody is asked.',
  needs: {
    settings,
    pid: innerProcess,
    target: namedTarget,
    hosts: maybe(innerHosts),
    closed: maybe(closedNetwork),
    servers: innerResolvers,
    // So that what stops the query is counted.
    before: maybe(talliesBefore),
  },
  reads: ({ settings, pid, target, hosts, closed, servers }): Record<string, AsReading<ProbeSource>> => {
    const name = nameFor(target, hosts)
    // Nobody outside answers there.
    const isVain = closed.known && closed.value !== null && (!target?.isAsked || name !== target.host)
    if (!pid || settings.way?.passive || isVain) return {}
    return Object.fromEntries(
      serversIn(servers).map((server) => [
        server,
        asReading(probe(`dns://${server}/${name}`, { inside: pid, timeoutMs: TIMEOUT_MS })),
      ]),
    )
  },
  reading: 'probe dns:// of its name servers from inside the named container (not with --passive)',
  parse: (readings, { target, hosts }) => {
    const asked = Object.entries(readings)
    const told = asked.flatMap(([server, reading]) =>
      reading.state === 'ok' ? [{ server, answer: reading.value }] : [],
    )
    const best = told.find(({ answer }) => answer.ok) ?? told[0]
    const [[server, reading] = []] = asked
    if (!best) return server && reading && reading.state !== 'ok' ? unavailable(server, reading) : null
    const silent = told.filter(({ answer }) => !answer.ok).map((one) => one.server)
    return { ...best, name: nameFor(target, hosts), silent }
  },
})

/** Rules and policies of this host that stopped the query meanwhile: read only where no name server answered. */
export const namesLeftBehind: Fact<readonly StopCounter[]> = defineFact({
  name: 'namesLeftBehind',
  about: 'The counters that moved on this host while the named container asked its name server in vain.',
  needs: {
    before: talliesBefore,
    names: insideNames,
    pid: innerProcess,
    programs: countingPrograms,
    paths: probePaths,
  },
  reads: ({ names, pid, programs }): TallyAsks =>
    pid && names && !names.answer.ok ? tallyAsks('afterNames', programs, pid) : {},
  reading:
    '$ iptables-save -c -c and $ nft -j --handle list ruleset (where no name server of the container answered it)',
  parse: (readings, { before, names, paths }): readonly StopCounter[] => {
    if (!before || !names || names.answer.ok) return []
    const end = { address: names.server, port: 53, proto: 'udp' } as const
    return stoppedMeanwhile(before, tallyIn(readings), end, paths)
  },
})

/** Counters that moved, of what the probe or its answer may have come to. */
function stoppedMeanwhile(before: Tally, after: Tally, end: ProbeEnd, paths: ProbePaths): StopCounter[] {
  const hooks = paths.hooksOf(end)
  return movedCounters(before.stoppedOn(hooks), after.stoppedOn(hooks)).filter((one) =>
    paths.mayMeet(end, one),
  )
}

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
    hosts: maybe(innerHosts),
    closed: maybe(closedNetwork),
    names: maybe(insideNames),
    before: maybe(talliesBefore),
  },
  reads: ({ settings, pid, target, hosts, closed, names }): Probes => {
    const address = addressOf(target, hosts, names.known ? names.value : null)
    const isVain = closed.known && closed.value !== null && !target?.isAsked
    return pid && target && address && !settings.way?.passive && !isVain
      ? {
          answer: probe(`tcp://${address}:${target.port}`, {
            inside: pid,
            timeoutMs: OUTSIDE_TIMEOUT_MS,
          }),
        }
      : {}
  },
  reading: 'probe tcp:// of its target from inside the named container (not with --passive)',
  parse: ({ answer }, { target, hosts, names }) => {
    const address = addressOf(target, hosts, names.known ? names.value : null)
    return answer && target && address ? { ...target, address, answer } : null
  },
})

function addressOf(
  target: NamedTarget | null,
  hosts: Known<readonly HostsEntry[]>,
  names: InsideNames | null,
): string | null {
  if (target === null) return null
  const known = addressWithoutAsking(target.host, hosts.known ? hosts.value : [])
  if (known !== null || names?.name !== target.host) return known
  return names.answer.addresses?.find((one) => !isLoopback(one)) ?? null
}

/** It got no connection. */
const failed = (out: OutsideAnswer | null): out is OutsideAnswer => out !== null && !out.answer.ok

export interface Traces {
  /** Rules and policies that stopped packets meanwhile, which the probe or its answer may have come to. */
  readonly stopped: readonly StopCounter[]
  /** "Unreachable" messages that this host sent meanwhile; null where not told. */
  readonly sent: number | null
  /** Those that the container got, and that it sent. */
  readonly got: number | null
  readonly said: number | null
}

/** What the packets left behind on this host: read only where the container got no connection. */
export const leftBehind: Fact<Traces | null> = defineFact({
  name: 'leftBehind',
  about: 'The counters that moved on this host while the named container tried to reach its target.',
  needs: {
    before: talliesBefore,
    out: insideOut,
    pid: innerProcess,
    programs: countingPrograms,
    paths: probePaths,
  },
  reads: ({ out, pid, programs }): TallyAsks => (pid && failed(out) ? tallyAsks('after', programs, pid) : {}),
  reading:
    '$ iptables-save --counters, $ nft --json --handle list ruleset and /proc/self/net/snmp (where the container did not reach its target)',
  parse: (readings, { before, out, paths }): Traces | null => {
    if (!before || !failed(out)) return null
    const after = tallyIn(readings)
    const more = (one: number | null, two: number | null): number | null =>
      one === null || two === null ? null : Math.max(0, two - one)
    return {
      stopped: stoppedMeanwhile(before, after, { ...out, proto: 'tcp' }, paths),
      sent: more(before.sent, after.sent),
      got: more(before.got, after.got),
      said: more(before.said, after.said),
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
    failed(out) && !isLoopback(out.address)
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
