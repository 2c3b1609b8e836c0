/** How a port of the host is opened, in the words of whoever keeps the packet filter. */
import { manual, runCommand, type Step } from '../model/fix.ts'
import type { ChainRef } from '../net/path/program.ts'
import type { Trace } from '../net/path/trace.ts'

export type FirewallKeeper = 'ufw' | 'firewalld' | 'nobody'

export interface Opening {
  /** `tcp`, `udp`, or a protocol without ports such as `esp`. */
  readonly protocol: string
  readonly port: number | null
  /** Only for what comes in there; everywhere without it. */
  readonly from?: string
  /** The subnet behind it, by which firewalld tells what comes in there from what else is in its zone. */
  readonly subnet?: string | undefined
  /** firewalld's zone of the interface; its default zone without it. */
  readonly zone?: string | undefined
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

/** nft would insert a rule once more each time. Wildcards it knows in sets only since 1.0.3: https://www.netfilter.org/projects/nftables/files/changes-nftables-1.0.3.txt */
export function insertNftAccept(at: ChainRef, ...match: readonly string[]): Step {
  const [rule, chain] = [
    [...match, 'accept'],
    [at.family, at.table, at.chain],
  ]
  const there = 'nft list chain "$1" "$2" "$3" | grep -qF -- "$4"'
  return runCommand(['nft', 'insert', 'rule', ...chain, ...rule], {
    unless: ['sh', '-c', there, 'sh', ...chain, rule.join(' ')],
  })
}

function firewalldOpening({ protocol, port, from, subnet, zone }: Opening): string[] {
  const where = zone ? [`--zone=${zone}`] : []
  if (!from || !subnet)
    return [...where, port === null ? `--add-protocol=${protocol}` : `--add-port=${port}/${protocol}`]
  const what = port === null ? `protocol value="${protocol}"` : `port port="${port}" protocol="${protocol}"`
  return [...where, `--add-rich-rule=rule family="ipv4" source address="${subnet}" ${what} accept`]
}

export function openPort(keeper: FirewallKeeper, opening: Opening, trace: Trace): Step[] {
  const { protocol, port, from } = opening
  if (keeper === 'ufw') {
    const where = from ? ['in', 'on', from] : []
    if (port !== null && !from) return [runCommand(['ufw', 'allow', `${port}/${protocol}`])]
    const to = ['to', 'any', ...(port === null ? [] : ['port', String(port)]), 'proto', protocol]
    return [runCommand(['ufw', 'allow', ...where, ...to])]
  }
  if (keeper === 'firewalld') {
    const words = firewalldOpening(opening)
    return [runCommand(['firewall-cmd', ...words]), runCommand(['firewall-cmd', '--permanent', ...words])]
  }
  const { chain } = trace
  if (chain?.backend === 'nftables') {
    const side = from ? ['iifname', `"${from}"`] : []
    const what = port === null ? ['meta', 'l4proto', protocol] : [protocol, 'dport', String(port)]
    return [insertNftAccept(chain, ...side, ...what), ACROSS_BOOTS]
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
