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
import {
  type CommandSource,
  command,
  file,
  type Stat,
  type StatSource,
  sourceKey,
  stat,
} from '../model/source.ts'
import { hasEffect, type IptablesBackend, type IptablesRules } from '../net/iptables.ts'
import { parseIptablesSave } from '../net/iptables-save.ts'
import { type NftRuleset, parseNftRuleset } from '../net/nftables.ts'
import { engineMayRun } from './engine.ts'
import { program } from './programs.ts'

/** The `iptables` command, which the engine programs its rules with. */
export interface IptablesProgram {
  readonly path: string
  readonly backend: IptablesBackend
}

/**
 * The backend of an iptables program, by the name of the file that its links lead to. Before 1.8 there was only legacy.
 * @see https://manpages.debian.org/bookworm/iptables/xtables-nft.8.en.html
 */
const backendByFile = ({ realPath = '' }: Stat): IptablesBackend => (/nft/.test(realPath) ? 'nft' : 'legacy')

const programOf = (name: string): Fact<IptablesProgram | null> =>
  defineFact({
    name: `iptablesProgram(${name})`,
    about: `Where ${name} is and which backend it works on; null where it is not installed.`,
    needs: { path: program(name) },
    reads: ({ path }): Record<string, StatSource> => (path === null ? {} : { meta: stat(path) }),
    reading: `stat of ${name}`,
    parse: ({ meta }, { path }) => (path !== null && meta ? { path, backend: backendByFile(meta) } : null),
  })

export const iptablesProgram: Fact<IptablesProgram | null> = programOf('iptables')
const saveProgram = programOf('iptables-save')

const SAVE = command(['iptables-save'])
const SAVE_BY: Readonly<Record<IptablesBackend, CommandSource>> = {
  nft: command(['iptables-nft-save']),
  legacy: command(['iptables-legacy-save']),
}

/** Empty where the kernel keeps no such list: no legacy table was ever loaded. */
const legacyTables: Fact<readonly string[]> = defineFact({
  name: 'legacyTables',
  about: 'The legacy iptables tables that the kernel has loaded.',
  reads: { names: orAbsent(file('/proc/net/ip_tables_names')) },
  parse: ({ names }) => names?.split('\n').filter(Boolean) ?? [],
})

const savedRules: Fact<IptablesRules | null> = defineFact({
  name: 'savedIptables',
  about: 'The rules that iptables-save prints; null where it is not installed, or no engine runs.',
  needs: { save: saveProgram, engineMayRun },
  reads: ({ save, engineMayRun }): Record<string, AsReading<CommandSource>> =>
    save && engineMayRun ? { text: asReading(SAVE) } : {},
  reading: '$ iptables-save (where an engine runs)',
  parse: ({ text }) => (text ? parseIptablesSave(textOrUnavailable(SAVE, text)) : null),
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
  needs: { program: iptablesProgram, save: saveProgram, saved: savedRules, legacyTables },
  reads: ({ save, saved, legacyTables }): Record<string, AsReading<CommandSource>> => {
    if (!save || !saved) return {}
    if (save.backend === 'legacy') return { second: asReading(SAVE_BY.nft) }
    return legacyTables.length > 0 ? { second: asReading(SAVE_BY.legacy) } : {}
  },
  reading: '$ iptables-nft-save or $ iptables-legacy-save (where that backend may have rules too)',
  parse: ({ second }, { program, save, saved }): Iptables => {
    const asked = save && SAVE_BY[save.backend === 'legacy' ? 'nft' : 'legacy']
    const rules =
      asked && second && second.state !== 'absent' && !isUnsupported(second)
        ? parseIptablesSave(textOrUnavailable(asked, second))
        : null
    const swapped = program !== null && save !== null && program.backend !== save.backend
    const [active, other] = swapped ? [rules, saved] : [saved, rules]
    return { active, other: other && hasEffect(other) ? other : null }
  },
})

/** The programs that tell the rules, by name: of the backend in use, and of the other one where it may have rules. */
export const savePrograms: Fact<readonly string[]> = defineFact({
  name: 'savePrograms',
  about: 'The programs that print the iptables rules of the backends in use; empty without an engine.',
  needs: { save: saveProgram, engineMayRun, legacyTables },
  parse: (_, { save, engineMayRun, legacyTables }): readonly string[] => {
    if (!save || !engineMayRun) return []
    if (save.backend === 'legacy') return ['iptables-save', 'iptables-nft-save']
    return legacyTables.length > 0 ? ['iptables-save', 'iptables-legacy-save'] : ['iptables-save']
  },
})

export const NFT_RULESET: CommandSource = command(['nft', '-j', 'list', 'ruleset'])

/** The whole nftables rule set, iptables-nft's own tables included; null where `nft` is not installed. */
export const nftables: Fact<NftRuleset | null> = defineFact({
  name: 'nftables',
  about: 'The nftables rule set; null where nft is not installed, or no engine runs.',
  needs: { nft: program('nft'), engineMayRun },
  reads: ({ nft, engineMayRun }): Record<string, AsReading<CommandSource>> =>
    nft !== null && engineMayRun ? { ruleset: asReading(NFT_RULESET) } : {},
  reading: `${sourceKey(NFT_RULESET)} (where an engine runs)`,
  parse: ({ ruleset }) => {
    if (!ruleset) return null
    return parseNftRuleset(textOrUnavailable(NFT_RULESET, ruleset).trim() || '{"nftables":[]}')
  },
})

/** What a program says whose backend the kernel lacks. @see https://git.netfilter.org/iptables/tree/iptables/nft.c */
export const UNSUPPORTED: RegExp =
  /Failed to initialize nft|Protocol not supported|can't initialize iptables table/i

/** Such a backend holds no rules. */
const isUnsupported = (reading: Reading<CommandSource>): boolean =>
  reading.state === 'ok' && reading.value.exit !== 0 && UNSUPPORTED.test(reading.value.stderr)

const worked = (reading: Reading<CommandSource>): string | null =>
  reading.state === 'ok' && !reading.truncated && reading.value.exit === 0 ? reading.value.stdout : null

function textOrUnavailable(source: CommandSource, reading: Reading<CommandSource>): string {
  return worked(reading) ?? unavailable(sourceKey(source), whyNot(reading))
}

/** Both programs exit with an error for an ordinary user, each in its own words. */
function whyNot(
  reading: Reading<CommandSource>,
): Pick<Unreadable, 'state' | 'reason'> & { durationMs: number } {
  if (reading.state !== 'ok') return reading
  const said = reading.value.stderr.trim().split('\n')[0] ?? ''
  if (reading.truncated) return { state: 'failed', reason: 'it said more than is read', durationMs: 0 }
  const denied = /permission denied|operation not permitted|must be root/i.test(reading.value.stderr)
  return {
    state: denied ? 'denied' : 'failed',
    reason: denied ? 'only root may read it' : said,
    durationMs: 0,
  }
}
