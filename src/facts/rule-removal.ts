/** How a rule of the packet filter is taken out: the very rule that was found. */
import { deleteRule, manual, type Step } from '../model/fix.ts'
import type { RuleRef } from '../net/path/program.ts'

/** As much of a rule as names it. */
type Named = Pick<RuleRef, 'table' | 'raw'> & Partial<Pick<RuleRef, 'backend' | 'family' | 'chain'>>

const KEEP = manual(
  'Find what adds the rule at boot (firewalld, ufw, a script, iptables-persistent, nftables.conf) and change it there too.',
)

/** `-D CHAIN n` would hit another one if the rules have moved meanwhile. Where one cannot be written as a command, all are left to a person. */
export function takeOut(...rules: readonly Named[]): readonly Step[] {
  const steps = rules.every(isPlain)
    ? rules.map(takeOutOne)
    : rules.map(({ backend, family, table, chain = table, raw }) => {
        if (backend !== 'nftables') return manual(`Remove from ${chain}: ${raw}`)
        const place = family ? `${family} ${table} ${chain}` : chain
        return manual(
          `Remove ${raw}: nft -a list chain ${place} shows its handle, for nft delete rule ${place} handle N`,
        )
      })
  return [...steps, KEEP]
}

function takeOutOne(rule: Named): Step {
  const program = rule.backend === 'iptables-legacy' ? rule.backend : 'iptables'
  const [, chain = '', ...words] = rule.raw.split(/\s+/)
  return deleteRule({ program, table: rule.table, chain, rule: words })
}

/** Whether the rule can be taken out by a command. */
export const isPlain = (rule: Named): boolean => rule.raw.startsWith('-A ') && !/["'\\]/.test(rule.raw)
