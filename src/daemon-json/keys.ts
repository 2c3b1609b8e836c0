import { type Engine, removedKey } from './removals.ts'
import {
  address,
  any,
  fields,
  filter,
  integer,
  ip,
  list,
  map,
  onOff,
  prefix,
  type Shape,
  size,
  text,
} from './shape.ts'
import { atLeast, type EngineVersion } from './version.ts'

/** A key of daemon.json. */
export interface Key {
  readonly shape: Shape
  /** The first engine that knows the key, where that is not all that are judged here. */
  readonly since?: string
  /** The command-line flag, where it has another name than the key. As a key, that name is taken and has no effect. */
  readonly flag?: string
  /** Shapes of older engines: each holds before the version it names. */
  readonly before?: readonly { readonly version: string; readonly shape: Shape }[]
}

const gcPolicy = {
  all: onOff,
  filter,
  keepStorage: text,
  reservedSpace: text,
  maxUsedSpace: text,
  minFreeSpace: text,
}

const builder = fields({
  gc: fields({
    enabled: onOff,
    policy: list(fields(gcPolicy)),
    defaultKeepStorage: text,
    defaultReservedSpace: text,
    defaultMaxUsedSpace: text,
    defaultMinFreeSpace: text,
  }),
  entitlements: fields({ 'network-host': onOff, 'security-insecure': onOff, device: onOff }),
  history: fields({ maxAge: any, maxEntries: integer }),
})

/**
 * The keys, their types and their versions.
 * Sources: the struct tags of `Config` in https://github.com/moby/moby/blob/master/daemon/config/config.go and
 * config_linux.go, the flags in daemon/command/config.go and config_unix.go (cmd/dockerd/ before 29.0), at each
 * release; https://docs.docker.com/reference/cli/dockerd/. Which of them were taken away again tells `src/data/removals.json`.
 */
export const KEYS: Readonly<Record<string, Key>> = {
  'allow-direct-routing': { shape: onOff, since: '28.2' },
  'allow-nondistributable-artifacts': { shape: list(text) },
  'api-cors-header': { shape: text },
  'authorization-plugins': { shape: list(text), flag: 'authorization-plugin' },
  bip: { shape: text },
  bip6: { shape: text, since: '28.0' },
  bridge: { shape: text },
  'bridge-accept-fwmark': { shape: text, since: '29.0' },
  builder: { shape: builder },
  'cdi-spec-dirs': { shape: list(text), since: '25.0', flag: 'cdi-spec-dir' },
  'cgroup-parent': { shape: text },
  'cluster-advertise': { shape: text },
  'cluster-store': { shape: text },
  'cluster-store-opts': { shape: map(text), flag: 'cluster-store-opt' },
  containerd: { shape: text },
  'containerd-namespace': { shape: text },
  'cpu-rt-period': { shape: integer },
  'cpu-rt-runtime': { shape: integer },
  'cri-containerd': { shape: onOff },
  'data-root': { shape: text },
  debug: { shape: onOff },
  'default-address-pools': {
    shape: list(fields({ base: prefix, size: integer })),
    before: [{ version: '27.0', shape: list(fields({ base: text, size: integer })) }],
    flag: 'default-address-pool',
  },
  'default-cgroupns-mode': { shape: text },
  'default-gateway': { shape: ip },
  'default-gateway-v6': { shape: ip },
  'default-ipc-mode': { shape: text },
  'default-network-opts': { shape: map(map(text)), since: '24.0', flag: 'default-network-opt' },
  'default-runtime': { shape: text },
  'default-shm-size': { shape: size },
  'default-stop-timeout': { shape: integer, since: '29.7' },
  'default-ulimits': {
    shape: map(fields({ Name: text, Hard: integer, Soft: integer })),
    flag: 'default-ulimit',
  },
  'deprecated-key-path': { shape: text },
  dns: {
    shape: list(address),
    before: [
      { version: '25.0', shape: list(text) },
      { version: '29.0', shape: list(ip) },
    ],
  },
  'dns-opts': { shape: list(text), flag: 'dns-opt' },
  'dns-search': { shape: list(text) },
  'exec-opts': { shape: list(text), flag: 'exec-opt' },
  'exec-root': { shape: text },
  experimental: { shape: onOff },
  features: { shape: map(onOff) },
  'firewall-backend': { shape: text, since: '29.0' },
  'fixed-cidr': { shape: text },
  'fixed-cidr-v6': { shape: text },
  graph: { shape: text },
  group: { shape: text },
  'host-gateway-ip': { shape: ip },
  'host-gateway-ips': { shape: list(address), since: '28.0', flag: 'host-gateway-ip' },
  hosts: { shape: list(text), flag: 'host' },
  icc: { shape: onOff },
  init: { shape: onOff },
  'init-path': { shape: text },
  'insecure-registries': { shape: list(text), flag: 'insecure-registry' },
  ip: { shape: ip },
  'ip-forward': { shape: onOff },
  'ip-forward-no-drop': { shape: onOff, since: '28.0' },
  'ip-masq': { shape: onOff },
  ip6tables: { shape: onOff },
  iptables: { shape: onOff },
  ipv6: { shape: onOff },
  labels: { shape: list(text), flag: 'label' },
  'live-restore': { shape: onOff },
  'log-driver': { shape: text },
  'log-format': { shape: text, since: '25.0' },
  'log-level': { shape: text },
  'log-opts': { shape: map(text), flag: 'log-opt' },
  'max-concurrent-downloads': { shape: integer },
  'max-concurrent-uploads': { shape: integer },
  'max-download-attempts': { shape: integer },
  'metrics-addr': { shape: text },
  'min-api-version': { shape: text, since: '29.0' },
  mtu: { shape: integer },
  'network-control-plane-mtu': { shape: integer },
  'network-diagnostic-port': { shape: integer },
  'no-new-privileges': { shape: onOff },
  'node-generic-resources': { shape: list(text), flag: 'node-generic-resource' },
  'nri-opts': {
    shape: fields(
      { enable: onOff, 'plugin-path': text, 'plugin-config-path': text, 'socket-path': text },
      true,
    ),
    since: '29.2',
  },
  'oom-score-adjust': { shape: integer },
  pidfile: { shape: text },
  proxies: { shape: fields({ 'http-proxy': text, 'https-proxy': text, 'no-proxy': text }), since: '23.0' },
  'raw-logs': { shape: onOff },
  'registry-mirrors': { shape: list(text), flag: 'registry-mirror' },
  rootless: { shape: onOff },
  runtimes: {
    shape: map(fields({ path: text, runtimeArgs: list(text), runtimeType: text, options: map(any) })),
    before: [{ version: '23.0', shape: map(fields({ path: text, runtimeArgs: list(text) })) }],
    flag: 'add-runtime',
  },
  'seccomp-profile': { shape: text },
  'selinux-enabled': { shape: onOff },
  'shutdown-timeout': { shape: integer },
  'storage-driver': { shape: text },
  'storage-opts': { shape: list(text), flag: 'storage-opt' },
  'swarm-default-advertise-addr': { shape: text },
  tls: { shape: onOff },
  tlscacert: { shape: text },
  tlscert: { shape: text },
  tlskey: { shape: text },
  tlsverify: { shape: onOff },
  'userland-proxy': { shape: onOff },
  'userland-proxy-path': { shape: text },
  'userns-remap': { shape: text },
}

