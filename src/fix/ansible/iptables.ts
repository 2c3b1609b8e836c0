/** A rule in the words of Ansible's iptables module, which knows only some. */
import type { IptablesStep } from '../../model/fix.ts'
import { data, type Yaml } from './yaml.ts'

/** Options with one value, and their names in the module. */
const OPTIONS: Readonly<Record<string, string>> = {
  '-i': 'in_interface',
  '-o': 'out_interface',
  '-s': 'source',
  '-d': 'destination',
  '-p': 'protocol',
  '-j': 'jump',
  '--dport': 'destination_port',
  '--sport': 'source_port',
  '--ctstate': 'ctstate',
  '--comment': 'comment',
}
const MATCHES: ReadonlySet<string> = new Set(['tcp', 'udp', 'conntrack', 'comment'])
const NEGATABLE: ReadonlySet<string> = new Set(['-i', '-o', '-s', '-d', '-p'])
const VERSIONS: Readonly<Record<string, string>> = { iptables: 'ipv4', ip6tables: 'ipv6' }

/** The module's arguments, or null where it lacks words for the rule. */
export function iptablesArguments({ program, action, table, chain, rule }: IptablesStep): Yaml | null {
  const version = VERSIONS[program]
  // It puts variables of the environment into its arguments.
  if (version === undefined || action !== 'insert' || rule.some((word) => word.includes('$'))) return null
  const found: Record<string, Yaml> = {}
  for (let at = 0; at < rule.length; at += 2) {
    if (rule[at] === '-m' && MATCHES.has(rule[at + 1] ?? '')) continue
    const not = rule[at] === '!'
    if (not) at += 1
    const option = rule[at] ?? ''
    const name = OPTIONS[option]
    const value = rule[at + 1]
    if (name === undefined || value === undefined || name in found || (not && !NEGATABLE.has(option)))
      return null
    found[name] = name === 'ctstate' ? value.split(',').map(data) : data(not ? `!${value}` : value)
  }
  return {
    table: data(table),
    chain: data(chain),
    action: 'insert',
    ip_version: version,
    wait: '5',
    ...found,
  }
}
