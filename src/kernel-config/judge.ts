import { type Alternative, alternatives, type Firewall } from './alternatives.ts'
import { optionsFor } from './answer.ts'
import { byFeature, type FeatureOptions } from './group.ts'
import { furtherOptions, type KernelOption, type Use } from './options.ts'
import { isSet, type KernelConfig } from './parse.ts'
import { inRange, requireRelease, type Version } from './release.ts'

/** What is known of the host beyond its kernel configuration. Whatever is left out counts as needed. */
export interface HostUse {
  readonly cgroupVersion?: 1 | 2
  readonly ipv6?: boolean
  readonly swarm?: boolean
  /** Docker's `firewall-backend`. */
  readonly firewallBackend?: 'iptables' | 'nftables'
}

/** An option that is missing by name, and what does its work. */
export interface StandIn {
  /** With `CONFIG_`. */
  readonly option: string
  /** With `CONFIG_`; empty where the kernel always has it. */
  readonly by: readonly string[]
  readonly through?: Firewall
  readonly why: string
  readonly source: string
}

/** What a kernel lacks for containers once renamed, replaced and irrelevant options are set aside. */
export interface KernelJudgement {
  readonly release: string
  /** Nothing required is missing. */
  readonly ready: boolean
  readonly missingRequired: readonly FeatureOptions[]
  readonly missingOptional: readonly FeatureOptions[]
  readonly standIns: readonly StandIn[]
  /** The firewalls that this kernel can serve; where `iptables` is absent, the host must use another. */
  readonly firewalls: readonly ('iptables' | Firewall)[]
}

/**
 * Judges a configuration by what works on it rather than by names.
 * @throws KernelConfigError where the release is malformed
 */
export function judgeConfig(config: KernelConfig, release: string, use: HostUse = {}): KernelJudgement {
  const version = requireRelease(release)
  const firewalls = servedFirewalls(config, version)
  const usable = alternatives.filter((alternative) => isUsable(alternative, config, version, use, firewalls))
  const relevant = relevantOptions(config, version, use).filter(({ name }) => !isSet(config, name))
  const missing = relevant.filter(({ name }) => standInFor(name, usable) === undefined)
  const missingRequired = missing.filter((option) => isRequired(option, use))
  return {
    release,
    ready: missingRequired.length === 0,
    missingRequired: featureNames(missingRequired),
    missingOptional: featureNames(missing.filter((option) => !isRequired(option, use))),
    standIns: relevant.flatMap(({ name }) => standInFor(name, usable) ?? []),
    firewalls,
  }
}

/** The firewalls that a kernel can serve for IPv4, best supported first. */
export function servedFirewalls(config: KernelConfig, version: Version): ('iptables' | Firewall)[] {
  const served = (firewall: Firewall) =>
    alternatives.some(
      ({ replaces, by, through, ...range }) =>
        through === firewall &&
        replaces.includes('IP_NF_NAT') &&
        inRange(version, range) &&
        by.every((name) => isSet(config, name)),
    )
  return [
    ...(hasLegacyTables(config, version) ? (['iptables'] as const) : []),
    ...(['iptables-nft', 'nftables'] as const).filter(served),
  ]
}

function hasLegacyTables(config: KernelConfig, version: Version): boolean {
  const nat = alternatives.filter(({ replaces, through }) => replaces.includes('IP_NF_NAT') && !through)
  const byOtherName = nat.some(
    (each) => inRange(version, each) && each.by.every((name) => isSet(config, name)),
  )
  return isSet(config, 'IP_NF_FILTER') && (isSet(config, 'IP_NF_NAT') || byOtherName)
}

function isUsable(
  alternative: Alternative,
  config: KernelConfig,
  version: Version,
  use: HostUse,
  firewalls: KernelJudgement['firewalls'],
): boolean {
  if (!inRange(version, alternative) || !alternative.by.every((name) => isSet(config, name))) return false
  return alternative.through !== 'nftables' || choosesNftables(use, firewalls)
}

/**
 * The engine writes nftables rules only where told to. Unless the host says so, that way out counts only for a kernel
 * without any iptables: otherwise it would hide what breaks the default.
 */
function choosesNftables(use: HostUse, firewalls: KernelJudgement['firewalls']): boolean {
  if (use.firewallBackend !== undefined) return use.firewallBackend === 'nftables'
  return !firewalls.includes('iptables') && !firewalls.includes('iptables-nft')
}

function relevantOptions(config: KernelConfig, version: Version, use: HostUse): KernelOption[] {
  const further = furtherOptions.filter((option) => inRange(version, option))
  return [...optionsFor(config, version), ...further].filter(({ onlyFor }) => !isOtherCgroup(onlyFor, use))
}

function isOtherCgroup(onlyFor: Use | undefined, { cgroupVersion }: HostUse): boolean {
  if (cgroupVersion === undefined) return false
  return onlyFor === (cgroupVersion === 1 ? 'cgroup-v2' : 'cgroup-v1')
}

/**
 * What only Swarm or only IPv6 needs does not keep a host from carrying containers where it uses neither:
 * without ip6_tables the engine starts all the same (https://github.com/moby/moby/pull/47918) and only networks with IPv6
 * fail (https://github.com/moby/moby/issues/49615).
 */
function isRequired({ requirement, onlyFor }: KernelOption, { swarm, ipv6 }: HostUse): boolean {
  if (requirement === 'optional') return false
  return !((onlyFor === 'swarm' && swarm === false) || (onlyFor === 'ipv6' && ipv6 === false))
}

function standInFor(name: string, usable: readonly Alternative[]): StandIn | undefined {
  const found = usable.find(({ replaces }) => replaces.includes(name))
  if (found === undefined) return undefined
  const { by, through, why, source } = found
  const standIn = { option: full(name), by: by.map(full), why, source }
  return through === undefined ? standIn : { ...standIn, through }
}

function featureNames(options: readonly KernelOption[]): FeatureOptions[] {
  return byFeature(options).map(([feature, members]) => ({
    feature,
    options: members.map(({ name }) => full(name)),
  }))
}

function full(name: string): string {
  return `CONFIG_${name}`
}