/** Names that are flags and no keys: the engine takes them in the file, and does nothing with them. */
export const IGNORED_FLAGS: Readonly<Record<string, { readonly since?: string; readonly instead: string }>> =
  {
    'containerd-plugins-namespace': {
      instead: 'remove the key; this can be set by the flag --containerd-plugins-namespace only',
    },
    'http-proxy': { since: '23.0', instead: 'move it into "proxies": {"http-proxy": …}' },
    'https-proxy': { since: '23.0', instead: 'move it into "proxies": {"https-proxy": …}' },
    'no-proxy': { since: '23.0', instead: 'move it into "proxies": {"no-proxy": …}' },
    feature: { since: '27.3', instead: 'write "features": {"name": true}' },
    help: { instead: 'remove the key' },
    restart: { instead: 'remove the key; restart policies belong to containers (docker run --restart)' },
    version: { instead: 'remove the key' },
  }

/** Names that the engine's own code has for its settings, but that it refuses in the file because they are no flags. */
export const UNUSABLE: Readonly<Record<string, string>> = {
  'containerd-plugin-namespace': 'remove the key; use the flag --containerd-plugins-namespace',
  'default-init': 'remove the key; the path of docker-init is init-path',
  'resolv-conf': 'remove the key; set dns, dns-opts and dns-search',
  'swarm-raft-election-tick': 'remove the key; swarm has no such setting in the file',
  'swarm-raft-heartbeat-tick': 'remove the key; swarm has no such setting in the file',
}

/** Keys that are taken and ignored from a version on. */
export const TOLERATED: Readonly<Record<string, string>> = {
  'allow-nondistributable-artifacts': '29.0',
  'deprecated-key-path': '24.0',
}

/** Keys whose value is an object that the search for unknown names does not look into. */
const FLAT = new Set([
  'builder',
  'cluster-store-opts',
  'default-network-opts',
  'default-ulimits',
  'features',
  'log-opts',
  'runtimes',
])

/** Whether the search for unknown names takes the key's object as a whole. */
export function isFlat(name: string, version: EngineVersion): boolean {
  if (name === 'default-network-opts') return atLeast(version, '24.0')
  return FLAT.has(name) || (name === 'nri-opts' && atLeast(version, '29.2'))
}

/** Whether the engine has the key, and reads it. */
export function hasKey(name: string, engine: Engine): boolean {
  const key = keyOf(name)
  if (key === undefined) return false
  return inRange(name, key, engine)
}

export function keyOf(name: string): Key | undefined {
  return Object.hasOwn(KEYS, name) ? KEYS[name] : undefined
}

/** The shape of a key's value in an engine. */
export function shapeOf(name: string, engine: Engine): Shape | undefined {
  const key = keyOf(name)
  if (key === undefined || !inRange(name, key, engine) || isTolerated(name, engine)) return undefined
  return key.before?.find((older) => !atLeast(engine, older.version))?.shape ?? key.shape
}

export function isTolerated(name: string, version: EngineVersion): boolean {
  const since = Object.hasOwn(TOLERATED, name) ? TOLERATED[name] : undefined
  return since !== undefined && atLeast(version, since)
}

/** The key that a flag sets, for flags that have another name than their key. */
export function keyOfFlag(name: string, engine: Engine): string | undefined {
  return Object.entries(KEYS).find(([own, key]) => key.flag === name && inRange(own, key, engine))?.[0]
}

function inRange(name: string, { since }: Key, engine: Engine): boolean {
  const removed = removedKey(name, engine)
  const until = removed?.unknownFrom ?? removed?.removedIn
  return (since === undefined || atLeast(engine, since)) && (until === undefined || !atLeast(engine, until))
}
