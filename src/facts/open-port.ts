/** How a port of the host is opened, in the words of whoever keeps the packet filter. */
import { manual, runCommand, type Step } from '../model/fix.ts'
import type { Trace } from '../net/path/trace.ts'

export type FirewallKeeper = 'ufw' | 'firewalld' | 'nobody'

export interface Opening {
  /** `tcp`, `udp`, or a protocol without ports such as `esp`. */
  readonly protocol: string
  readonly port: number | null
  /** Only for what comes in there; everywhere without it. */
  readonly from?: string
}

/** Who loads the rules of INPUT: their own command changes them now and for the next boot. */
export function keeperOf(facts: {
  readonly ufwOn: boolean
  readonly firewalldRuns: boolean
}): FirewallKeeper {
  if (facts.firewalldRuns) return 'firewalld'
  return facts.ufwOn ? 'ufw' : 'nobody'
}

/** A rule of the packet filter that stops packets, or a chain's policy, for people. */
export const ruleInWords = ({ rule, chain }: Trace): string => {
  if (rule) return `${rule.raw} (${rule.table} ${rule.chain})`
  return chain ? `the policy of ${chain.table} ${chain.chain}` : 'a policy'
}

const ACROSS_BOOTS = manual(
  'Write the same into whatever loads the rules at boot (iptables-persistent, nftables.conf, a script), or they are gone then.',
)

export function openPort(keeper: FirewallKeeper, { protocol, port, from }: Opening, trace: Trace): Step[] {
  if (keeper === 'ufw') {
    const where = from ? ['in', 'on', from] : []
    if (port !== null && !from) return [runCommand(['ufw', 'allow', `${port}/${protocol}`])]
    const to = ['to', 'any', ...(port === null ? [] : ['port', String(port)]), 'proto', protocol]
    return [runCommand(['ufw', 'allow', ...where, ...to])]
  }
  if (keeper === 'firewalld') {
    const what = port === null ? `--add-protocol=${protocol}` : `--add-port=${port}/${protocol}`
    return [runCommand(['firewall-cmd', what]), runCommand(['firewall-cmd', '--permanent', what])]
  }
  const { chain } = trace
  if (chain?.backend === 'nftables') {
    const side = from ? ['iifname', from] : []
    const what = port === null ? ['meta', 'l4proto', protocol] : [protocol, 'dport', String(port)]
    const at = [chain.family, chain.table, chain.chain] as const
    return [runCommand(['nft', 'insert', 'rule', ...at, ...side, ...what, 'accept']), ACROSS_BOOTS]
  }
  const program = chain?.backend === 'iptables-legacy' ? 'iptables-legacy' : 'iptables'
  const spec = [
    'INPUT',
    ...(from ? ['-i', from] : []),
    ...['-p', protocol],
    ...(port === null ? [] : ['--dport', String(port)]),
    ...['-j', 'ACCEPT'],
  ]
  return [
    runCommand([program, '-w', '-I', ...spec], { unless: [program, '-w', '-C', ...spec] }),
    ACROSS_BOOTS,
  ]
}
