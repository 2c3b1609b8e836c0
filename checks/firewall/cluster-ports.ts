import { UNREACHABLE } from '../../src/diagnose/phenomena.ts'
import { CLUSTER, FAILS, REACH } from '../../src/diagnose/words.ts'
import { uplink } from '../../src/facts/bridges.ts'
import { type InputFilter, inputFilter } from '../../src/facts/input-rules.ts'
import { openToOthers, ruleInWords } from '../../src/facts/open-port.ts'
import { settings } from '../../src/facts/settings.ts'
import { type Swarm, swarm } from '../../src/facts/swarm.ts'
import { defineCheck, type Found, fail, type Reporter } from '../../src/model/check.ts'
import type { Values } from '../../src/model/fact.ts'
import { fix } from '../../src/model/fix.ts'
import { among, says, shows } from '../../src/model/symptom.ts'

const needs = { settings, swarm, input: inputFilter, uplink }

const findings = {
  blocked: fail('{port}, by which the nodes of a swarm keep in touch, is closed here by {rule}'),
  dataBlocked: fail(
    '{port}, by which containers on different nodes reach each other, is closed here by {rule}',
  ),
  encryptionBlocked: fail(
    'ESP (protocol 50), which an encrypted overlay network needs, is closed here by {rule}',
  ),
}
type Finding = keyof typeof findings

interface Wanted {
  readonly finding: Finding
  readonly protocol: string
  readonly port: number | null
}

/** @see https://docs.docker.com/engine/swarm/swarm-tutorial/#open-protocols-and-ports-between-the-hosts */
const wanted = ({ active, manager, dataPort, encrypted }: Swarm): readonly Wanted[] => [
  // Workers are asked for nothing there; before it joins a host may become either.
  ...(manager || !active ? [{ finding: 'blocked', protocol: 'tcp', port: 2377 } as const] : []),
  { finding: 'blocked', protocol: 'tcp', port: 7946 },
  { finding: 'blocked', protocol: 'udp', port: 7946 },
  { finding: 'dataBlocked', protocol: 'udp', port: dataPort },
  ...(encrypted ? [{ finding: 'encryptionBlocked', protocol: 'esp', port: null } as const] : []),
]

/** Closed to everybody, or to a manager that is known by its address. */
function judge(
  one: Wanted,
  { swarm, input }: Values<typeof needs>,
  way: InputFilter['outer'][number],
  report: Reporter<typeof findings>,
): readonly Found[] {
  const { protocol, port } = one
  const entry = {
    iif: way.name,
    dst: way.address,
    proto: protocol,
    ...(port === null ? {} : { dport: port }),
  }
  const sources = [{}, ...(swarm?.managers ?? []).map((src) => ({ src }))]
  const trace = sources.map((from) => input.stops({ ...entry, ...from })).find((stopped) => stopped !== null)
  if (!trace) return []
  const rule = ruleInWords(trace)
  const name = port === null ? 'ESP' : `${port}/${protocol}`
  const cure = fix(
    `Open ${name} for the other nodes`,
    ...openToOthers([way.address], input.keeper, [{ protocol, port, zone: way.zone }], trace),
  )
  if (one.finding === 'encryptionBlocked') return [report(one.finding, { rule }, cure)]
  return [report(one.finding, { port: name, rule }, cure)]
}

export default defineCheck({
  id: 'firewall/cluster-ports',
  title: 'The ports between the nodes of a swarm are open here',
  why: 'A closed one keeps nodes from joining, services from being found, or containers on two nodes from reaching each other.',
  profiles: ['swarm', 'docker'],
  needs,
  causedBy: ['firewall/firewalld', 'firewall/backends'],
  needsRoot: true,
  symptoms: () => [
    shows(/\b(?:2377|7946|4789)\b/, 0.7),
    shows(/--dports? (?:[\d:]+,)*(?:2377|7946|4789)\b[^\n]*-j (?:DROP|REJECT)/, 0.93),
    shows(
      /Timeout was reached before node (?:was )?joined|could not connect to prospective new cluster member|memberlist: (?:Failed|Suspect|Marking)|rpc error: code = (?:Unavailable|DeadlineExceeded)[^\n]*(?:swarm|2377|manager)|The swarm does not have a leader/,
      0.88,
    ),
    says([CLUSTER, FAILS, REACH], 0.35),
    says([/\bswarm\b/, /\bjoin|\bcreate|\binit|\bnodes?\b|\boverlay|加入|集群/, FAILS], 0.7),
    says([/\boverlay\b/, /\bswarm\b|\bnetwork/, /no route|timeout|unreachable|ping|超时/], 0.8),
    among(UNREACHABLE, 0.05),
    says(
      [
        /\bone host to another|\bacross (?:the )?(?:hosts?|nodes?|machines?)|\bbetween (?:the |two |different )?(?:hosts?|nodes?|machines?|vms?|servers?)|\bdifferent (?:hosts?|nodes?|machines?|vms?)|\bother (?:hosts?|nodes?)|\bcross[- ]?(?:host|node)|\bmulti-?(?:host|node)|跨主机|跨节点|不同(?:主机|节点)/,
        /\bcontainers?\b|\bservices?\b|\bpods?\b|\boverlay|\bping|\breach|容器|服务/,
        FAILS,
      ],
      0.3,
    ),
    says([/\bswarm\b|\bswarm mode|docker service/, FAILS], 0.25),
    says(/\bvxlan|\boverlay network|\bingress network|\brouting mesh/, 0.7),
    shows(
      /heartbeat failure|peer (?:disconnected|removed)|no suitable node|networkdb|gossip|agent: session failed|could not choose an IP address/,
      0.6,
    ),
    says([/\bswarm\b|集群/, /\bdown\b|\bunreachable|\bdisconnect|\bleader|\bmanager|\bworker|节点/], 0.6),
  ],
  findings,
  evaluate(facts, report) {
    const { settings, swarm, input, uplink } = facts
    if (!swarm) return report.skip('the engine is not running')
    if (!swarm.active && settings.profile !== 'swarm') return report.skip('this host is in no swarm')
    if (swarm.alone && settings.profile !== 'swarm')
      return report.skip('this host is the only node of its swarm')
    const way =
      input.outer.find(({ address }) => address === swarm.address) ??
      input.outer.find(({ name }) => name === uplink)
    if (!way) return report.skip('this host has no interface that other nodes could reach')
    return report.all(
      wanted(swarm).flatMap((one) => judge(one, facts, way, report)),
      () => report.pass(`on ${way.name}`),
    )
  },
})
