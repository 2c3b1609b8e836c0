/** What the engine needs of the kernel, and how each thing stands on this host: judged by what works, then by what is there. */

import { defineFact, type Fact, type Known, maybe, orAbsent } from '../model/fact.ts'
import { directory, file } from '../model/source.ts'
import { daemonSettings } from './daemon-config.ts'
import { type EngineState, engineState } from './engine.ts'
import { wordOf } from './json.ts'
import { kernelConfig } from './kernel-config.ts'
import { forbiddenModules, loadedModules, type ModuleLine, modulesDisabled, moduleTree } from './modules.ts'

/** Any one of the modules serves; the options are what builds them. */
export interface FeatureNeed {
  readonly feature: string
  readonly modules: readonly string[]
  readonly options: readonly string[]
  /** The engine starts without it, and some things then fail. */
  readonly optional?: true
  readonly for: 'storage' | 'network' | 'iptables' | 'nftables'
}

/** @see https://github.com/moby/moby/blob/docker-v29.7.0/contrib/check-config.sh */
const NEEDS: readonly FeatureNeed[] = [
  { feature: 'overlay', modules: ['overlay'], options: ['OVERLAY_FS'], for: 'storage' },
  { feature: 'bridge', modules: ['bridge'], options: ['BRIDGE'], for: 'network' },
  { feature: 'veth', modules: ['veth'], options: ['VETH'], for: 'network' },
  {
    feature: 'br_netfilter',
    modules: ['br_netfilter'],
    options: ['BRIDGE_NETFILTER'],
    // Its absence is only logged, unless inter-container communication is off: https://github.com/moby/moby/pull/48375
    optional: true,
    for: 'iptables',
  },
  { feature: 'nf_nat', modules: ['nf_nat'], options: ['NF_NAT'], for: 'iptables' },
  {
    feature: 'iptables',
    modules: ['ip_tables', 'nft_compat'],
    options: ['IP_NF_IPTABLES', 'NFT_COMPAT'],
    for: 'iptables',
  },
  {
    feature: 'xt_conntrack',
    modules: ['xt_conntrack'],
    options: ['NETFILTER_XT_MATCH_CONNTRACK'],
    for: 'iptables',
  },
  {
    feature: 'xt_addrtype',
    modules: ['xt_addrtype'],
    options: ['NETFILTER_XT_MATCH_ADDRTYPE'],
    for: 'iptables',
  },
  {
    feature: 'xt_MASQUERADE',
    modules: ['xt_MASQUERADE', 'ipt_MASQUERADE'],
    options: ['NETFILTER_XT_TARGET_MASQUERADE', 'IP_NF_TARGET_MASQUERADE'],
    for: 'iptables',
  },
  { feature: 'nf_tables', modules: ['nf_tables'], options: ['NF_TABLES'], for: 'nftables' },
  { feature: 'nft_ct', modules: ['nft_ct'], options: ['NFT_CT'], for: 'nftables' },
  { feature: 'nft_fib', modules: ['nft_fib'], options: ['NFT_FIB'], for: 'nftables' },
  { feature: 'nft_masq', modules: ['nft_masq'], options: ['NFT_MASQ'], for: 'nftables' },
  { feature: 'nft_nat', modules: ['nft_nat', 'nft_chain_nat'], options: ['NFT_NAT'], for: 'nftables' },
]

/**
 * `working`: seen at work · `loaded` · `builtin` · `loadable`: modprobe finds it · `forbidden`: configuration keeps it from
 * being loaded · `missing` · `unknown`: neither a module folder nor a configuration tells.
 */
export type FeatureState = 'working' | 'loaded' | 'builtin' | 'loadable' | 'forbidden' | 'missing' | 'unknown'

export interface KernelFeature extends FeatureNeed {
  readonly state: FeatureState
  /** What forbids it. */
  readonly forbiddenBy?: ModuleLine
}

/** Present already, whatever the folder of modules holds. */
export const isPresent = ({ state }: KernelFeature): boolean =>
  state === 'working' || state === 'loaded' || state === 'builtin'

/** Features by name, for a message's slot. */
export const named = (features: readonly KernelFeature[]): { readonly missing: string } => ({
  missing: features.map(({ feature }) => feature).join(', '),
})

/** What is not present: what the engine needs, what it needs and nothing tells of, what it can do without. */
export function absentFeatures(features: readonly KernelFeature[]): {
  readonly required: readonly KernelFeature[]
  /** The first of those that configuration keeps from being loaded. */
  readonly blocked: (ModuleLine & { readonly feature: string }) | undefined
  readonly unsure: readonly KernelFeature[]
  readonly lacking: readonly KernelFeature[]
} {
  const absent = features.filter((feature) => !isPresent(feature))
  const needed = absent.filter(({ optional }) => !optional)
  const required = needed.filter(({ state }) => state !== 'unknown')
  const blocked = required.find(({ forbiddenBy }) => forbiddenBy)
  return {
    required,
    blocked: blocked?.forbiddenBy && { feature: blocked.feature, ...blocked.forbiddenBy },
    unsure: needed.filter(({ state }) => state === 'unknown'),
    lacking: absent.filter(({ optional, state }) => optional && state === 'missing'),
  }
}

