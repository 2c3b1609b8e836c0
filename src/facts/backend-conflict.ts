/** Would the rules of a backend that the engine does not use stop the packets of containers? */
import type { IptablesRules } from '../net/iptables.ts'
import { traceForward } from '../net/path/trace.ts'

/** Out of the default bridge and back in: what a container needs, whatever its addresses are. */
const PACKETS = [
  {
    iif: 'docker0',
    oif: 'eth0',
    src: '172.17.0.2',
    dst: '8.8.4.4',
    proto: 'tcp',
    dport: 443,
    ctstate: 'new',
  },
  { iif: 'eth0', oif: 'docker0', src: '8.8.4.4', dst: '172.17.0.2', proto: 'tcp', dport: 80, ctstate: 'new' },
] as const

/** The rule, or the policy, that stops them; null where none certainly does. */
export function dropsForwarded(rules: IptablesRules): string | null {
  for (const packet of PACKETS) {
    const trace = traceForward({ iptables: [rules] }, packet)
    if (trace.verdict !== 'drop' && trace.verdict !== 'reject') continue
    return trace.rule?.raw ?? `policy DROP of ${trace.chain?.chain ?? 'FORWARD'}`
  }
  return null
}
