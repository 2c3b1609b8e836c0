import { NETWORK_LOST, NO_OUTBOUND, TIMEOUT, UNREACHABLE } from '../../src/diagnose/phenomena.ts'
import { CONTAINER, FAILS, REACH, WAKES } from '../../src/diagnose/words.ts'
import { looseVeths } from '../../src/facts/bridge-state.ts'
import { isEngineInterface } from '../../src/facts/engine-bridges.ts'
import { leaveAlone } from '../../src/facts/interface-manager-steps.ts'
import {
  connmanBlacklist,
  DHCPCD,
  dhcpcdTakes,
  firstTaking,
  heldByNetworkManager,
  type InterfaceManager,
  interfaceManagers,
  managerFiles,
  networkdFiles,
  networkdLinks,
  takenBy,
} from '../../src/facts/interface-managers.ts'
import { interfaces, routes } from '../../src/facts/network.ts'
import { defineCheck, type Found, fail, type Reporter, warn } from '../../src/model/check.ts'
import type { Values } from '../../src/model/fact.ts'
import { disruptive, type Fix, fix, restartEngine } from '../../src/model/fix.ts'
import { among, says, shows } from '../../src/model/symptom.ts'
import { contains } from '../../src/net/cidr.ts'
import type { NetInterface } from '../../src/net/interface.ts'
import { defaultRoutes } from '../../src/net/route.ts'

const needs = {
  managers: interfaceManagers,
  interfaces,
  routes,
  files: networkdFiles,
  links: networkdLinks,
  held: heldByNetworkManager,
  configuration: managerFiles,
}
type Facts = Values<typeof needs>

const findings = {
  unplugged: fail(
    '{manager} has taken {interface} for its own, and it is in no bridge any more: its container is cut off',
  ),
  lostAddress: fail('{manager} has taken {interface} for its own, and it has lost its IPv4 address'),
  defaultRoute: fail(
    '{manager} has made {interface} a way to the outside: a default route leads into a container',
  ),
  addressed: warn("{manager} has given {interface}, the end of a container's cable, the address {address}"),
  managed: warn('{manager} has taken {interfaces} for its own, by {file}'),
  mayTake: warn("{manager} will take the engine's interfaces for its own: {reason}"),
}
type Report = Reporter<typeof findings>

const cure = (manager: InterfaceManager, facts: Facts): Fix =>
  fix(`Have ${manager} leave the engine's interfaces alone`, ...leaveAlone(manager, facts.configuration))
const repair = (manager: InterfaceManager, facts: Facts): Fix =>
  disruptive(
    `Have ${manager} leave the engine's interfaces alone, and the engine lay them anew`,
    ...leaveAlone(manager, facts.configuration),
    restartEngine,
  )

const isVeth = ({ name }: NetInterface): boolean => /^veth[\da-f]{7}$/.test(name)
const addressOf = ({ addresses }: NetInterface) => addresses.find(({ family }) => family === 4)

/** Whose doing it is: networkd says it of itself, the others are known by running. */
function culprit({ managers, links }: Facts, name: string): InterfaceManager | null {
  if (links.some((link) => link.name === name)) return 'systemd-networkd'
  const others = ['dhcpcd', 'connman', 'NetworkManager'] as const
  return others.find((one) => managers.has(one)) ?? null
}

function judgeTouched(facts: Facts, report: Report): readonly Found[] {
  const { interfaces, routes, links, files, held } = facts
  const own = interfaces.filter(({ name }) => isEngineInterface(name))
  const taken = (name: string): boolean => links.some((link) => link.name === name)
  // Once it has pulled a cable out of the bridge, networkd may let go of it.
  const pulled = (name: string): boolean =>
    taken(name) || takenBy(files, { name, type: 'ether', kind: 'veth' }) !== null
  const bridge = own.find((one) => held.has(one.name) && !isVeth(one))
  const [out] = defaultRoutes(routes).flatMap(({ dev }) => own.filter(({ name }) => name === dev))
  return [
    ...looseVeths(own)
      .flatMap(({ name }) => {
        const manager = pulled(name) ? 'systemd-networkd' : bridge ? 'NetworkManager' : null
        return manager ? [report('unplugged', { manager, interface: name }, repair(manager, facts))] : []
      })
      .slice(0, 1),
    ...own
      .filter((one) => !isVeth(one) && !addressOf(one))
      .flatMap(({ name }) => {
        const manager = taken(name) ? 'systemd-networkd' : held.has(name) ? 'NetworkManager' : null
        return manager ? [report('lostAddress', { manager, interface: name }, repair(manager, facts))] : []
      }),
    ...[out].flatMap((one) => {
      const manager = one && culprit(facts, one.name)
      // NetworkManager makes none by itself, and an administrator may.
      if (!one || !manager || manager === 'NetworkManager') return []
      return [report('defaultRoute', { manager, interface: one.name }, repair(manager, facts))]
    }),
    ...own
      .filter((one) => isVeth(one) && addressOf(one))
      .slice(0, 1)
      .flatMap((one) => {
        const manager = culprit(facts, one.name)
        const address = addressOf(one)?.address ?? ''
        // NetworkManager leaves such interfaces alone by a rule of its own; a link-local address is another's.
        if (!manager || (manager === 'NetworkManager' && contains('169.254.0.0/16', address))) return []
        return [report('addressed', { manager, interface: one.name, address }, cure(manager, facts))]
      }),
  ]
}

