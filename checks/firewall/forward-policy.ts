import {
  NETWORK_BROKEN,
  NO_NAMES,
  NO_OUTBOUND,
  PORT_DEAD,
  TIMEOUT,
  UNREACHABLE,
} from '../../src/diagnose/phenomena.ts'
import { CONTAINER, FAILS, REACH } from '../../src/diagnose/words.ts'
import { daemonSettings } from '../../src/facts/daemon-config.ts'
import { runningEngine } from '../../src/facts/engine.ts'
import { type BlockedWay, blockedWays } from '../../src/facts/forwarding-paths.ts'
import { isPlain, takeOut } from '../../src/facts/rule-removal.ts'
import { defineCheck, type Found, fail, type Reporter, warn } from '../../src/model/check.ts'
import { disruptive, type Fix, fix, manual, manualFix, restartEngine } from '../../src/model/fix.ts'
import { among, mentions, says, shows } from '../../src/model/symptom.ts'
import type { RuleRef } from '../../src/net/path/program.ts'
import type { Trace } from '../../src/net/path/trace.ts'

const findings = {
  dropped: fail('{what}: dropped by {rule} ({chain})'),
  rejected: fail('{what}: rejected by {rule} ({chain})'),
  policy: fail('{what}: dropped by the policy of {chain}, for no rule of the engine accepts it'),
  portClosed: warn(
    'port {port} of {container} is published, and a rule about that port closes it: {rule} ({chain})',
  ),
}

function remove({ trace: { rule, chain, hook } }: BlockedWay): Fix {
  if (!rule && hook !== 'forward')
    return manualFix(`Accept what containers are to get in ${chain?.table} ${chain?.chain}`)
  if (!rule || !chain) return disruptive('Have the engine write its rules again', restartEngine)
  const cure = fix(`Take out the rule ${rule.raw}`, ...takeOut(rule))
  return isPlain(rule) ? { ...cure, risk: 'safe' } : cure
}

/** Somebody wrote such a rule on purpose, as the engine's own documentation advises: https://docs.docker.com/engine/network/packet-filtering-firewalls/ */
const NAMES_PORT = /--(?:dports?|ctorigdstport)\b/

function describe(way: BlockedWay, report: Reporter<typeof findings>): Found {
  const { what, trace, published } = way
  const chain = trace.chain ? `${trace.chain.table} ${trace.chain.chain}` : 'the forward hook'
  if (!trace.rule) return report('policy', { what, chain }, remove(way))
  if (published && NAMES_PORT.test(trace.rule.raw)) {
    const slots = { ...published, rule: trace.rule.raw, chain: `${trace.rule.table} ${trace.rule.chain}` }
    const cure = manualFix(
      'Take the rule out, or publish the port where it is meant to be reached',
      `If nobody else is to reach it, publish it on the loopback address: -p 127.0.0.1:${published.port}:PORT. If others are, remove the rule.`,
    )
    return report('portClosed', slots, cure)
  }
  const finding = trace.verdict === 'reject' ? 'rejected' : 'dropped'
  return report(
    finding,
    { what, rule: trace.rule.raw, chain: `${trace.rule.table} ${trace.rule.chain}` },
    published ? letIn(trace.rule, published.port, trace.hook) : remove(way),
  )
}

/** What stops nothing but the way in may guard all published ports, as ufw-docker does: without it they were open to everybody. */
const letIn = (rule: RuleRef, port: number, hook: Trace['hook']): Fix => {
  const isForwarded = hook === 'forward'
  const before = isForwarded
    ? 'accept them before it: where ufw keeps the rules, "ufw route allow" with the port that the container itself listens on; else iptables -I DOCKER-USER'
    : `accept them before it: iptables -t ${rule.table} -I ${rule.chain}`
  return fix(
    'Let in what others are to reach, or take the rule out',
    manual(
      `To let some in, ${before}. Without the rule port ${port}, and all others that it closes, are open to everybody; to take it out:`,
    ),
    ...takeOut(rule),
  )
}

