/** Which kernel mechanism a set of iptables rules lives in; both may be loaded at once, and both then apply. */
export type IptablesBackend = 'nft' | 'legacy'

/** What `iptables-save` or `ip6tables-save` printed. Names come from the host: records have no prototype. */
export interface IptablesRules {
  readonly tables: Readonly<Record<string, IptablesTable>>
  /** The program's version from its header comment, e.g. `1.8.9`. */
  readonly version?: string
  /** From the header comment or the warnings; undefined when the text does not say (older versions). */
  readonly backend?: IptablesBackend
  /** iptables-nft's note that tables of the other backend are loaded too. */
  readonly legacyTablesPresent: boolean
  /** Tables which iptables-nft says it cannot show, because `nft` made them: they hold rules not seen here. */
  readonly incompatibleTables: readonly string[]
  /** Lines that are none of iptables-save's. */
  readonly skipped: readonly { readonly line: number; readonly text: string }[]
}

export interface IptablesTable {
  readonly name: string
  readonly chains: Readonly<Record<string, IptablesChain>>
}

export interface IptablesChain {
  readonly name: string
  /** `ACCEPT` or `DROP` on built-in chains; absent on chains that somebody made. */
  readonly policy?: string
  readonly packets?: number
  readonly bytes?: number
  readonly rules: readonly IptablesRule[]
}

export interface IptablesRule {
  /** The rule as printed, without counters: `-A FORWARD -o docker0 -j DOCKER`. */
  readonly raw: string
  /** 1-based line in the text. */
  readonly line: number
  /** 1-based place in its chain, as `iptables -D CHAIN n` counts. */
  readonly position: number
  readonly packets?: number
  readonly bytes?: number
  readonly matches: readonly IptablesMatch[]
  /** Text of `-m comment`. */
  readonly comment?: string
  /** What `-j` or `-g` names: a verdict, an extension, or a chain. Absent: the rule only counts. */
  readonly target?: string
  /** True for `-g`: after the chain, evaluation goes on where the calling chain's caller left off. */
  readonly goto: boolean
  readonly targetOptions: readonly IptablesMatch[]
}

/** One option of a rule: `! -i docker0`, `--dport 80`, `--tcp-flags SYN,RST SYN`. */
export interface IptablesMatch {
  /** The `-m` module that was named last before it; absent for the built-in `-s -d -i -o -p -f`. */
  readonly module?: string
  /** As spelled in short form where there is one: `-s`, `-d`, `-i`, `-o`, `-p`, `--dport`. */
  readonly option: string
  readonly values: readonly string[]
  /** `!` before the option (new form) or before its value (before 1.4.3). */
  readonly negate: boolean
}

/** A chain of a table, when both exist. */
export function chainOf(rules: IptablesRules, table: string, chain: string): IptablesChain | undefined {
  return rules.tables[table]?.chains[chain]
}

/** Whether there is any rule, or a policy other than ACCEPT: a backend with neither has no say. */
export function hasEffect(rules: IptablesRules): boolean {
  return Object.values(rules.tables).some((table) =>
    Object.values(table.chains).some(
      (chain) => chain.rules.length > 0 || (chain.policy ?? 'ACCEPT') !== 'ACCEPT',
    ),
  )
}
