/** How a port of the host is opened, in the words of whoever keeps the packet filter. */
import { firewalld, insertNftRule, insertRule, manual, runCommand, type Step } from '../model/fix.ts'
import { contains, PRIVATE_RANGES } from '../net/cidr.ts'
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
export const ruleInWords = ({ rule, chain }: Pick<Trace, 'rule' | 'chain'>): string => {
  if (rule) return `${rule.raw} (${rule.table} ${rule.chain})`
  return chain ? `the policy of ${chain.table} ${chain.chain}` : 'a policy'
}

const ACROSS_BOOTS = manual(
  'Write the same into whatever loads the rules at boot (iptables-persistent, nftables.conf, a script), or they are gone then.',
)

/** Wildcards it knows in sets only since 1.0.3: https://www.netfilter.org/projects/nftables/files/changes-nftables-1.0.3.txt */
export const insertNftAccept = ({ family, table, chain }: ChainRef, ...match: readonly string[]): Step =>
  insertNftRule({ family, table, chain, rule: [...match, 'accept'] })

function firewalldOpening({ protocol, port, from, subnet, zone }: Opening): Step {
  const where = zone ? { zone } : {}
  if (!from || !subnet) {
    return port === null
      ? firewalld({ ...where, what: 'protocol', value: protocol })
      : firewalld({ ...where, what: 'port', value: `${port}/${protocol}` })
  }
  const what = port === null ? `protocol value="${protocol}"` : `port port="${port}" protocol="${protocol}"`
  const value = `rule family="ipv4" source address="${subnet}" ${what} accept`
  return firewalld({ ...where, what: 'rich-rule', value })
}

/** ufw says itself that a rule is there already. */
const allowByUfw = (...rule: readonly string[]): Step =>
  runCommand(['ufw', 'allow', ...rule], {
    undo: ['ufw', 'delete', 'allow', ...rule],
    changes: ['/etc/ufw/user.rules', '/etc/ufw/user6.rules'],
  })

/** For all who reach the host. Where that may be everybody, a person says first who is meant. @param addresses the host's own, where they come in */
export function openToOthers(
  addresses: readonly string[],
  ...[keeper, openings, trace]: Parameters<typeof openPorts>
): readonly Step[] {
  const steps = openPorts(keeper, openings, trace)
  const open = addresses.find((address) => !PRIVATE_RANGES.some((range) => contains(range, address)))
  return open === undefined ? steps : [sayWhoIsMeant(open), ...steps]
}

const sayWhoIsMeant = (address: string): Step =>
  manual(
    `${address} is no private address: what is opened may be open to everybody. If only some are to come in, name them as the source in these commands.`,
  )

/** Several ports at once; what a person does besides is said once, at the end. */
export function openPorts(
  keeper: FirewallKeeper,
  openings: readonly Opening[],
  trace: Trace,
): readonly Step[] {
  const steps = openings.flatMap((opening) => openPort(keeper, opening, trace))
  const notes = steps.filter(({ kind }) => kind === 'manual')
  return [...steps.filter(({ kind }) => kind !== 'manual'), ...notes.slice(0, 1)]
}

function openPort(keeper: FirewallKeeper, opening: Opening, trace: Trace): Step[] {
  const { protocol, port, from } = opening
  if (keeper === 'ufw') {
    const where = from ? ['in', 'on', from] : []
    if (port !== null && !from) return [allowByUfw(`${port}/${protocol}`)]
    const to = ['to', 'any', ...(port === null ? [] : ['port', String(port)]), 'proto', protocol]
    return [allowByUfw(...where, ...to)]
  }
  if (keeper === 'firewalld') return [firewalldOpening(opening)]
  const { chain } = trace
  if (chain?.backend === 'nftables') {
    const side = from ? ['iifname', `"${from}"`] : []
    const what = port === null ? ['meta', 'l4proto', protocol] : [protocol, 'dport', String(port)]
    return [insertNftAccept(chain, ...side, ...what), ACROSS_BOOTS]
  }
  const program = chain?.backend === 'iptables-legacy' ? 'iptables-legacy' : 'iptables'
  const rule = [
    ...(from ? ['-i', from] : []),
    ...['-p', protocol],
    ...(port === null ? [] : ['--dport', String(port)]),
    ...['-j', 'ACCEPT'],
  ]
  return [insertRule({ program, table: 'filter', chain: 'INPUT', rule }), ACROSS_BOOTS]
}
