/** Whom the host asks for names, whom the engine lets containers ask, and who of them answers. */
import {
  type AsReading,
  asReading,
  defineFact,
  type Fact,
  type OrAbsent,
  orAbsent,
  type Unreadable,
} from '../model/fact.ts'
import type { Reading } from '../model/reading.ts'
import { file, type ProbeSource, probe, type StatSource, sourceKey, stat } from '../model/source.ts'
import { isLoopback, parseAddress } from '../net/cidr.ts'
import { nonLoopbackNameservers, parseResolvConf } from '../net/resolv-conf.ts'
import { daemonSettings } from './daemon-config.ts'
import { resolvConf } from './network.ts'
import { isMask, UNIT_FOLDERS, unitGroups } from './systemd-unit.ts'

const STUB = '127.0.0.53'
/** The network's name servers as systemd-resolved knows them. @see https://www.freedesktop.org/software/systemd/man/systemd-resolved.service.html#/etc/resolv.conf */
export const RESOLVED = '/run/systemd/resolve/resolv.conf'
/** Where those who put a resolver of their own before the network's keep the network's. */
const UPSTREAMS = [RESOLVED, '/run/NetworkManager/no-stub-resolv.conf', '/run/dnsmasq/resolv.conf'] as const

/** What the engine writes into containers when it finds no server for them. @see https://docs.docker.com/engine/network/#dns-services */
export const PUBLIC = ['8.8.8.8', '8.8.4.4'] as const

interface Upstream {
  readonly path: string
  readonly servers: readonly string[]
}

/** The network's own name servers behind a resolver of the host; null where no file tells them. */
export const upstream: Fact<Upstream | null> = defineFact({
  name: 'upstreamResolvers',
  about:
    "The network's name servers behind a local resolver, as systemd-resolved, NetworkManager or dnsmasq keep them.",
  reads: Object.fromEntries(UPSTREAMS.map((path) => [path, orAbsent(file(path))])),
  parse: (texts): Upstream | null => {
    for (const path of UPSTREAMS) {
      const servers = nonLoopbackNameservers(parseResolvConf(texts[path] ?? ''))
      if (servers.length > 0) return { path, servers }
    }
    return null
  },
})

export interface ContainerResolvers {
  readonly servers: readonly string[]
  /** The file that they come from; null where the engine falls back to {@link PUBLIC}. */
  readonly from: string | null
}

/**
 * Whom containers of the default network ask; in networks of their own the engine asks for them, by the host's own servers.
 * The stub of systemd-resolved is replaced only where it is the one server.
 * @see https://github.com/moby/moby/blob/v28.5.2/libnetwork/resolvconf/resolvconf_path.go
 */
export const containerResolvers: Fact<ContainerResolvers> = defineFact({
  name: 'containerResolvers',
  about:
    'The name servers that the engine writes into containers of the default network, and where it has them from.',
  needs: { settings: daemonSettings, resolvConf, upstream },
  parse: (_, { settings, resolvConf, upstream }): ContainerResolvers => {
    const set = settings.list('dns')
    if (set.length > 0) return { servers: set, from: settings.file.path }
    const own = resolvConf?.nameservers ?? []
    if (own.length === 1 && own[0] === STUB && upstream?.path === RESOLVED)
      return { servers: upstream.servers, from: upstream.path }
    const usable = resolvConf ? nonLoopbackNameservers(resolvConf) : []
    const ipv6 = settings.get('ipv6') === true
    const servers = usable.filter((server) => ipv6 || parseAddress(server)?.family === 4)
    return servers.length > 0 ? { servers, from: '/etc/resolv.conf' } : { servers: PUBLIC, from: null }
  },
})

/** Whom the host itself asks: without any in the file, a server of its own. @see https://man7.org/linux/man-pages/man5/resolv.conf.5.html */
export const hostResolvers: Fact<readonly string[]> = defineFact({
  name: 'hostResolvers',
  about:
    'The name servers that the host asks: the first three of /etc/resolv.conf, or its own where there is none.',
  needs: { resolvConf },
  parse: (_, { resolvConf }) => {
    const named = (resolvConf?.nameservers ?? []).filter((server) => parseAddress(server)).slice(0, 3)
    return named.length > 0 ? named : ['127.0.0.1']
  },
})

