import { FAILS } from '../../src/diagnose/words.ts'
import { bridgePorts, neighbourCount } from '../../src/facts/network-limits.ts'
import { sysctl } from '../../src/facts/sysctl.ts'
import { counted } from '../../src/facts/units.ts'
import { defineCheck, type Found, fail, type Reporter, warn } from '../../src/model/check.ts'
import type { Values } from '../../src/model/fact.ts'
import { fix, manualFix, setSysctl } from '../../src/model/fix.ts'
import { says, shows } from '../../src/model/symptom.ts'

/** Ten bits number a bridge's ports, from 1 on. @see https://github.com/torvalds/linux/blob/v6.12/net/bridge/br_private.h (BR_PORT_BITS) */
const MOST_PORTS = 1023
/** Percent; our own choice. */
const NEARLY_FULL = 90
/** A broadcast is queued once for each port of a bridge; what is over is dropped. @see https://github.com/moby/moby/issues/44973 */
const BACKLOG = 'net.core.netdev_max_backlog'
/** @see https://docs.kernel.org/networking/ip-sysctl.html */
const NEIGHBOURS = 'net.ipv4.neigh.default.gc_thresh3'

const needs = {
  bridgePorts,
  backlog: sysctl(BACKLOG),
  mostNeighbours: sysctl(NEIGHBOURS),
  neighbours: neighbourCount,
}
type Facts = Values<typeof needs>

const findings = {
  bridgeFull: fail(
    `{bridge} has {ports} ports, and a bridge cannot have more than ${MOST_PORTS}: no container can join`,
  ),
  bridgeNearlyFull: warn(`{bridge} has {ports} ports, and a bridge cannot have more than ${MOST_PORTS}`),
  smallBacklog: warn(
    `{bridge} has {ports} ports and ${BACKLOG} is {backlog}: of each broadcast some copies are dropped, and ARP fails`,
  ),
  neighbours: warn(`{count} of {most} neighbours are known (${NEIGHBOURS}): soon new ones are not reached`),
}
type Report = Reporter<typeof findings>

const percent = (used: number, most: number): number => (used / most) * 100

const moreNetworks = manualFix(
  'Spread the containers over several networks',
  'If there are more ports than containers, cables were left behind: see ip link show type veth, and restart the engine or reboot.',
)

const judgeBridges = ({ bridgePorts, backlog }: Facts, report: Report): readonly Found[] =>
  [...bridgePorts].flatMap(([bridge, ports]) => {
    const slots = { bridge, ports }
    const room =
      ports >= MOST_PORTS
        ? 'bridgeFull'
        : percent(ports, MOST_PORTS) > NEARLY_FULL
          ? 'bridgeNearlyFull'
          : null
    const tooLong = backlog !== null && ports > Number(backlog)
    const longer = fix('Lengthen the queue', setSysctl(BACKLOG, 2 * MOST_PORTS))
    return [
      ...(room ? [report(room, slots, moreNetworks)] : []),
      ...(tooLong ? [report('smallBacklog', { ...slots, backlog }, longer)] : []),
    ]
  })

function judgeNeighbours({ neighbours: count, mostNeighbours }: Facts, report: Report): readonly Found[] {
  const most = Number(mostNeighbours)
  if (mostNeighbours === null || percent(count, most) <= NEARLY_FULL) return []
  const steps = [1, 2, 3].map((level) =>
    setSysctl(`net.ipv4.neigh.default.gc_thresh${level}`, most * 2 ** (level - 1)),
  )
  return [report('neighbours', { count, most }, fix('Enlarge the table of neighbours', ...steps))]
}

export default defineCheck({
  id: 'network/limits',
  title: 'Bridges, queues and neighbour tables have room',
  why: 'Beyond these limits containers cannot join their network, or do not find each other in it.',
  profiles: ['docker', 'swarm'],
  needs,
  symptoms: () => [
    shows(/\bexchange full\b/, 0.97),
    shows(/netdev_max_backlog|neighbou?r:? (?:\w+ )?table overflow|arp_cache: |gc_thresh/, 0.94),
    says(
      [
        /\b1000\b|\b1023\b|\b1024\b|thousand|hundreds of/,
        /\bcontainers?\b|\bveth|\bbridge|\bports? on/,
        FAILS,
      ],
      0.8,
    ),
    says(
      [
        /\bmany containers|\blots of containers|\bhundreds|\bthousands|\bscale|大量容器/,
        /\bnetwork|\bveth|\bbridge|\bstart|\bcreate/,
        FAILS,
      ],
      0.55,
    ),
    shows(
      /failed to (?:create|add)[^\n]*(?:veth|interface)[^\n]*(?:exchange full|no buffer space|too many)/,
      0.8,
    ),
    shows(
      [/No buffer space available|\bENOBUFS\b/, /neighbou?r|connect|sendto|sendmsg|\bdial\b|\bping\b/],
      0.7,
      {
        unless: /route socket overflowed|dhcpcd|spawnSync|maxBuffer/,
      },
    ),
  ],
  findings,
  evaluate(facts, report) {
    const found = [...judgeBridges(facts, report), ...judgeNeighbours(facts, report)]
    return report.all(found, () =>
      report.pass(`${counted(facts.bridgePorts.size, 'bridge')}, ${counted(facts.neighbours, 'neighbour')}`),
    )
  },
})
