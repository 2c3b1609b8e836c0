import { NO_OUTBOUND, PORT_DEAD, TIMEOUT, UNREACHABLE } from '../../src/diagnose/phenomena.ts'
import { CONTAINER, FAILS } from '../../src/diagnose/words.ts'
import { daemonSettings } from '../../src/facts/daemon-config.ts'
import { runningEngine } from '../../src/facts/engine.ts'
import { iptables } from '../../src/facts/firewall.ts'
import { type BlockedWay, blockedWays } from '../../src/facts/forwarding-paths.ts'
import { inputFilter } from '../../src/facts/input-rules.ts'
import { ruleInWords } from '../../src/facts/open-port.ts'
import { isUfwChain, UFW_DEFAULTS, ufw } from '../../src/facts/ufw.ts'
import { defineCheck, type Found, fail, type Reporter, warn } from '../../src/model/check.ts'
import type { Values } from '../../src/model/fact.ts'
import { disruptive, fix, manualFix, replaceLine, restartEngine, runCommand } from '../../src/model/fix.ts'
import { among, says, shows } from '../../src/model/symptom.ts'
import { chainOf } from '../../src/net/iptables.ts'

const needs = {
  ufw,
  engine: runningEngine,
  settings: daemonSettings,
  iptables,
  blocked: blockedWays,
  input: inputFilter,
}
type Facts = Values<typeof needs>

const findings = {
  flushesEngine: fail(
    "ufw flushes the engine's rules whenever it is loaded (MANAGE_BUILTINS=yes in {file}), and has done so: {what} is stopped",
  ),
  // An engine that writes its rules has them stand before ufw's policy.
  blocksForward: fail('{what}: stopped by ufw ({rule})', { causedBy: ['firewall/engine-rules'] }),
  flushesAtReload: warn(
    'MANAGE_BUILTINS=yes in {file}: the next "ufw reload" flushes the engine\'s rules and cuts containers off',
  ),
  bypass: warn('{ports}: published by containers and open to all, although ufw lets nobody in to them'),
}
type Report = Reporter<typeof findings>

const reload = runCommand(['ufw', 'reload'], { undo: ['ufw', 'reload'] })

/** ufw leaves the built-in chains to others unless it is told not to. @see https://manpages.ubuntu.com/manpages/noble/man8/ufw-framework.8.html */
function judgeBuiltins({ ufw, iptables, settings, blocked }: Facts, report: Report): readonly Found[] {
  const line = ufw?.lines.managesBuiltins
  if (!ufw?.managesBuiltins || !line || settings.get('iptables') === false) return []
  const leave = replaceLine(UFW_DEFAULTS, line, 'MANAGE_BUILTINS=no')
  const cure = disruptive('Have ufw leave chains that are not its own alone', leave, reload, restartEngine)
  const jumps = (iptables.active && chainOf(iptables.active, 'filter', 'FORWARD')?.rules) ?? []
  const [way] = blocked ?? []
  if (way && !jumps.some(({ target = '' }) => target.startsWith('DOCKER')))
    return [report('flushesEngine', { file: UFW_DEFAULTS, what: way.what }, cure)]
  return [report('flushesAtReload', { file: UFW_DEFAULTS }, fix('Have ufw leave them alone', leave))]
}

/** Stopped in a chain of ufw's, or by the policy that it sets where the engine is told to write no rules. */
function byUfw({ trace }: BlockedWay, { settings }: Facts): boolean {
  if (trace.rule) return isUfwChain(trace.rule.chain)
  return settings.get('iptables') === false && trace.chain?.chain === 'FORWARD'
}

function judgeForward(facts: Facts, report: Report): readonly Found[] {
  const [way] = (facts.blocked ?? []).filter((one) => byUfw(one, facts))
  const line = facts.ufw?.lines.forwardPolicy
  if (!way) return []
  const slots = { what: way.what, rule: ruleInWords(way.trace) }
  if (way.trace.rule || !line) {
    const where =
      'Look for it in "ufw status verbose" (delete it there), or in /etc/ufw/before.rules and after.rules.'
    return [report('blocksForward', slots, manualFix(`Take the rule out: ${slots.rule}`, where))]
  }
  const accept = replaceLine(UFW_DEFAULTS, line, 'DEFAULT_FORWARD_POLICY="ACCEPT"')
  return [report('blocksForward', slots, fix('Have ufw let forwarded packets pass', accept, reload))]
}

/** Who publishes a web server's port on all addresses means it. Our own choice. */
const FOR_ALL: ReadonlySet<number> = new Set([80, 443])

/** @see https://docs.docker.com/engine/network/packet-filtering-firewalls/#docker-and-ufw */
function judgeBypass({ input }: Facts, report: Report): readonly Found[] {
  const unmeant = input.bypassed.filter(({ port }) => !FOR_ALL.has(port))
  const ports = [
    ...new Set(unmeant.map(({ container, port, protocol }) => `${port}/${protocol} of ${container}`)),
  ]
  if (ports.length === 0) return []
  const cure = manualFix('Say of each port whom it is for', ...WHOM_IT_IS_FOR)
  return [report('bypass', { ports: ports.join(', ') }, cure)]
}
const WHOM_IT_IS_FOR = [
  'For this host alone: publish it with -p 127.0.0.1:PORT:PORT.',
  'For all: "ufw allow PORT", so that ufw says what is so. For some: a rule in the chain DOCKER-USER.',
] as const

export default defineCheck({
  id: 'firewall/ufw',
  title: 'ufw is off, or lets containers through and means it',
  why: 'A ufw that stops forwarded packets cuts containers off, and one that is bypassed guards less than it says.',
  profiles: ['docker', 'swarm'],
  needs,
  causedBy: ['firewall/backends'],
  needsRoot: true,
  symptoms: () => [
    shows(/\[UFW BLOCK\][^\n]*\b(?:IN=(?:docker|br-|veth)|OUT=\w)/, 0.6),
    shows(/\[UFW BLOCK\]/, 0.5),
    shows(/DEFAULT_FORWARD_POLICY/, 0.9),
    shows([/^Status: active$/m, /\bDENY\b/, /\d\/tcp -> (?:0\.0\.0\.0|:::?)/], 0.75),
    says([/\bufw\b/, CONTAINER, FAILS], 0.5),
    says([/\bufw\b/, /\bbypass|\bignore|\bexpos|绕过/], 0.9),
    says([/\bufw\b/, /\bsafe\b|\bprotect/], 0.6),
    among(PORT_DEAD, 0.04),
    among(NO_OUTBOUND, 0.03),
    among(TIMEOUT, 0.06),
    among(UNREACHABLE, 0.04),
    says(
      [
        /防火墙|\bufw\b|\bfirewalld?\b/,
        /失效|无效|摆设|(?:没有?|未)(?:开放|放行|开)/,
        /(?:竟|居然|仍|还是?|却|照样|依然).{0,8}(?:访问|连上|连接|开放)/,
      ],
      0.6,
      { unless: /访问不|连不上|无法访问/ },
    ),
  ],
  findings,
  evaluate(facts, report) {
    const { ufw, engine, input } = facts
    if (!ufw) return report.skip('ufw is not installed')
    if (!ufw.enabled && input.keeper !== 'ufw') return report.pass('ufw is off')
    if (!engine) return report.skip('the engine is not running')
    const builtins = judgeBuiltins(facts, report)
    const forward = builtins.some(({ finding }) => finding === 'flushesEngine')
      ? []
      : judgeForward(facts, report)
    return report.all([...builtins, ...forward, ...judgeBypass(facts, report)], () =>
      report.pass('ufw is on, and lets containers through'),
    )
  },
})
