/** How a rule of the packet filter is taken out: the very rule that was found. */
import { deleteRule, manual, type Step } from '../model/fix.ts'
import type { RuleRef } from '../net/path/program.ts'

/** As much of a rule as names it. */
type Named = Pick<RuleRef, 'table' | 'raw'> & Partial<Pick<RuleRef, 'backend' | 'chain'>>

const KEEP = manual(
  'Find what adds the rule at boot (firewalld, ufw, a script, iptables-persistent, nftables.conf) and change it there too.',
)

/** `-D CHAIN n` would hit another one if the rules have moved meanwhile. Where one cannot be written as a command, all are left to a person. */
export function takeOut(...rules: readonly Named[]): readonly Step[] {
  const steps = rules.every(isPlain)
    ? rules.map(takeOutOne)
    : rules.map(({ backend, table, chain = table, raw }) =>
        backend === 'nftables'
          ? manual(
              `Remove ${raw}: nft -a list chain ${chain} shows its handle, for nft delete rule ${chain} handle N`,
            )
          : manual(`Remove from ${chain}: ${raw}`),
      )
  return [...steps, KEEP]
}

function takeOutOne(rule: Named): Step {
  const program = rule.backend === 'iptables-legacy' ? rule.backend : 'iptables'
  const [, chain = '', ...words] = rule.raw.split(/\s+/)
  return deleteRule({ program, table: rule.table, chain, rule: words })
}

/** Whether the rule can be taken out by a command. */
export const isPlain = (rule: Named): boolean => rule.raw.startsWith('-A ') && !/["'\\]/.test(rule.raw)