/** A name that the engine looks up itself; what the answer says of it does not matter. */
const NAME = 'registry-1.docker.io'

export type Answer =
  | { readonly answers: true }
  | { readonly answers: false; readonly reason: string }
  | { readonly answers: null; readonly why: Unreadable }

const question = (server: string): ProbeSource =>
  probe(`dns://${server.includes(':') ? `[${server}]` : server}/${NAME}`)

/** Who of them answers a query, by address. Servers with a zone (`fe80::1%eth0`) are not asked. */
export const resolverAnswers: Fact<ReadonlyMap<string, Answer>> = defineFact({
  name: 'resolverAnswers',
  about: 'Whether each name server of the host and of containers answers.',
  needs: { host: hostResolvers, containers: containerResolvers },
  reads: ({ host, containers }): Record<string, AsReading<ProbeSource>> =>
    Object.fromEntries(
      [...new Set([...host, ...containers.servers])]
        .filter((server) => parseAddress(server) && !server.includes('%'))
        // Within a container a loopback address is the container.
        .filter((server) => host.includes(server) || !isLoopback(server))
        .map((server) => [server, asReading(question(server))]),
    ),
  reading: `a query for ${NAME} to each name server of the host and of containers`,
  parse: (readings): ReadonlyMap<string, Answer> =>
    new Map(Object.entries(readings).map(([server, reading]) => [server, answerOf(server, reading)])),
})

function answerOf(server: string, reading: Reading<ProbeSource>): Answer {
  if (reading.state !== 'ok') {
    const { state, reason } = reading
    return { answers: null, why: { source: sourceKey(question(server)), state, reason } }
  }
  return reading.value.ok
    ? { answers: true }
    : { answers: false, reason: reading.value.message ?? 'no answer' }
}

export type Answers = ReadonlyMap<string, Answer>

/** Why each of those that do not answer does not. */
export const silentAmong = (answers: Answers, servers: readonly string[]): readonly string[] =>
  servers.flatMap((server) => {
    const answer = answers.get(server)
    return answer?.answers === false ? [answer.reason] : []
  })

/** Each of them was asked, and none answered. */
export const allSilent = (answers: Answers, servers: readonly string[]): boolean =>
  servers.length > 0 && silentAmong(answers, servers).length === servers.length

export interface Resolved {
  /** There, and not masked: it can be started. */
  readonly isUsable: boolean
  readonly runs: boolean
}

const RESOLVED_UNIT = 'systemd-resolved.service'
const RESOLVED_UNITS = UNIT_FOLDERS.map((folder) => `${folder}/${RESOLVED_UNIT}`)
const RESOLVED_GROUPS = unitGroups(RESOLVED_UNIT)

/** systemd-resolved, where the host asks it alone and has no answer, or asks nobody; null elsewhere. */
export const resolved: Fact<Resolved | null> = defineFact({
  name: 'resolved',
  about:
    'Whether systemd-resolved is there and runs, where the host asks it alone and has no answer, or nobody.',
  needs: { resolvConf, host: hostResolvers, answers: resolverAnswers },
  reads: ({ resolvConf, host, answers }): Record<string, OrAbsent<StatSource>> =>
    !resolvConf?.nameservers.length || (host.every((server) => server === STUB) && allSilent(answers, host))
      ? Object.fromEntries(
          [...RESOLVED_UNITS, ...RESOLVED_GROUPS].map((path) => [path, orAbsent(stat(path))]),
        )
      : {},
  reading: `${RESOLVED_UNIT} in the systemd folders, and its control group (where it alone is asked and is silent, or nobody is asked)`,
  parse: (found): Resolved | null => {
    if (Object.keys(found).length === 0) return null
    const unit = RESOLVED_UNITS.map((path) => found[path] ?? null).find((meta) => meta !== null)
    return {
      isUsable: unit !== undefined && !isMask(unit),
      runs: RESOLVED_GROUPS.some((path) => (found[path] ?? null) !== null),
    }
  },
})
