/** Kernel options that the engine needs and the running kernel is built without, less those whose work is seen to be done. */

import { type FeatureOptions, type HostUse, judgeConfig, type StandIn } from '../kernel-config/index.ts'
import { defineFact, type Fact, type Known, maybe, orAbsent } from '../model/fact.ts'
import { directory, file } from '../model/source.ts'
import { type Cgroups, cgroups } from './cgroups.ts'
import { type DaemonSettings, daemonSettings } from './daemon-config.ts'
import { engineState } from './engine.ts'
import { wordOf } from './json.ts'
import { kernelConfig } from './kernel-config.ts'
import { isPresent, kernelFeatures } from './kernel-features.ts'
import { kernelRelease } from './kernel-release.ts'
import { namespaces } from './namespaces.ts'
import { settings } from './settings.ts'

export interface MissingOptions {
  readonly path: string
  readonly required: readonly FeatureOptions[]
  readonly optional: readonly FeatureOptions[]
  /** Options that are missing by name, and what does their work. */
  readonly standIns: readonly StandIn[]
}

/** The options behind each namespace and each cgroup controller. */
const NAMESPACE_OPTIONS = {
  net: 'NET_NS',
  pid: 'PID_NS',
  ipc: 'IPC_NS',
  uts: 'UTS_NS',
  user: 'USER_NS',
} as const
const CONTROLLER_OPTIONS = {
  cpuacct: ['CGROUP_CPUACCT'],
  devices: ['CGROUP_DEVICE'],
  freezer: ['CGROUP_FREEZER'],
  cpu: ['CGROUP_SCHED'],
  cpuset: ['CPUSETS'],
  memory: ['MEMCG'],
} as const
/** What a running engine that writes iptables rules has shown to work. */
const RULES = ['IPv4 packet filter', 'packet filter matches']

export const missingOptions: Fact<MissingOptions | null> = defineFact({
  name: 'missingOptions',
  about:
    'Options that the running kernel is built without, by feature; null where its configuration is nowhere.',
  needs: {
    found: kernelConfig,
    release: kernelRelease,
    features: kernelFeatures,
    namespaces: maybe(namespaces),
    cgroups: maybe(cgroups),
    daemon: maybe(daemonSettings),
    engine: maybe(engineState),
    settings,
  },
  reads: {
    fileSystems: orAbsent(file('/proc/filesystems')),
    keys: orAbsent(directory('/proc/sys/kernel/keys')),
  },
  parse: ({ fileSystems, keys }, needs) => {
    const { found, release, features, namespaces, cgroups, daemon, engine, settings } = needs
    if (!found) return null
    const working = new Set<string>([
      ...features.filter(isPresent).flatMap(({ options }) => options),
      ...(namespaces.known ? namespaceOptions(namespaces.value.present) : []),
      ...(cgroups.known ? cgroupOptions(cgroups.value) : []),
      ...(/\bmqueue\b/.test(fileSystems ?? '') ? ['POSIX_MQUEUE'] : []),
      ...(keys ? ['KEYS'] : []),
    ])
    const runs = engine.known && engine.value.state === 'answers'
    const rulesDone = runs || flag(daemon, 'iptables') === 'false'
    const left = (all: readonly FeatureOptions[]): FeatureOptions[] =>
      all
        .filter(({ feature }) => !(rulesDone && RULES.includes(feature)))
        .map(({ feature, options }) => ({
          feature,
          options: options.filter((name) => !working.has(name.replace('CONFIG_', ''))),
        }))
        .filter(({ options }) => options.length > 0)
    const judged = judgeConfig(found.config, release, use(cgroups, daemon, settings.profile === 'swarm'))
    return {
      path: found.path,
      required: left(judged.missingRequired),
      optional: left(judged.missingOptional),
      standIns: judged.standIns,
    }
  },
})

const flag = (daemon: Known<DaemonSettings>, key: string): string =>
  wordOf(daemon.known ? daemon.value.get(key) : undefined)

function use(cgroups: Known<Cgroups>, daemon: Known<DaemonSettings>, swarm: boolean): HostUse {
  const mode = cgroups.known ? cgroups.value.mode : 'none'
  return {
    swarm,
    ipv6: flag(daemon, 'ipv6') === 'true',
    ...(mode === 'none' ? {} : { cgroupVersion: mode === 'v1' ? 1 : 2 }),
    ...(flag(daemon, 'firewall-backend') === 'nftables' ? { firewallBackend: 'nftables' } : {}),
  }
}

const namespaceOptions = (present: ReadonlySet<string>): string[] => [
  ...(present.size > 0 ? ['NAMESPACES'] : []),
  ...Object.entries(NAMESPACE_OPTIONS).flatMap(([kind, option]) => (present.has(kind) ? [option] : [])),
]

const cgroupOptions = ({ mode, usable }: Cgroups): string[] => [
  ...(mode === 'none' ? [] : ['CGROUPS']),
  ...Object.entries(CONTROLLER_OPTIONS).flatMap(([name, options]) => (usable.has(name) ? options : [])),
]
