/** Do the container's packets leave with an address that answers come back to? What was sent tells, where a rule alone may be meant so. */
import { type LeavingSource, leavingSource } from '../../facts/leaving-source.ts'
import { hostOut, insideNames, insideOut, leftBehind } from '../../facts/named-probes.ts'
import { NO_CONTAINER, namedWay } from '../../facts/named-way.ts'
import { takeOut } from '../../facts/rule-removal.ts'
import { fail, warn } from '../../model/check.ts'
import { type Known, maybe } from '../../model/fact.ts'
import { type Fix, fix, manual, manualFix } from '../../model/fix.ts'
import { question } from '../question.ts'

/** A routed network, or a VPN whose far end knows the way back, wants no translation: then it is right as it is. */
function cureOf({ as, rule, target }: LeavingSource): Fix {
  const wayBack = `Or give ${target}, or the router before it, a route back to that address, if it is meant to see it.`
  if (!rule) return manualFix('Have its packets translated (MASQUERADE)', wayBack)
  const summary =
    as === 'own' ? 'Take the exception out' : 'Take the rule out, or name an address of this host'
  return fix(summary, manual(wayBack), ...takeOut(rule))
}

const valueIn = <T>(known: Known<T | null>): T | null => (known.known ? known.value : null)

export const leavesAnswerable = question({
  needs: {
    way: namedWay,
    source: leavingSource,
    names: maybe(insideNames),
    out: maybe(insideOut),
    left: maybe(leftBehind),
    host: maybe(hostOut),
  },
  findings: {
    ownAddress: fail(
      'what {name} sends to {target} leaves with its own address, and no answer comes back: {rule}',
    ),
    foreignAddress: fail(
      'what {name} sends to {target} leaves as {address}, which is no address of this host, and no answer comes back: {rule}',
    ),
    maybeOwn: warn(
      'what {name} sends to {target} leaves with its own address: only who has a route back answers ({rule})',
    ),
    maybeForeign: warn(
      'what {name} sends to {target} leaves as {address}, which is no address of this host: answers go there ({rule})',
    ),
  },
  evaluate({ way, source, names, out, left, host }, report) {
    if (!way) return report.skip(NO_CONTAINER)
    if (!source) return report.skip('its packets do not leave this host by a route')
    const { as, address = '', target, rule } = source
    if (as === 'host') return report.pass()
    if (as === 'undecided') return report.pass('it hangs on a rule that cannot be judged')
    const answer = valueIn(out)?.answer
    if (answer?.ok || answer?.code === 'ECONNREFUSED')
      return report.pass(`answers come back to ${as === 'own' ? way.address : address}`)
    if (!rule && !answer) return report.pass('with its own address: no rule is meant to translate it')
    const isDropped = (valueIn(left)?.stopped.length ?? 0) > 0
    const isLost = answer?.code === 'TIMEOUT' && valueIn(host)?.ok === true && !isDropped
    // Nobody sends from a foreign address on purpose and does without names.
    const isMute = as === 'foreign' && !answer && valueIn(names)?.answer.ok === false
    const slots = { name: way.name, target, rule: rule?.raw ?? 'no rule translates it' }
    const cure = cureOf(source)
    if (as === 'own') return report(isLost ? 'ownAddress' : 'maybeOwn', slots, cure)
    return report(isLost || isMute ? 'foreignAddress' : 'maybeForeign', { ...slots, address }, cure)
  },
})
