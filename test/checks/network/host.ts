/** A host with one uplink and an engine, for the network checks. */
import type { Readings } from '../../../src/hosts/memory.ts'

const answer = (body: unknown) => ({ status: 200, headers: {}, body: JSON.stringify(body) })

export interface Link {
  readonly name: string
  readonly addresses?: readonly string[]
  readonly mtu?: number
  readonly kind?: string
  readonly master?: string
  readonly up?: boolean
  /** The other end is in another network namespace, as a container's is. */
  readonly away?: boolean
}

/** What `ip -j -d addr show` prints. */
const ipAddr = (links: readonly Link[]): string =>
  JSON.stringify(
    links.map(({ name, addresses = [], mtu = 1500, kind, master, up = true, away }, index) => ({
      ifindex: index + 1,
      ifname: name,
      flags: up ? ['UP', 'LOWER_UP'] : [],
      mtu,
      ...(master ? { master } : {}),
      ...(away ? { link_index: 2, link_netnsid: 1 } : {}),
      ...(kind ? { linkinfo: { info_kind: kind } } : {}),
      addr_info: addresses.map((text) => {
        const [local, prefix] = text.split('/')
        return { family: 'inet', local, prefixlen: Number(prefix), scope: 'global' }
      }),
    })),
  )

export const LO: Link = { name: 'lo', addresses: ['127.0.0.1/8'], mtu: 65536 }
export const ETH0: Link = { name: 'eth0', addresses: ['10.77.0.2/24'] }
export const DOCKER0: Link = { name: 'docker0', addresses: ['172.17.0.1/16'], kind: 'bridge' }
export const VETH: Link = { name: 'veth9bb77a5', kind: 'veth', master: 'docker0', away: true }

/** What `ip -j -4 route show table all` prints, of words such as `default via 10.77.0.1 dev eth0`. */
const ipRoute = (lines: readonly string[]): string =>
  JSON.stringify(
    lines.map((line) => {
      const [dst, ...words] = line.split(' ')
      const options: [string, string | number][] = []
      for (let i = 0; i < words.length; i += 2) options.push([words[i] ?? '', words[i + 1] ?? ''])
      const named = options.map(([name, value]) => [
        { via: 'gateway', proto: 'protocol', src: 'prefsrc' }[name] ?? name,
        name === 'metric' ? Number(value) : value,
      ])
      const { mtu, ...rest } = Object.fromEntries(named) as Record<string, unknown>
      return { dst, ...rest, flags: [], ...(mtu ? { metrics: [{ mtu: Number(mtu) }] } : {}) }
    }),
  )

export const ROUTES = [
  'default via 10.77.0.1 dev eth0',
  '10.77.0.0/24 dev eth0 proto kernel scope link src 10.77.0.2',
  '172.17.0.0/16 dev docker0 proto kernel scope link src 172.17.0.1',
]

export const links = (...all: readonly Link[]): Readings => ({ '$ ip -j -d addr show': ipAddr(all) })
export const routing = (...lines: readonly string[]): Readings => ({
  '$ ip -j -4 route show table all': ipRoute(lines),
})

/** No engine, nothing configured. */
export const bareHost: Readings = {
  '/etc/**': null,
  '/run/**': null,
  '/var/**': null,
  '/usr/**': null,
  '/lib/**': null,
  '/sbin/**': null,
  '/bin/**': null,
  '/proc/1/comm': 'systemd\n',
  '/proc/sys/net/ipv4/ip_forward': '1\n',
  '/proc/sys/net/ipv4/conf/**': '1\n',
  'GET unix:///var/run/docker.sock /version': null,
  'GET unix:///var/run/docker.sock /info': null,
  '$ dockerd --version': null,
  '/proc/net/ipv6_route': null,
  '/sys/fs/cgroup/**': null,
  '$ ip -j -4 rule show': JSON.stringify([
    { priority: 0, src: 'all', table: 'local' },
    { priority: 32766, src: 'all', table: 'main' },
    { priority: 32767, src: 'all', table: 'default' },
  ]),
  ...links(LO, ETH0),
  ...routing(...ROUTES.slice(0, 2)),
}

export const DENIED = { state: 'denied', reason: 'permission denied', durationMs: 0 } as const

/** A bridge network, as `/networks` lists it. */
export const network = (more: Record<string, unknown> = {}) => ({
  Name: 'bridge',
  Id: '08e26337fda07f560b55d82cfe5de35e2d6cc6390ba3cd21686ba209d7ca9abd',
  Driver: 'bridge',
  Scope: 'local',
  Internal: false,
  IPAM: { Config: [{ Subnet: '172.17.0.0/16', Gateway: '172.17.0.1' }] },
  Options: { 'com.docker.network.bridge.name': 'docker0', 'com.docker.network.driver.mtu': '1500' },
  ...more,
})

/** A running container in a network, as `/containers/json` lists it. */
export const container = (name: string, IPAddress: string, more: Record<string, unknown> = {}) => ({
  Id: `id-of-${name}`,
  Names: [`/${name}`],
  State: 'running',
  Ports: [],
  NetworkSettings: { Networks: { bridge: { IPAddress } } },
  ...more,
})

/** The engine's answers: one container in the default network, unless told otherwise. */
export const engine = (
  told: {
    networks?: readonly unknown[]
    containers?: readonly unknown[]
    version?: string
    info?: Record<string, unknown>
  } = {},
): Readings => ({
  'GET unix:///var/run/docker.sock /version': answer({
    Version: told.version ?? '28.5.2',
    ApiVersion: '1.51',
  }),
  'GET unix:///var/run/docker.sock /info': answer({ Driver: 'overlay2', ...told.info }),
  'GET unix:///var/run/docker.sock /networks': answer(told.networks ?? [network()]),
  'GET unix:///var/run/docker.sock /containers/json?all=1': answer(
    told.containers ?? [container('web', '172.17.0.2')],
  ),
})

/** The engine runs, with one container in docker0. */
export const dockerHost: Readings = {
  ...bareHost,
  ...engine(),
  ...links(LO, ETH0, DOCKER0, VETH),
  ...routing(...ROUTES),
}

/** An ordinary user's view: the engine may not be asked. */
export const asUser: Readings = {
  'GET unix:///var/run/docker.sock /version': DENIED,
  'GET unix:///var/run/docker.sock /info': DENIED,
}

/** daemon.json with these settings. */
export const daemonJson = (settings: Record<string, unknown>): Readings => ({
  '/etc/docker/daemon.json': `${JSON.stringify(settings, null, 2)}\n`,
})

/** /proc/net/ipv6_route with a default route of eth0. */
export const DEFAULT6 = `${'0'.repeat(32)} 00 ${'0'.repeat(32)} 00 fe800000000000000000000000000001 00000400 00000002 00000000 00000003     eth0\n`
