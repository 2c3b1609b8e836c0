/** The packet filter: the rules of both iptables backends, and nftables. */
import {
  type AsReading,
  asReading,
  defineFact,
  type Fact,
  orAbsent,
  type Unreadable,
  unavailable,
} from '../model/fact.ts'
import type { Reading } from '../model/reading.ts'
import { type CommandSource, command, file, sourceKey } from '../model/source.ts'
import { hasEffect, type IptablesRules } from '../net/iptables.ts'
import { parseIptablesSave } from '../net/iptables-save.ts'
import { type NftRuleset, parseNftRuleset } from '../net/nftables.ts'

export interface Iptables {
  /** What the `iptables` command that the engine uses works on; null where it is not installed. */
  readonly active: IptablesRules | null
  /** The rules of the other backend, where it has any that do something: both sets then apply to every packet. */
  readonly other: IptablesRules | null
}

const SAVE = command(['iptables-save'])
const SAVE_NFT = command(['iptables-nft-save'])
const SAVE_LEGACY = command(['iptables-legacy-save'])

/** Names of the legacy tables that the kernel holds; null where the kernel keeps no such list, or only root may read it. */
const legacyTables: Fact<readonly string[] | null> = defineFact({
  name: 'legacyTables',
  about: 'The legacy iptables tables that the kernel has loaded.',
  reads: { names: orAbsent(file('/proc/net/ip_tables_names')) },
  parse: ({ names }) => names?.split('\n').filter(Boolean) ?? null,
})

const activeRules: Fact<IptablesRules | null> = defineFact({
  name: 'activeIptables',
  about: 'The rules that iptables-save prints; null where it is not installed.',
  reads: { save: asReading(SAVE) },
  parse: ({ save }) => rulesOf(SAVE, save),
})

/** The rules of both backends. Only root may read them. */
export const iptables: Fact<Iptables> = defineFact({
  name: 'iptables',
  about: 'The IPv4 rules of the iptables backend in use, and of the other one where it has any.',
  needs: { active: activeRules, legacyTables },
  reads: ({ active, legacyTables }): Record<string, AsReading<CommandSource>> => {
    if (active?.backend === 'legacy') return { other: asReading(SAVE_NFT) }
    return legacyTables && legacyTables.length > 0 && active?.backend === 'nft'
      ? { other: asReading(SAVE_LEGACY) }
      : {}
  },
  reading: '$ iptables-nft-save or $ iptables-legacy-save, whichever is not in use (where it may have rules)',
  parse: ({ other }, { active }): Iptables => {
    const rules = other && worked(other) !== null ? parseIptablesSave(worked(other) ?? '') : null
    return { active, other: rules && hasEffect(rules) ? rules : null }
  },
})

const NFT = command(['nft', '-j', 'list', 'ruleset'])

/** The whole nftables rule set, iptables-nft's own tables included; null where `nft` is not installed. Only root may read it. */
export const nftables: Fact<NftRuleset | null> = defineFact({
  name: 'nftables',
  about: 'The nftables rule set; null where nft is not installed.',
  reads: { ruleset: asReading(NFT) },
  parse: ({ ruleset }) => {
    if (ruleset.state === 'absent') return null
    const text = worked(ruleset)
    return text === null
      ? unavailable(sourceKey(NFT), whyNot(ruleset))
      : parseNftRuleset(text.trim() || '{"nftables":[]}')
  },
})

function rulesOf(source: CommandSource, reading: Reading<CommandSource>): IptablesRules | null {
  if (reading.state === 'absent') return null
  const text = worked(reading)
  return text === null ? unavailable(sourceKey(source), whyNot(reading)) : parseIptablesSave(text)
}

const worked = (reading: Reading<CommandSource>): string | null =>
  reading.state === 'ok' && reading.value.exit === 0 ? reading.value.stdout : null

/** Both programs exit with an error for an ordinary user, each in its own words. */
function whyNot(
  reading: Reading<CommandSource>,
): Pick<Unreadable, 'state' | 'reason'> & { durationMs: number } {
  if (reading.state !== 'ok') return reading
  const said = reading.value.stderr.trim().split('\n')[0] ?? ''
  const denied = /permission denied|operation not permitted|must be root/i.test(reading.value.stderr)
  return {
    state: denied ? 'denied' : 'failed',
    reason: denied ? 'only root may read it' : said,
    durationMs: 0,
  }
}
