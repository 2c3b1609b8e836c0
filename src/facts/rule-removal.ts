/** How a rule of the packet filter is taken out: the very rule that was found. */
import { deleteRule, manual, type Step } from '../model/fix.ts'
import type { RuleRef } from '../net/path/program.ts'

const KEEP = manual(
  'Find what adds the rule at boot (firewalld, ufw, a script, iptables-persistent) and change it there too.',
)

/** `-D CHAIN n` would hit another one if the rules have moved meanwhile. */
export function takeOut(rule: RuleRef): readonly Step[] {
  const program = rule.backend === 'iptables-legacy' ? rule.backend : 'iptables'
  if (!isPlain(rule)) return [manual(`Remove from ${rule.chain}: ${rule.raw}`), KEEP]
  const [, chain = rule.chain, ...words] = rule.raw.split(/\s+/)
  return [deleteRule({ program, table: rule.table, chain, rule: words }), KEEP]
}

/** Whether the rule can be taken out by a command. */
export const isPlain = (rule: RuleRef): boolean => rule.raw.startsWith('-A ') && !/["'\\]/.test(rule.raw)
