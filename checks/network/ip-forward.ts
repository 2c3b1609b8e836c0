import { NETWORK_BROKEN, NO_NAMES, NO_OUTBOUND, PORT_DEAD, TIMEOUT } from '../../src/diagnose/phenomena.ts'
import { CONTAINER, FAILS, OUTSIDE, REACH, RESTART, WAKES } from '../../src/diagnose/words.ts'
import { daemonSettings } from '../../src/facts/daemon-config.ts'
import { engineRuns } from '../../src/facts/engine-running.ts'
import { forwardingKey, interfaceForwarding, persistedForwarding } from '../../src/facts/forwarding.ts'
import { networkFiles } from '../../src/facts/networkd.ts'
import { sysctl } from '../../src/facts/sysctl.ts'
import { defineCheck, type Found, fail, type Reporter, warn } from '../../src/model/check.ts'
import { maybe, type Values } from '../../src/model/fact.ts'
import { type Fix, fix, replaceLine, type Step, setSysctl, writeFile } from '../../src/model/fix.ts'
import { among, says, shows } from '../../src/model/symptom.ts'

const KEY = 'net.ipv4.ip_forward'

const needs = {
  running: sysctl(KEY),
  persisted: persistedForwarding,
  engineRuns: maybe(engineRuns),
  settings: maybe(daemonSettings),
  interfaces: maybe(interfaceForwarding),
  networkFiles,
}
type Facts = Values<typeof needs>

const findings = {
  off: fail(`${KEY} is {value}: containers cannot reach beyond this host`),
  staysOff: fail(`${KEY} is {value}, and the engine will not turn it on: {setting}`),
  interfaceOff: fail('{interface} does not forward, although forwarding is on: {consequence}'),
  turnedOffByFile: warn(
    '{file} line {line} turns forwarding off: a network restart or "sysctl --system" cuts the containers off',
  ),
}
type Report = Reporter<typeof findings>

const CONSEQUENCES = {
  uplink: 'what comes in through it does not reach the containers, answers from outside included',
  bridge: 'the containers behind it cannot reach beyond this host',
}

/** What the engine is told that keeps it from turning forwarding on. @see https://docs.docker.com/engine/network/packet-filtering-firewalls/ */
function keptOff(settings: Facts['settings']): string | null {
  if (!settings.known) return null
  if (String(settings.value.get('ip-forward')) === 'false') return 'ip-forward is false'
  return settings.value.get('firewall-backend') === 'nftables' ? 'firewall-backend is nftables' : null
}

const offInFile = ({ persisted }: Facts): readonly Step[] =>
  persisted && persisted.value !== '1'
    ? [replaceLine(persisted.file, persisted.text, `${persisted.key} = 1`)]
    : []

const turnOn = (facts: Facts): Fix =>
  fix('Turn IPv4 forwarding on, now and at boot', ...offInFile(facts), setSysctl(KEY, 1))

/** systemd-networkd would turn it off again: its own file must say so too. @see https://www.freedesktop.org/software/systemd/man/latest/systemd.network.html */
function forwardThrough(name: string, { networkFiles }: Facts): Fix {
  const path = networkFiles.get(name)
  const dropIn = `/etc/systemd/network/${path?.split('/').at(-1)}.d/seaworthy.conf`
  const steps = path ? [writeFile(dropIn, '[Network]\nIPv4Forwarding=yes\nIPForward=yes\n')] : []
  return fix(`Turn forwarding on for ${name}`, setSysctl(forwardingKey(name), 1), ...steps)
}

function judgeInterfaces(facts: Facts, report: Report): readonly Found[] {
  if (!facts.interfaces.known) return []
  return facts.interfaces.value
    .filter(({ on }) => !on)
    .map(({ name, role }) =>
      report(
        'interfaceOff',
        { interface: name, consequence: CONSEQUENCES[role] },
        forwardThrough(name, facts),
      ),
    )
}

function judgeOff(facts: Facts, report: Report) {
  const value = facts.running ?? 'missing'
  const { engineRuns, settings } = facts
  const setting = keptOff(settings)
  if (setting) return report('staysOff', { value, setting }, turnOn(facts))
  if (!engineRuns.known) return report.unknown(engineRuns.why)
  if (engineRuns.value) return report('off', { value }, turnOn(facts))
  return settings.known ? null : report.unknown(settings.why)
}

export default defineCheck({
  id: 'network/ip-forward',
  title: 'IPv4 forwarding is on',
  why: 'Without it the host drops every packet between containers and the outside.',
  profiles: ['docker', 'swarm'],
  needs,
  symptoms: () => [
    shows(/IPv4 forwarding is disabled/, 0.97),
    shows(
      /net[./]ipv4[./]ip_forward ?= ?0|ip_forward\s*[:=]?\s*\n?\s*0\b|net\.ipv4\.conf\.\w+\.forwarding ?= ?0|FORWARDING is disabled/,
      0.93,
    ),
    shows(/\bip_forward\b/, 0.5),
    says([/\bip[_ ]?v?4?[_ ]?forward|\bforwarding\b|转发/, FAILS], 0.75, { unless: /port forward/ }),
    says([CONTAINER, /\bsysctl|\bcis\b|\bhardening|加固/, REACH], 0.75),
    says([/\bnetwork(?:ing)?(?: service)?\b|网络服务|network/, RESTART, CONTAINER, OUTSIDE], 0.6),
    says([/nspawn|systemd-networkd|\bnetworkd\b/, OUTSIDE], 0.6),
    says([CONTAINER, /\blose|\bafter (?:a )?(?:while|some time)|\bsuddenly|\brandom/, OUTSIDE], 0.35),
    among(NO_OUTBOUND, 0.22),
    among(NO_NAMES, 0.05),
    among(PORT_DEAD, 0.06),
    among(NETWORK_BROKEN, 0.22),
    among(TIMEOUT, 0.12),
    says([/\bsysctl (?:--system|-p)|\bsysctl\b/, CONTAINER, FAILS], 0.6),
    says([/容器/, /上网|外网|网络/, /重启|reboot|restart|失效|突然|一段时间/], 0.4),
    says([WAKES, CONTAINER, FAILS], 0.4),
  ],
  findings,
  evaluate(facts, report) {
    const { running, persisted, interfaces } = facts
    const off = running !== '1' ? judgeOff(facts, report) : null
    if (off) return off
    const found = running === '1' ? [...judgeInterfaces(facts, report)] : []
    const steps = offInFile(facts)
    if (persisted && steps.length > 0) {
      const { file, line } = persisted
      found.push(report('turnedOffByFile', { file, line }, fix('Keep forwarding on', ...steps)))
    }
    return report.all(found, () => {
      if (running !== '1') return report.pass('off now: the engine turns it on when it starts')
      return interfaces.known ? report.pass() : report.unknown(interfaces.why)
    })
  },
})
