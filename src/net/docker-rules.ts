import { type Family, formatCidr, parseCidr } from './cidr.ts'
import {
  DOCKER_LAYOUTS,
  type DockerLayout,
  type Jump,
  layoutOfRules,
  layoutOfVersion,
  NAT_CHAINS,
  NAT_JUMPS,
} from './docker-layout.ts'
import { chainOf, type IptablesRule, type IptablesRules } from './iptables.ts'
import { traceSourceNat } from './path/trace.ts'
import { defined } from './record.ts'

/** A network of docker's bridge driver. */
export interface DockerBridge {
  /** The interface: `docker0`, `br-0123456789ab`. */
  readonly name: string
  /** Of either IP version; the bridge is left out of rules of a version it has no subnet of. */
  readonly subnets: readonly string[]
  /** Made with `--internal`: it has no way out, and none of the rules for one. */
  readonly internal?: boolean
  /** False with `ip-masq: false`, `enable_ip_masquerade: false` or gateway mode `routed`. Default true. */
  readonly masquerade?: boolean
}

/** Something that dockerd makes when it starts and that is not there any more. */
export interface MissingRule {
  readonly kind:
    | 'filter-chain'
    | 'filter-jump'
    | 'filter-rule'
    | 'filter-order'
    | 'nat-chain'
    | 'nat-jump'
    | 'masquerade'
  readonly table: 'filter' | 'nat'
  /** The chain that is missing, or that lacks a rule. */
  readonly chain: string
  /** The rule that dockerd makes, in iptables' words: `-A FORWARD -j DOCKER-USER`. */
  readonly rule?: string
  /** The bridge that the rule is for. */
  readonly bridge?: string
}

export interface DockerRulesOptions {
  /** Which rules are given: `iptables-save`'s (4, the default) or `ip6tables-save`'s. */
  readonly family?: Family
  /** The interface of the default route: makes sure that a MASQUERADE rule found is one for it. */
  readonly uplink?: string
}

/**
 * What is missing of the rules that a running dockerd with the iptables backend (`iptables` not false) has made.
 *
 * Rules that somebody added are of no account, nor are rules that a version makes and another does not: a rule set
 * that is complete by any version's layout is complete. When no bridge has a subnet of the family, nothing is
 * expected. Pass the rules of the backend that the engine uses (see `dockerRuleSet`).
 *
 * @param engineVersion as `docker version` gives it; when it is no version (`dev`), the chains tell the layout.
 */
export function missingDockerRules(
  rules: IptablesRules,
  engineVersion: string | undefined,
  bridges: readonly DockerBridge[],
  options: DockerRulesOptions = {},
): MissingRule[] {
  const family = options.family ?? 4
  const concerned = bridges.filter((bridge) => subnetsOf(bridge, family).length > 0)
  if (concerned.length === 0) return []
  const expected = layoutOfVersion(engineVersion ?? '') ?? layoutOfRules(rules) ?? NEWEST
  const lacking = filterLacks(rules, expected, concerned, family)
  const complete = lacking.length === 0 || isCompleteByAnother(rules, expected, concerned, family)
  return [...(complete ? [] : lacking), ...natLacks(rules, concerned, { ...options, family })]
}

/** The rule set, among those of several backends, that docker's chains are in; the one with most of them. */
export function dockerRuleSet(sets: readonly IptablesRules[]): IptablesRules | undefined {
  const [best] = sets
    .map((rules) => ({ rules, weight: dockerWeight(rules) }))
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight)
  return best?.rules
}

const NEWEST: DockerLayout = DOCKER_LAYOUTS.at(-1) ?? raise('there are layouts')

function raise(message: string): never {
  throw new Error(message)
}

function dockerWeight(rules: IptablesRules): number {
  const chains = [rules.tables.filter, rules.tables.nat].flatMap((table) =>
    Object.values(table?.chains ?? {}),
  )
  const own = chains.filter(({ name }) => /^DOCKER(-|$)/.test(name))
  return own.length + own.reduce((sum, chain) => sum + chain.rules.length, 0)
}

// A layout with fewer demands would always be met by a rule set that has lost something: `before 18.09` never counts.
function isCompleteByAnother(
  rules: IptablesRules,
  expected: DockerLayout,
  bridges: readonly DockerBridge[],
  family: Family,
): boolean {
  return DOCKER_LAYOUTS.slice(1).some(
    (layout) => layout !== expected && filterLacks(rules, layout, bridges, family).length === 0,
  )
}

function filterLacks(
  rules: IptablesRules,
  layout: DockerLayout,
  bridges: readonly DockerBridge[],
  family: Family,
): MissingRule[] {
  // ip6tables rules of 20.10 to 24 have no DOCKER-USER.
  const optional = (name: string) =>
    family === 6 && name === 'DOCKER-USER' && layout.bridgeChain === 'FORWARD'
  const chains = layout.filterChains.filter(
    (name) => !optional(name) && chainOf(rules, 'filter', name) === undefined,
  )
  const jumps = layout.jumps.filter(
    (jump) => !optional(jump.target) && positionOf(rules, 'filter', jump) === undefined,
  )
  return [
    ...chains.map((chain) => ({ kind: 'filter-chain', table: 'filter', chain }) as const),
    ...jumps.map(
      (jump) => ({ kind: 'filter-jump', table: 'filter', chain: jump.chain, rule: jumpText(jump) }) as const,
    ),
    ...disorder(rules, layout),
    ...bridges
      .filter(({ internal }) => internal !== true)
      .flatMap((bridge) => bridgeLacks(rules, layout, bridge.name)),
  ]
}

const ACCEPTING: readonly (string | undefined)[] = ['DOCKER', 'DOCKER-FORWARD']