/** Where its interfaces are there, what is done with them tells more than any file. */
function judgeFiles(facts: Facts, report: Report): readonly Found[] {
  const { interfaces, links, files, managers, configuration } = facts
  const [link] = links
  if (link) {
    const slots = {
      manager: 'systemd-networkd',
      interfaces: links.map(({ name }) => name).join(', '),
      file: link.path,
    }
    return [report('managed', slots, cure('systemd-networkd', facts))]
  }
  if (interfaces.some(isVeth)) return []
  const file = firstTaking(files)
  const reasons: readonly (readonly [InterfaceManager, string | null])[] = [
    ['systemd-networkd', file && `[Match] of ${file.path} is for them as well`],
    [
      'dhcpcd',
      managers.has('dhcpcd') && dhcpcdTakes(configuration.dhcpcd, 'veth0123abc')
        ? `${DHCPCD} denies it no veth*`
        : null,
    ],
    ['connman', blacklistTakes(configuration.connman) ? 'NetworkInterfaceBlacklist names no veth' : null],
  ]
  return reasons.flatMap(([manager, reason]) =>
    reason ? [report('mayTake', { manager, reason }, cure(manager, facts))] : [],
  )
}

function blacklistTakes(conf: string): boolean {
  const list = connmanBlacklist(conf)
  return list !== null && !list.prefixes.some((prefix) => 'veth0123abc'.startsWith(prefix))
}

export default defineCheck({
  id: 'network/interface-managers',
  title: "Network managers leave the engine's interfaces alone",
  why: 'One that configures them takes cables out of bridges, addresses from bridges, and lays routes into containers.',
  profiles: ['docker', 'swarm'],
  needs,
  symptoms: () => [
    shows(
      /route socket overflowed|\bdhcpcd(?:\[\d+\])?:|\bconnmand\[|ip-config-unavailable|systemd-networkd\[\d+\]: (?:veth|docker|br-)|NetworkManager\[\d+\][^\n]{0,200}(?:veth|docker0|br-)|169\.254\.\d+\.\d+[^\n]{0,200}veth|veth\w{1,16}: (?:Gained|Lost) carrier/,
      0.85,
    ),
    says(
      [
        /\bdhcpcd\b|\bconnman|\bsystemd-networkd\b|\bnetworkd\b|\bnetworkctl\b|\bnetworkmanager\b|\bwicked\b|\bnmcli\b|\bnetplan\b|\bdhcpd\b/,
        /\bveth|\bdocker|\bbridge|\bcontainers?\b|\binterfaces?\b|容器/,
      ],
      0.8,
    ),
    says(
      [
        /\bdocker0\b|\bveth|\bbr-/,
        /\blos|\bloos|\bdisappear|\bno ip|\bip(?:v4)? ?address|\bdetach|\bno master|丢失/,
      ],
      0.7,
    ),
    says(
      [/default route/, /\bdocker|\bveth|\bcontainer/, /\bcreated|\badded|\bkills?|\bbreaks?|\bwrong/],
      0.75,
    ),
    says(
      [
        /raspberry|\br?pi ?[345]?\b|\braspi|树莓派/,
        CONTAINER,
        /\blos|\bunrespons|\boffline|\bdrop|\bnetwork|\bdies\b/,
      ],
      0.6,
    ),
    shows(/PING 172\.(?:1[7-9]|2\d|3[01])\.0\.1 [\s\S]{0,400}?100% packet loss/, 0.65),
    among(NETWORK_LOST, 0.5),
    says(
      [
        /\brecreat|\bnew(?:ly)? (?:started|created)?\s?containers?|\brestarted containers?|after (?:a |the )?(?:container )?(?:restart|recreat)/,
        REACH,
        FAILS,
      ],
      0.45,
    ),
    says([/\bboot(?:-| )?time|\bat boot|\bon boot|\bwifi|\bwi-fi|\bwlan/, CONTAINER, REACH, FAILS], 0.35),
    says(/\bveth\w*/, 0.4),
    among(TIMEOUT, 0.03),
    among(UNREACHABLE, 0.03),
    among(NO_OUTBOUND, 0.04),
    says(
      [
        /\bdefault route|\brouting table|\broutes?\b|路由/,
        /\boverwrit|\breplac|\bchang|\badd|\bdelet|\bwrong/,
        /\bveth|\bdocker|\bcontainer/,
      ],
      0.4,
    ),
    says(
      [
        /\broutes?\b|路由/,
        /\bgone\b|\bdisappear|\bvanish|\blost\b|\bremoved\b|\bdeleted\b|消失|丢失/,
        CONTAINER,
      ],
      0.65,
      { unless: /ipv6/ },
    ),
    says([WAKES, CONTAINER, FAILS], 0.4),
  ],
  findings,
  evaluate(facts, report) {
    const { managers } = facts
    if (managers.size === 0) return report.pass('none of them runs')
    const touched = judgeTouched(facts, report)
    return report.all(touched.length > 0 ? touched : judgeFiles(facts, report), () =>
      report.pass(`${[...managers].join(', ')} ${managers.size > 1 ? 'do' : 'does'}`),
    )
  },
})
