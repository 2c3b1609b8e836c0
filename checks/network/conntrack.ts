import { NO_OUTBOUND, TIMEOUT } from '../../src/diagnose/phenomena.ts'
import { sysctl } from '../../src/facts/sysctl.ts'
import { defineCheck, fail, warn } from '../../src/model/check.ts'
import { fix, setSysctl } from '../../src/model/fix.ts'
import { among, says, shows } from '../../src/model/symptom.ts'

const MAX = 'net.netfilter.nf_conntrack_max'
const COUNT = 'net.netfilter.nf_conntrack_count'
/** Percent. Before the table is full the kernel drops entries at random to make room. @see https://www.kernel.org/doc/html/latest/networking/nf_conntrack-sysctl.html */
const FULL = 97
const NEARLY_FULL = 80
/** What the kernel takes itself where there is memory enough; an entry needs some 300 bytes. */
const USUAL_MAX = 262_144

export default defineCheck({
  id: 'network/conntrack',
  title: 'The connection tracking table has room',
  why: 'Every connection of a container needs an entry: when the table is full, new ones are dropped without a word.',
  profiles: ['docker', 'swarm'],
  needs: { count: sysctl(COUNT), max: sysctl(MAX) },
  symptoms: () => [
    shows(/nf_conntrack: table full/, 0.97),
    shows(/(?:nf|ip)_conntrack[^\n]{0,60}\bfull\b|nf_conntrack_max/, 0.93),
    says(/\bconntrack|连接跟踪/, 0.88),
    says(
      [
        /\brandom|\bintermittent|\bsporadic|\bunder (?:heavy )?load|\bload test|\btraffic (?:goes up|increases|spikes|peaks)|\bhigh (?:load|traffic)|\bmany connections|偶发|间歇|高并发/,
        /\btime|\bdrop|\bfail|\bpackets?|\bconnection|\b50[234]\b|超时|丢包/,
      ],
      0.5,
    ),
    says([/\bhealth ?check|\bprobes?\b/, /\bfail|\brestart|\bunavailable/], 0.25),
    among(TIMEOUT, 0.05),
    among(NO_OUTBOUND, 0.03),
    says(
      [
        /\btable (?:is |was |gets? |becomes )?(?:full\b|fills? up)|\bfull table/,
        /\bpackets?|\bssh\b|\bconnect|\btraffic|\bnetwork/,
      ],
      0.8,
    ),
  ],
  findings: {
    full: fail('the connection tracking table is full: {count} of {max} entries'),
    nearlyFull: warn('the connection tracking table is {percent} % full: {count} of {max} entries'),
  },
  evaluate({ count, max }, report) {
    if (count === null || max === null) return report.skip('this host does not track connections yet')
    const [used, room] = [Number(count), Number(max)]
    if (!Number.isInteger(used) || !Number.isInteger(room)) return report.unknown(`${COUNT}: not a number`)
    // 0 is no limit.
    if (room === 0) return report.pass('without a limit')
    const percent = Math.floor((used / room) * 100)
    const data = { count: used, max: room }
    const larger = fix('Make the table larger', setSysctl(MAX, Math.max(USUAL_MAX, room * 2)))
    if (percent >= FULL) return report('full', { count: used, max: room }, larger, data)
    if (percent > NEARLY_FULL) return report('nearlyFull', { percent, count: used, max: room }, larger, data)
    return report.pass(`${used} of ${room} entries`, data)
  },
})