/** What the engine's configuration asks of the kernel: not iptables where it is off, not overlay for another driver. */
const wantedNeeds: Fact<readonly FeatureNeed[]> = defineFact({
  name: 'wantedKernelFeatures',
  about: 'The kernel features that the engine needs as it is configured.',
  needs: { settings: maybe(daemonSettings) },
  parse: (_, { settings }) => {
    const get = (key: string): string => wordOf(settings.known ? settings.value.get(key) : undefined)
    const driver = get('storage-driver')
    const firewall =
      get('iptables') === 'false' ? '' : get('firewall-backend') === 'nftables' ? 'nftables' : 'iptables'
    const overlay = driver === '' || driver.startsWith('overlay')
    const bridge = get('bridge') !== 'none'
    return NEEDS.filter(
      (need) =>
        need.for === firewall || (need.for === 'storage' && overlay) || (need.for === 'network' && bridge),
    )
  },
})

interface Seen {
  readonly working: ReadonlySet<string>
  readonly loaded: ReadonlySet<string>
  readonly builtin: ReadonlySet<string>
  readonly loadable: ReadonlySet<string>
  readonly forbidden: readonly ModuleLine[]
  /** Options of the configuration; null where there is none to read. */
  readonly options: ReadonlyMap<string, 'builtin' | 'module'> | null
  readonly treeExists: boolean
}

export const kernelFeatures: Fact<readonly KernelFeature[]> = defineFact({
  name: 'kernelFeatures',
  about: 'How each kernel feature that the engine needs stands on this host.',
  needs: {
    wanted: wantedNeeds,
    loaded: loadedModules,
    tree: maybe(moduleTree),
    forbidden: maybe(forbiddenModules),
    disabled: modulesDisabled,
    config: maybe(kernelConfig),
    engine: maybe(engineState),
  },
  reads: {
    fileSystems: orAbsent(file('/proc/filesystems')),
    present: orAbsent(directory('/sys/module')),
    bridgeSysctls: orAbsent(directory('/proc/sys/net/bridge')),
  },
  parse: ({ fileSystems, present, bridgeSysctls }, needs): readonly KernelFeature[] => {
    const { wanted, loaded, tree, forbidden, disabled, config, engine } = needs
    const seen: Seen = {
      working: new Set([
        ...(/^(?:nodev)?\s*overlay$/m.test(fileSystems ?? '') ? ['overlay'] : []),
        ...(bridgeSysctls?.length ? ['br_netfilter', 'bridge'] : []),
        ...(present ?? []).map((name) => name.replace(/\/$/, '')),
        ...provenBy(engine),
      ]),
      loaded: loaded ?? new Set(),
      builtin: tree.known ? tree.value.builtin : new Set(),
      loadable: tree.known && !disabled ? tree.value.loadable : new Set(),
      forbidden: forbidden.known ? forbidden.value : [],
      options: config.known ? (config.value?.config.options ?? null) : null,
      treeExists: tree.known && tree.value.exists,
    }
    return wanted.map((need) => judge(need, seen))
  },
})

/**
 * A running engine has mounted its storage and written its rules, or it would not have started. It makes no veth before a
 * container starts: that one proves nothing.
 */
function provenBy(engine: Known<EngineState>): string[] {
  if (!engine.known || engine.value.state !== 'answers') return []
  const { info } = engine.value.engine
  const rules = NEEDS.filter((need) => need.for === 'iptables' && !need.optional)
  return [
    ...(info.storageDriver.startsWith('overlay') ? ['overlay'] : []),
    ...(info.firewallBackend === 'nftables' ? [] : rules.flatMap(({ modules }) => modules)),
  ]
}

function judge(need: FeatureNeed, seen: Seen): KernelFeature {
  const { modules } = need
  const one = (set: ReadonlySet<string>): boolean => modules.some((name) => set.has(name))
  const options = need.options.map((name) => seen.options?.get(name))
  if (one(seen.loaded)) return { ...need, state: 'loaded' }
  if (one(seen.working)) return { ...need, state: 'working' }
  if (one(seen.builtin) || options.includes('builtin')) return { ...need, state: 'builtin' }
  const loadable = modules.filter((name) => seen.loadable.has(name))
  const forbids = (name: string): ModuleLine | undefined =>
    seen.forbidden.find(({ module }) => module === name)
  const forbiddenBy = loadable.map(forbids).find((line) => line !== undefined)
  if (loadable.some((name) => !forbids(name))) return { ...need, state: 'loadable' }
  if (forbiddenBy) return { ...need, state: 'forbidden', forbiddenBy }
  // Neither the folder of modules nor the configuration has it: only then it is certain.
  const certain = seen.treeExists || seen.options !== null
  return { ...need, state: certain ? 'missing' : 'unknown' }
}
