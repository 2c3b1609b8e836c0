import type { Family } from '../cidr.ts'
import type { IptablesRules, IptablesTable } from '../iptables.ts'
import { nftOwner } from '../nft-owner.ts'
import type { NftRuleset, NftTable } from '../nftables.ts'
import { iptablesBaseChains } from './iptables-program.ts'
import { nftBaseChains } from './nft-program.ts'
import { type BaseChain, type Hook, nftFamily } from './program.ts'

/** Everything on a host that may stop or translate a packet. What is left out is taken to hold no rules. */
export interface Firewall {
  /** `iptables-save` outputs, one per backend that is in use (`iptables-nft-save`, `iptables-legacy-save`). */
  readonly iptables?: readonly IptablesRules[]
  /** The same for IPv6. */
  readonly ip6tables?: readonly IptablesRules[]
  readonly nftables?: NftRuleset
}

/**
 * All base chains on a hook, in the order in which the kernel runs them. Tables of iptables-nft are taken from
 * iptables-save where it shows them, for nft does not tell what their rules ask.
 */
export function firewallChains(firewall: Firewall, family: Family, hook: Hook): readonly BaseChain[] {
  const known = lowered.get(firewall) ?? new Map<string, readonly BaseChain[]>()
  lowered.set(firewall, known)
  const chains = known.get(`${family} ${hook}`) ?? chainsOn(firewall, family, hook)
  known.set(`${family} ${hook}`, chains)
  return chains
}

/** Many packets are walked through the same rules. */
const lowered = new WeakMap<Firewall, Map<string, readonly BaseChain[]>>()

function chainsOn(firewall: Firewall, family: Family, hook: Hook): BaseChain[] {
  const saved = (family === 4 ? firewall.iptables : firewall.ip6tables) ?? []
  const tables = (firewall.nftables?.tables ?? []).filter((table) => !isSaved(table, saved, family))
  return [
    ...saved.flatMap((rules) => iptablesBaseChains(rules, family, hook)),
    ...tables.flatMap((table) => nftBaseChains(table, family, hook)),
  ].sort((a, b) => a.priority - b.priority)
}

function isSaved(table: NftTable, saved: readonly IptablesRules[], family: Family): boolean {
  if (table.family !== nftFamily(family) || nftOwner(table) !== 'iptables') return false
  return saved.some(({ backend, tables }) => {
    const twin = tables[table.name]
    if (twin === undefined || backend === 'legacy') return false
    return backend === 'nft' || looksLike(twin, table)
  })
}

// Versions that do not name their backend are known by what they show.
function looksLike(saved: IptablesTable, table: NftTable): boolean {
  return table.chains.every((chain) => saved.chains[chain.name]?.rules.length === chain.rules.length)
}