export default defineCheck({
  id: 'firewall/forward-policy',
  title: 'No iptables rule stops the packets of containers',
  why: 'A DROP or REJECT that comes before the engine\'s own rules cuts containers off, silently or as "No route to host".',
  profiles: ['docker', 'swarm'],
  needs: { engine: runningEngine, settings: daemonSettings, blocked: blockedWays },
  causedBy: [
    'firewall/backends',
    'firewall/firewalld',
    'firewall/ufw#flushesEngine',
    'firewall/ufw#blocksForward',
    'firewall/docker-chains',
    'firewall/engine-rules',
    'firewall/nftables',
    'network/vpn-client',
  ],
  needsRoot: true,
  symptoms: () => [
    shows(
      /Unknown Code: 10|Destination Host Prohibited|icmp-host-prohibited|(?:admin(?:istratively)?|communication) prohibited|host prohibited/,
      0.85,
    ),
    shows(/Chain FORWARD \(policy DROP|-P FORWARD DROP|:FORWARD DROP/, 0.4),
    says([/\b1\.13\b|docker 1\.1[34]/, FAILS], 0.85),
    says([/\bFORWARD\b/, /\bDROP\b|\bREJECT\b|\bpolicy\b/], 0.85),
    says(
      [
        /\bfrom (?:the )?lan\b|another host|other hosts?|\blan\b|局域网/,
        /\bping|\breach|\baccess/,
        /\bcontainer(?:'s)? ip|the containers?\b|容器/,
        FAILS,
      ],
      0.65,
    ),
    says(
      [
        /docker (?:engine )?(?:v)?2[89]|\b2[89]\.\d\.\d/,
        /\bdirect(?:ly)?\b|\brouted|\bcontainer(?:'s)? ip|\blan\b/,
        FAILS,
      ],
      0.75,
    ),
    says(
      [
        /different (?:docker )?(?:bridge )?networks|different bridges|two (?:bridge )?networks|cross[- ]network|不同(?:的)?网络|跨网络/,
        CONTAINER,
        FAILS,
      ],
      0.7,
    ),
    says([/prohibited|禁止/, REACH], 0.8),
    says([/\bswarm\b/, /\bazure|\brhel|\bcentos/, FAILS], 0.5),
    among(NO_NAMES, 0.1),
    among(UNREACHABLE, 0.24),
    among(NO_OUTBOUND, 0.22),
    among(PORT_DEAD, 0.14),
    says(
      [
        /\bfrom (?:the )?other (?:machines?|hosts?|nodes?|computers?)|\bother (?:machines?|hosts?) (?:in|on)|\bwireguard (?:mesh|tunnel)|\brouted? (?:network|subnet|traffic)|\bmacvlan|\bvm\b|\blibvirt|\bkvm\b|\bqemu|虚拟机/,
        FAILS,
        REACH,
      ],
      0.5,
    ),
    says(
      [
        /\bdocker\b/,
        /\bbreak(?:s|ing)?\b|\bkill(?:s|ing)?\b|\bblock(?:s|ing)?\b|\bstops?\b|影响/,
        /\bkvm\b|\blibvirt|\bvms?\b|\bbridged?\b|\brouting|\bforward|\blxc|\blxd|虚拟机/,
      ],
      0.8,
    ),
    among(NETWORK_BROKEN, 0.2),
    among(TIMEOUT, 0.16),
    says(
      [
        /\binstall\w* (?:of )?docker\b|docker(?: engine| daemon| service)? (?:is |was |got |gets )?(?:install|start)|安装 ?(?:了 ?)?docker/,
        /\bvms\b|\bvirtual machines\b|\bguests\b|\blibvirt|\bvirbr|\blx[cd]\b|\bincus|虚拟机/,
        /\blos(?:t|e|es|ing)\b|\bunable|\bno longer|\bno (?:internet|network)|\bcan(?:no|')?t\b|\bdisconnect|\bstop|断网|上不了网/,
      ],
      0.7,
      { unless: /inside (?:an? )?(?:lx[cd]|vm)|proxmox|\bnest/ },
    ),
    says([/\blxdbr\d|\bvirbr\d|\bincusbr\d|\blxcbr\d|\bvmbr\d/, FAILS], 0.65),
    says([/\blxc\b|\blxd\b|\bincus\b|\bsystem containers?/, /\bdocker\b/, FAILS, REACH], 0.5, {
      unless: /inside (?:an? )?lx[cd]|proxmox|\bnest/,
    }),
    says(
      [
        /\bflannel|\bcanal\b|\bkube\w*|\bpods?\b|\bnode ?port|\bk3?8?s\b/,
        /\bother nodes?|\banother node|\bdifferent (?:nodes?|hosts?)|\bclients? elsewhere|\b(?:across|between) (?:the )?nodes/,
        FAILS,
      ],
      0.5,
    ),
    mentions(/\biptables (?:-w |--wait )?(?:-P|--policy) FORWARD ACCEPT/, 0.5),
  ],
  findings,
  evaluate({ engine, blocked }, report) {
    if (!engine) return report.skip('the engine is not running')
    if (!blocked) return report.skip('there is no default route, or no program that tells rules')
    const byIptables = blocked.filter(({ trace }) => trace.chain?.backend !== 'nftables')
    // Of several ways that one rule stops the first stands for all.
    const rules = new Map(byIptables.toReversed().map((way) => [way.trace.rule?.raw ?? 'policy', way]))
    const found = [...rules.values()].map((way) => describe(way, report))
    return report.all(found, () => report.pass())
  },
})
