import { NETWORK_LOST, NO_OUTBOUND, NO_POOL, TIMEOUT, UNREACHABLE } from '../../src/diagnose/phenomena.ts'
import { CONTAINER, FAILS, HOST, REACH } from '../../src/diagnose/words.ts'
import { collides, freeBlock, type UsedBlock, usedBlocks } from '../../src/facts/address-plan.ts'
import { bip, bipIn } from '../../src/facts/bip.ts'
import { daemonSettings } from '../../src/facts/daemon-config.ts'
import { runningEngine } from '../../src/facts/engine.ts'
import { DEFAULT_NETWORK, type EngineBridge, engineBridges } from '../../src/facts/engine-bridges.ts'
import { changeSetting } from '../../src/facts/setting-steps.ts'
import { uplinks } from '../../src/facts/uplinks.ts'
import { defineCheck, type Found, fail, type Reporter, warn } from '../../src/model/check.ts'
import { maybe, type Values } from '../../src/model/fact.ts'
import { disruptive, type Fix, manualFix, restartEngine } from '../../src/model/fix.ts'
import { among, says, shows } from '../../src/model/symptom.ts'

const needs = {
  used: usedBlocks,
  uplinks,
  bip,
  settings: daemonSettings,
  engine: maybe(runningEngine),
  bridges: maybe(engineBridges),
  freeBlock,
}
type Facts = Values<typeof needs>

const findings = {
  overlap: fail(
    '{subnet} of the network {network} overlaps {block} of {device}: those addresses are taken twice',
    { causedBy: [] },
  ),
  hidesResolver: fail(
    '{subnet} of the network {network} hides the name server {server}: what is sent there ends in {bridge}',
    { causedBy: [] },
  ),
  hidesRoute: warn(
    '{subnet} of the network {network} lies within {block}, which {device} leads to: what is there cannot be reached',
    { causedBy: [] },
  ),
  bipCollides: warn(
    'bip {bip} overlaps {block} of {device}: the engine takes it all the same when it starts',
    { causedBy: [] },
  ),
}
type Report = Reporter<typeof findings>

/** Wider routes such as 10.0.0.0/8 are written by clouds as a summary of all that is private. */
const SUMMARY = 8

const matters = ({ block, tunnel }: UsedBlock): boolean => tunnel || Number(block.split('/')[1]) > SUMMARY

/** Without `bip` the engine would keep the subnet that it remembers. */
function moveAway({ settings, freeBlock }: Facts, network: string): Fix {
  if (network !== DEFAULT_NETWORK)
    return manualFix(
      `Make the network ${network} anew with a --subnet of its own${freeBlock ? `, such as ${freeBlock}` : ''}`,
    )
  if (!freeBlock)
    return manualFix('Choose a range that the host can do without, and set it as bip in daemon.json')
  const set = changeSetting(settings, 'bip', bipIn(freeBlock))
  const narrow = settings.get('fixed-cidr') ? changeSetting(settings, 'fixed-cidr', undefined) : []
  return disruptive(
    `Move the default network to the free range ${freeBlock}`,
    ...set,
    ...narrow,
    restartEngine,
  )
}

function judge(bridge: EngineBridge, facts: Facts, report: Report): readonly Found[] {
  const { name: network, subnets } = bridge.network
  const cure = moveAway(facts, network)
  const own = [
    ...subnets.map(({ gateway }) => gateway),
    ...bridge.containers.map((one) => one.addresses.get(network)),
  ]
  return subnets.flatMap(({ subnet }) =>
    facts.used.flatMap((used): Found[] => {
      const how = collides(subnet, used)
      const { block, device, by } = used
      const slots = { subnet, network, block, device }
      if (!how) return []
      if (by !== 'resolver') {
        if (how === 'inUse') return [report('overlap', slots, cure)]
        return matters(used) ? [report('hidesRoute', slots, cure)] : []
      }
      const server = block.replace('/32', '')
      if (own.includes(server)) return []
      return [report('hidesResolver', { subnet, network, server, bridge: bridge.name }, cure)]
    }),
  )
}

/** Only an explicit `bip` can collide: the engine passes over pools that do. @see https://docs.docker.com/engine/network/#automatic-subnet-allocation */
function judgeBip(facts: Facts, report: Report): readonly Found[] {
  const { bip, used } = facts
  if (!bip?.subnet) return []
  const subnet = bip.subnet
  const block = used.find((one) => one.by !== 'resolver' && collides(subnet, one) === 'inUse')
  if (!block) return []
  const slots = { bip: bip.text, block: block.block, device: block.device }
  return [report('bipCollides', slots, moveAway(facts, DEFAULT_NETWORK))]
}

