/** What the network looks like from inside the container that is asked about: read from /proc/PID, without entering it. */
import { defineFact, type Fact, type OrAbsent, orAbsent } from '../model/fact.ts'
import { type DirectorySource, directory, type FileSource, file } from '../model/source.ts'
import { parseLocalAddresses } from '../net/fib-trie.ts'
import { type HostsEntry, parseHosts } from '../net/hosts-file.ts'
import { parseProcNetRoute } from '../net/proc-net-route.ts'
import { parseResolvConf } from '../net/resolv-conf.ts'
import { innerProcess } from './named-container.ts'
import { parseTcpListeners } from './tcp-listeners.ts'

/** A kernel without IPv6 has no tables of it. */
const OPTIONAL = ['tcp6', 'udp', 'udp6'] as const
const TABLES = ['tcp', ...OPTIONAL] as const

export interface ContainerListener {
  readonly protocol: 'tcp' | 'udp'
  /** `0.0.0.0`, `127.0.0.1`, `::`, … */
  readonly address: string
  readonly port: number
}

/** Null where no container is named, or it does not run. */
export const containerListeners: Fact<readonly ContainerListener[] | null> = defineFact({
  name: 'containerListeners',
  about: "The TCP and UDP ports that something listens on in the named container's network.",
  needs: { pid: innerProcess },
  reads: ({ pid }): Record<string, FileSource | OrAbsent<FileSource>> =>
    Object.fromEntries(
      pid
        ? [
            ['tcp', file(`/proc/${pid}/net/tcp`)],
            ...OPTIONAL.map((table) => [table, orAbsent(file(`/proc/${pid}/net/${table}`))]),
          ]
        : [],
    ),
  reading: '/proc/PID/net/tcp, tcp6, udp and udp6 of the container that is named',
  parse: (texts, { pid }) =>
    pid
      ? TABLES.flatMap((table): ContainerListener[] => {
          const protocol = table.startsWith('tcp') ? 'tcp' : 'udp'
          return parseTcpListeners(texts[table] ?? '', protocol).map((one) => ({ protocol, ...one }))
        })
      : null,
})

export interface InnerNetwork {
  /** Its own IPv4 addresses, without loopback. */
  readonly addresses: readonly string[]
  /** Where its default route leads; null where it has none. */
  readonly gateway: string | null
}

export const innerNetwork: Fact<InnerNetwork | null> = defineFact({
  name: 'innerNetwork',
  about: 'The addresses and the default route inside the named container; null where none runs.',
  needs: { pid: innerProcess },
  reads: ({ pid }): Record<string, FileSource> =>
    pid ? { trie: file(`/proc/${pid}/net/fib_trie`), routes: file(`/proc/${pid}/net/route`) } : {},
  reading: '/proc/PID/net/fib_trie and route of the container that is named',
  parse: ({ trie, routes }) => {
    if (trie === undefined || routes === undefined) return null
    const leadsOut = parseProcNetRoute(routes).find(({ dst, gateway }) => dst === '0.0.0.0/0' && gateway)
    return { addresses: parseLocalAddresses(trie), gateway: leadsOut?.gateway ?? null }
  },
})

/** A cable of the container: an interface in it whose other end is on the host. */
export interface Cable {
  /** Inside. */
  readonly name: string
  readonly up: boolean
  /** The number that the host gives the other end. */
  readonly hostIndex: number
  /** Bytes in a packet. */
  readonly mtu: number | null
}

const interfacesOf = (pid: number): DirectorySource => directory(`/proc/${pid}/root/sys/class/net`)

const innerInterfaces: Fact<{ readonly pid: number; readonly names: readonly string[] } | null> = defineFact({
  name: 'innerInterfaces',
  about: 'The names of the interfaces in the named container; null where none runs.',
  needs: { pid: innerProcess },
  reads: ({ pid }): Record<string, DirectorySource> => (pid ? { names: interfacesOf(pid) } : {}),
  reading: '/proc/PID/root/sys/class/net/ of the container that is named',
  parse: ({ names }, { pid }) =>
    names && pid
      ? {
          pid,
          names: names.map((name) => name.replace(/\/$/, '')).filter((name) => name !== 'lo'),
        }
      : null,
})

const ATTRIBUTES = ['iflink', 'ifindex', 'flags', 'mtu'] as const
const IFF_UP = 1
/** More tell nothing more; each costs four files. */
const MOST = 16

/** Only root may look into another one's /sys. */
export const cables: Fact<readonly Cable[] | null> = defineFact({
  name: 'containerCables',
  about:
    'The interfaces in the named container, with the number of their other end on the host; null where none runs.',
  needs: { inner: innerInterfaces },
  reads: ({ inner }): Record<string, OrAbsent<FileSource>> =>
    Object.fromEntries(
      (inner?.names ?? [])
        .slice(0, MOST)
        .flatMap((name) =>
          ATTRIBUTES.map((attribute) => [
            `${name}/${attribute}`,
            orAbsent(file(`/proc/${inner?.pid}/root/sys/class/net/${name}/${attribute}`)),
          ]),
        ),
    ),
  reading: 'iflink, ifindex, flags and mtu of those interfaces',
  parse: (values, { inner }) => {
    if (!inner) return null
    const number = (name: string, attribute: (typeof ATTRIBUTES)[number]): number =>
      Number(values[`${name}/${attribute}`]?.trim() || Number.NaN)
    return inner.names.slice(0, MOST).flatMap((name): Cable[] => {
      const [hostIndex, mtu] = [number(name, 'iflink'), number(name, 'mtu')]
      if (!Number.isInteger(hostIndex) || hostIndex === number(name, 'ifindex')) return []
      const up = (number(name, 'flags') & IFF_UP) !== 0
      return [{ name, up, hostIndex, mtu: Number.isInteger(mtu) ? mtu : null }]
    })
  },
})

/** The name servers that programs in the container ask; empty where its file names none. Only root may read it. */
export const innerResolvers: Fact<readonly string[]> = defineFact({
  name: 'innerResolvers',
  about: "The name servers of the named container's /etc/resolv.conf.",
  needs: { pid: innerProcess },
  reads: ({ pid }): Record<string, OrAbsent<FileSource>> =>
    pid ? { text: orAbsent(file(`/proc/${pid}/root/etc/resolv.conf`)) } : {},
  reading: '/proc/PID/root/etc/resolv.conf of the container that is named',
  parse: ({ text }) => parseResolvConf(text ?? '').nameservers,
})

/** Longer ones block advertising; what comes behind is not looked at. Our own choice. */
const MOST_HOSTS_BYTES = 64 * 1024

/** What programs in the container look up before they ask a name server; empty where there is no such file. Only root may read it. */
export const innerHosts: Fact<readonly HostsEntry[]> = defineFact({
  name: 'innerHosts',
  about: "The names that the named container's /etc/hosts gives addresses.",
  needs: { pid: innerProcess },
  reads: ({ pid }): Record<string, OrAbsent<FileSource>> =>
    pid ? { text: orAbsent(file(`/proc/${pid}/root/etc/hosts`, { maxBytes: MOST_HOSTS_BYTES })) } : {},
  reading: '/proc/PID/root/etc/hosts of the container that is named',
  parse: ({ text }) => parseHosts(text ?? ''),
})
