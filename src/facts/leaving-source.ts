/** With which source address the named container's packets leave this host for its target. */
import { defineFact, type Fact, maybe } from '../model/fact.ts'
import { parseAddress } from '../net/cidr.ts'
import { wayOf } from '../net/fib.ts'
import type { RuleRef } from '../net/path/program.ts'
import { type NatTrace, traceSourceNat } from '../net/path/trace.ts'
import { engineBridges } from './engine-bridges.ts'
import { CLIENT_PORT, firewall, hostView, OUTSIDE } from './forwarding-paths.ts'
import { insideOut } from './named-probes.ts'
import { namedWay } from './named-way.ts'
import { interfaces, routes, routingRules } from './network.ts'
import { sideOf, targetPlace } from './target-place.ts'

export interface LeavingSource {
  /** For people: an IPv4 address, or `the outside` where the target's is not known. */
  readonly target: string
  /** With an address of this host, with the container's own, with one that nobody here has, or it hangs on what cannot be judged. */
  readonly as: 'host' | 'own' | 'foreign' | 'undecided'
  /** Of `foreign`. */
  readonly address?: string
  /** Of `own`, what excepts it from translation; of `foreign`, what translates it. */
  readonly rule?: RuleRef
}

/** Ends a chain before what would translate. */
const excepts = ({ raw }: RuleRef): boolean => /-[jg] (?:ACCEPT|RETURN)\b|\b(?:accept|return)$/.test(raw)

function sourceBy(trace: NatTrace, target: string, own: ReadonlySet<string>): LeavingSource {
  const { verdict, nat, rule, path } = trace
  if (verdict === 'undecided') return { target, as: 'undecided' }
  if (verdict === 'none') {
    const except = path.findLast(({ rule, match }) => match === 'yes' && excepts(rule))?.rule
    return { target, as: 'own', ...(except ? { rule: except } : {}) }
  }
  const address = nat?.to
  if (verdict !== 'snat' || !address || !parseAddress(address) || own.has(address))
    return { target, as: 'host' }
  return { target, as: 'foreign', address, ...(rule ? { rule } : {}) }
}

/** Null where the packets do not leave this host by a route. */
export const leavingSource: Fact<LeavingSource | null> = defineFact({
  name: 'leavingSource',
  about: 'With which source address packets of the named container leave this host for its target.',
  needs: {
    way: namedWay,
    place: maybe(targetPlace),
    out: maybe(insideOut),
    bridges: maybe(engineBridges),
    firewall,
    interfaces,
    routes,
    rules: routingRules,
  },
  parse: (_, { way, place, out, bridges, firewall, interfaces, routes, rules }): LeavingSource | null => {
    if (way?.kind !== 'bridge' || !way.network || !way.address || way.network.internal) return null
    const asked = (out.known && out.value) || (place.known && place.value) || null
    const { address: dst, port: dport } = asked ?? { address: OUTSIDE, port: 443 }
    if (sideOf(dst, way, interfaces) !== 'outside') return null
    const { bridge } = way.network
    const route = wayOf({ src: way.address, dst, iif: bridge }, rules, routes)
    const oif = route.kind === 'route' ? route.route.dev : undefined
    if (oif === undefined || (bridges.known && bridges.value.some(({ name }) => name === oif))) return null
    const packet = { iif: bridge, oif, src: way.address, dst, proto: 'tcp', sport: CLIENT_PORT, dport }
    const own = new Set(interfaces.flatMap(({ addresses }) => addresses.map(({ address }) => address)))
    return sourceBy(traceSourceNat(firewall, packet, hostView(interfaces)), asked ? dst : 'the outside', own)
  },
})