export default defineCheck({
  id: 'network/subnet-overlap',
  title: "The engine's subnets are nobody else's",
  why: 'Where two networks share addresses, packets for one end up in the other, or nowhere.',
  profiles: ['docker', 'swarm'],
  needs,
  causedBy: ['engine/running'],
  symptoms: () => [
    among(NO_POOL, 0.55),
    shows(/list bridge addresses failed|no available network/, 0.6),
    shows(/Pool overlaps with other one on this address space|networks have overlapping IPv4/, 0.85, {
      ofCommand:
        'the command wants a subnet that another network has already: choose another one (--subnet, or subnet: under ipam in compose), or remove that network; docker network inspect $(docker network ls -q) shows which',
    }),
    shows(
      /overlaps with (?:other|host|existing|subnet)|conflicts with network|(?<!non-)overlapping IP/,
      0.85,
    ),
    says(
      [
        /172\.\d+|192\.168|10\.\d+\.|\bsubnets?\b|\brange\b|\blan\b|网段|校园网|内网/,
        /\bconflict|\boverlap|\bcollid|\bclash|\bsame\b|冲突|重叠/,
      ],
      0.9,
    ),
    says([/\bping\b/, /172\.(?:1[6-9]|2\d|3[01])\.\d+/, FAILS], 0.25),
    says([/172\.(?:1[6-9]|2\d|3[01])\./, /\bvpn\b|\boffice|\bcorporate|\blan\b|\bintranet|公司|内网/], 0.45),
    says([HOST, /\bssh\b|\bremote access|\blost access/, /\bdocker(?:-compose)?\b|\bcompose\b/, FAILS], 0.25),
    among(NETWORK_LOST, 0.1),
    among(UNREACHABLE, 0.12),
    among(NO_OUTBOUND, 0.05),
    among(TIMEOUT, 0.05),
    says(
      [
        /\bopenvpn|\bvpn\b|\bwireguard/,
        /\bnetwork create|\bcreate (?:a |the )?(?:docker )?network|\bcompose up|创建网络/,
      ],
      0.75,
    ),
    says(
      [
        /\bcannot (?:reach|access|connect to)|can't (?:reach|access|connect)|无法访问|访问不了/,
        /\bone (?:particular )?(?:server|host|machine|subnet)|\binternal (?:server|host|network|ip)|\bintranet|\bcompany|\blan\b|内网|局域网/,
        CONTAINER,
      ],
      0.5,
    ),
    says(
      [/路由|\broute/, /冲突|conflict|\bsame subnet|\bunreachable|无法访问|不通/, /docker|容器|\bbridge/],
      0.6,
    ),
    says([/修改|\bchange/, /docker0|\bbridge|网段|\bsubnet|\bbip\b/, /\bip\b|地址|address/], 0.45),
    shows(/because it conflicts with existing route \{/, 0.85),
    shows(/^(\d+\.\d+\.\d+\.\d+\/\d+) dev (?:docker0|br-)[^\n]*\n[\s\S]{0,600}?^\1 dev (?:en|eth|wl)/, 0.93),
    shows(/^(\d+\.\d+\.\d+\.\d+\/\d+) dev (?:en|eth|wl)[^\n]*\n[\s\S]{0,600}?^\1 dev (?:docker0|br-)/, 0.93),
    shows(
      /inet (\d+\.\d+\.\d+\.)\d+\/\d+ [^\n]{0,80}\b(?:en|eth|wl)\w{1,12}$[\s\S]{0,900}?inet \1\d+\/\d+ [^\n]{0,80}(?:docker0|br-[0-9a-f]{12})$/,
      0.9,
    ),
    shows(
      /PING ((?:172|192|10)\.\d+\.\d+)\.\d+ [\s\S]{0,200}?From (?!\1)(?:172\.(?:1[7-9]|2\d|3[01])\.0|192\.168\.(?:16|32|48|64|80|96|1(?:12|28|44|60|76|92)|2(?:08|24|40)))\.1 icmp_seq=\d+ Destination Host Unreachable/,
      0.65,
    ),
    says(
      [
        /\bstart(?:s|ed|ing)? (?:the |up )?docker|docker(?: service| daemon| engine)? (?:is |was |gets |has )?(?:been )?(?:re)?start(?:s|ed|ing)|install(?:s|ed|ing)? docker|docker[- ]compose up|启动 ?docker|安装 ?docker|docker ?启动/,
        /\bssh\b.{0,60}\b(?:clos|disconnect|los[et]|dies|drop|kick|hang|freez|cut)|\b(?:los[et]|losing|drop\w*|kick\w*|disconnect\w*|kill\w*|cuts?)\b.{0,40}\bssh\b|\b(?:can(?:no|')?t|cannot|unable to) (?:even )?ssh\b|ssh.{0,10}断/,
      ],
      0.65,
    ),
    says([/\b172\.(?:1[7-9]|2\d)\.[1-9]\d{0,2}\.\d+/, REACH, FAILS], 0.5),
  ],
  findings,
  evaluate(facts, report) {
    const { engine, bridges, uplinks } = facts
    // A bridge that is itself an uplink shares its subnet with the LAN on purpose.
    const all = (bridges.known ? bridges.value : []).filter(
      ({ name, device }) => device && !uplinks.some((uplink) => uplink.name === name),
    )
    const found = all.flatMap((bridge) => judge(bridge, facts, report))
    const others = found.length > 0 ? [] : judgeBip(facts, report)
    return report.all([...found, ...others], () => {
      if (!engine.known) return report.unknown(engine.why)
      return bridges.known ? report.pass() : report.unknown(bridges.why)
    })
  },
})