// Rules of an administrator in DOCKER-USER are passed over when docker's own accept first. What isolates networks may stand before it: it only
// drops, and that is where dockerd puts it when it starts beside running containers (live-restore).
function disorder(rules: IptablesRules, { jumps: [first] }: DockerLayout): MissingRule[] {
  if (first === undefined) return []
  const at = positionOf(rules, 'filter', first)
  const accepted = chainOf(rules, 'filter', first.chain)?.rules.find(({ target }) =>
    ACCEPTING.includes(target),
  )?.position
  if (at === undefined || accepted === undefined || at < accepted) return []
  return [{ kind: 'filter-order', table: 'filter', chain: first.chain, rule: jumpText(first) }]
}

function bridgeLacks(rules: IptablesRules, layout: DockerLayout, bridge: string): MissingRule[] {
  const wanted = [
    { chain: layout.bridgeChain, rule: `-o ${bridge} -j DOCKER`, is: leadsToDocker },
    {
      chain: layout.establishedChain,
      rule: `-o ${bridge} -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT`,
      is: acceptsEstablished,
    },
    { chain: layout.outgoingChain, rule: `-i ${bridge} -j ACCEPT`, is: acceptsOutgoing },
  ]
  return wanted
    .filter(
      ({ chain, is }) => !(chainOf(rules, 'filter', chain)?.rules ?? []).some((rule) => is(rule, bridge)),
    )
    .map(({ chain, rule }) => ({
      kind: 'filter-rule',
      table: 'filter',
      chain,
      rule: `-A ${chain} ${rule}`,
      bridge,
    }))
}

function leadsToDocker(rule: IptablesRule, bridge: string): boolean {
  return rule.target === 'DOCKER' && isTo(rule, bridge)
}

function acceptsEstablished(rule: IptablesRule, bridge: string): boolean {
  const states = rule.matches.find(({ option }) => option === '--ctstate' || option === '--state')
  return rule.target === 'ACCEPT' && states?.values[0]?.includes('ESTABLISHED') === true && isTo(rule, bridge)
}

function acceptsOutgoing(rule: IptablesRule, bridge: string): boolean {
  const within = rule.matches.some(({ option, negate }) => option === '-o' && !negate)
  return rule.target === 'ACCEPT' && !within && names(rule, '-i', bridge)
}

// 28.0.0 keeps the bridges in an ipset, docker-ext-bridges-v4 or -v6.
function isTo(rule: IptablesRule, bridge: string): boolean {
  const set = rule.matches.find(({ option }) => option === '--match-set')?.values[0]
  return set?.startsWith('docker-ext-bridges') === true || names(rule, '-o', bridge)
}

function names(rule: IptablesRule, option: '-i' | '-o', bridge: string): boolean {
  return rule.matches.some((match) => match.option === option && !match.negate && match.values[0] === bridge)
}

function natLacks(
  rules: IptablesRules,
  bridges: readonly DockerBridge[],
  options: DockerRulesOptions & { readonly family: Family },
): MissingRule[] {
  const chains = NAT_CHAINS.filter((name) => chainOf(rules, 'nat', name) === undefined)
  const jumps = NAT_JUMPS.filter((jump) => positionOf(rules, 'nat', jump) === undefined)
  return [
    ...chains.map((chain) => ({ kind: 'nat-chain', table: 'nat', chain }) as const),
    ...jumps.map(
      (jump) => ({ kind: 'nat-jump', table: 'nat', chain: jump.chain, rule: jumpText(jump) }) as const,
    ),
    ...bridges.flatMap((bridge) => masqueradeLacks(rules, bridge, options)),
  ]
}

function masqueradeLacks(
  rules: IptablesRules,
  bridge: DockerBridge,
  { family, uplink }: DockerRulesOptions & { readonly family: Family },
): MissingRule[] {
  if (bridge.internal === true || bridge.masquerade === false) return []
  return subnetsOf(bridge, family)
    .filter((subnet) => !isTranslated(rules, bridge.name, subnet, family, uplink))
    .map((subnet) => ({
      kind: 'masquerade',
      table: 'nat',
      chain: 'POSTROUTING',
      rule: `-A POSTROUTING -s ${subnet} ! -o ${bridge.name} -j MASQUERADE`,
      bridge: bridge.name,
    }))
}

// Documentation addresses (RFC 5737, RFC 3849): somewhere outside.
const OUTSIDE = { 4: '198.51.100.1', 6: '2001:db8:ffff::1' } as const

/** Whether any rule may translate the source of a packet from the subnet to the outside. */
function isTranslated(
  rules: IptablesRules,
  iif: string,
  subnet: string,
  family: Family,
  oif: string | undefined,
): boolean {
  const firewall = family === 4 ? { iptables: [rules] } : { ip6tables: [rules] }
  const [src = ''] = subnet.split('/')
  const packet = defined({ iif, oif, src, dst: OUTSIDE[family], proto: 'tcp', sport: 40_000, dport: 443 })
  return traceSourceNat(firewall, packet, { localAddresses: [] }).verdict !== 'none'
}

function subnetsOf(bridge: DockerBridge, family: Family): string[] {
  return bridge.subnets
    .map(parseCidr)
    .filter((cidr) => cidr?.family === family)
    .map((cidr) => (cidr === undefined ? '' : formatCidr(cidr)))
}

function positionOf(rules: IptablesRules, table: string, jump: Jump): number | undefined {
  return chainOf(rules, table, jump.chain)?.rules.find(({ target }) => target === jump.target)?.position
}

function jumpText({ chain, target }: Jump): string {
  return `-A ${chain} -j ${target}`
}
