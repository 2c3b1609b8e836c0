/** The packet filter: the rules of both iptables backends, and nftables. Only root may read them. */
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
import { hasEffect, type IptablesBackend, type IptablesRules } from '../net/iptables.ts'
import { parseIptablesSave } from '../net/iptables-save.ts'
import { type NftRuleset, parseNftRuleset } from '../net/nftables.ts'

/** The `iptables` command, which the engine programs its rules with. */
export interface IptablesProgram {
  /** e.g. `1.8.9`. */
  readonly version: string
  /** Before 1.8 there was only legacy. */
  readonly backend: IptablesBackend
}

/** Null where `iptables` is not installed. */
export const iptablesProgram: Fact<IptablesProgram | null> = defineFact({
  name: 'iptablesProgram',
  about: 'Version and backend of the iptables command; null where it is not installed.',
  reads: { version: orAbsent(command(['iptables', '--version'])) },
  parse: ({ version }) => {
    const [, number, backend] = /v(\d+(?:\.\d+)+)(?:\s+\((\w+)\))?/.exec(version?.stdout ?? '') ?? []
    return number ? { version: number, backend: backend === 'nf_tables' ? 'nft' : 'legacy' } : null
  },
})

const SAVE = command(['iptables-save'])
const SAVE_BY: Readonly<Record<IptablesBackend, CommandSource>> = {
  nft: command(['iptables-nft-save']),
  legacy: command(['iptables-legacy-save']),
}

/** Null where only root may read the list, or where the kernel keeps none: no legacy table was ever loaded. */
const legacyTables: Fact<readonly string[]> = defineFact({
  name: 'legacyTables',
  about: 'The legacy iptables tables that the kernel has loaded.',
  reads: { names: orAbsent(file('/proc/net/ip_tables_names')) },
  parse: ({ names }) => names?.split('\n').filter(Boolean) ?? [],
})

const savedRules: Fact<IptablesRules | null> = defineFact({
  name: 'savedIptables',
  about: 'The rules that iptables-save prints; null where it is not installed.',
  reads: { save: asReading(SAVE) },
  parse: ({ save }) => (save.state === 'absent' ? null : parseIptablesSave(textOrUnavailable(SAVE, save))),
})

export interface Iptables {
  /** The rules of the backend that the engine uses; null where iptables is not installed. */
  readonly active: IptablesRules | null
  /** The rules of the other backend, where it has any that do something: both sets then apply to every packet. */
  readonly other: IptablesRules | null
}

/**
 * The rules of both backends. `iptables-save` is asked first; a second program only where it is of another backend than
 * `iptables` itself, or where the other backend may have rules.
 */
export const iptables: Fact<Iptables> = defineFact({
  name: 'iptables',
  about: 'The IPv4 rules of the iptables backend in use, and of the other one where it has any.',
  needs: { program: iptablesProgram, saved: savedRules, legacyTables },
  reads: ({ program, saved, legacyTables }): Record<string, AsReading<CommandSource>> => {
    const has = backendOf(saved)
    const also = has === 'legacy' || program?.backend === 'nft' ? 'nft' : 'legacy'
    const missing = has === 'nft' ? 'legacy' : also
    const worthwhile = missing === 'nft' || program?.backend === 'legacy' || legacyTables.length > 0
    return saved && has !== missing && worthwhile ? { second: asReading(SAVE_BY[missing]) } : {}
  },
  reading: '$ iptables-nft-save or $ iptables-legacy-save (where that backend may have rules too)',
  parse: ({ second }, { program, saved }): Iptables => {
    const text = second && worked(second)
    const rules = typeof text === 'string' ? parseIptablesSave(text) : null
    const swapped = rules !== null && program !== null && backendOf(saved) !== program.backend
    const [active, other] = swapped ? [rules, saved] : [saved, rules]
    return { active, other: other && hasEffect(other) ? other : null }
  },
})

/** iptables-save before 1.8 does not name its backend: it was the only one. */
const backendOf = (rules: IptablesRules | null): IptablesBackend => rules?.backend ?? 'legacy'

const NFT = command(['nft', '-j', 'list', 'ruleset'])

/** The whole nftables rule set, iptables-nft's own tables included; null where `nft` is not installed. */
export const nftables: Fact<NftRuleset | null> = defineFact({
  name: 'nftables',
  about: 'The nftables rule set; null where nft is not installed.',
  reads: { ruleset: asReading(NFT) },
  parse: ({ ruleset }) => {
    if (ruleset.state === 'absent') return null
    return parseNftRuleset(textOrUnavailable(NFT, ruleset).trim() || '{"nftables":[]}')
  },
})

const worked = (reading: Reading<CommandSource>): string | null =>
  reading.state === 'ok' && reading.value.exit === 0 ? reading.value.stdout : null

function textOrUnavailable(source: CommandSource, reading: Reading<CommandSource>): string {
  return worked(reading) ?? unavailable(sourceKey(source), whyNot(reading))
}

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
