import { NETWORK_BROKEN, NO_OUTBOUND, TIMEOUT } from '../../src/diagnose/phenomena.ts'
import { CONTAINER, DOCKER, OUTSIDE, VPN } from '../../src/diagnose/words.ts'
import { dockerBridges, uplink } from '../../src/facts/bridges.ts'
import { type DaemonSettings, daemonSettings } from '../../src/facts/daemon-config.ts'
import { runningEngine } from '../../src/facts/engine.ts'
import { withoutFlags } from '../../src/facts/flag-conflicts.ts'
import { containerAddressIn, firewall } from '../../src/facts/forwarding-paths.ts'
import { defineCheck, fail, warn } from '../../src/model/check.ts'
import { disruptive, type Fix, manualFix, restartEngine, setJson } from '../../src/model/fix.ts'
import { among, says, shows } from '../../src/model/symptom.ts'
import { traceSourceNat } from '../../src/net/path/trace.ts'

function remove(key: string, { file, commandLine }: DaemonSettings): Fix {
  const summary = `Remove "${key}"`
  if (!commandLine || (file.state === 'present' && Object.hasOwn(file.value, key)))
    return disruptive(summary, setJson(file.path, [key], undefined), restartEngine)
  const steps = withoutFlags(commandLine, [key])
  return steps
    ? disruptive(summary, ...steps, restartEngine)
    : manualFix(`Take --${key} off the command line of dockerd (${commandLine.origin}), and restart it`)
}

export default defineCheck({
  id: 'firewall/engine-rules',
  title: 'The engine may write the rules that containers need',
  why: 'Told not to, it leaves containers without a way out unless somebody else writes those rules.',
  profiles: ['docker', 'swarm'],
  needs: { engine: runningEngine, settings: daemonSettings, bridges: dockerBridges, firewall, uplink },
  needsRoot: true,
  symptoms: () => [
    shows(/"iptables"\s*:\s*false|--iptables=false|"ip-masq"\s*:\s*false|--ip-masq=false/, 0.9),
    shows(
      /^Connecting to 172\.(?:1[6-9]|2\d|3[01])\.\d+\.\d+(?! [^\n]*\n[^\n]*(?:100%|saved|refused))/m,
      0.15,
    ),
    says([/\biptables\b/, /\bfalse\b|\bdisabl|\boff\b|\bnot created|关闭|禁用/, DOCKER], 0.6),
    says(
      [
        CONTAINER,
        /\brouter\b|\bgateway\b/,
        /\breply|\brepl(?:y|ies)|\bresponse|\banswer|\bcan(?:no|')t ping|无(?:响应|应答)/,
      ],
      0.7,
    ),
    says(
      [
        /\btcpdump|\bpackets?\b/,
        /\bno repl|\bno (?:reply|response)|\bnever (?:come|return)|not (?:natted|translated|masquerad)/,
        CONTAINER,
      ],
      0.65,
    ),
    among(NO_OUTBOUND, 0.15),
    shows(/bad address '/, 0.25),
    among(NETWORK_BROKEN, 0.08),
    among(TIMEOUT, 0.1),
    says([VPN, OUTSIDE], 0.2),
    says(
      /iptables["']?\s*[=:]\s*["']?false|--iptables=false|ip-?masq(?:uerade)?["']?\s*[=:]\s*["']?false/,
      0.93,
    ),
  ],
  findings: {
    noTranslation: fail('"{key}" is false and nothing else translates {subnet} on the way out'),
    noTalk: warn('"icc" is false: containers on the default bridge cannot talk to each other'),
  },
  evaluate({ engine, settings, bridges, firewall, uplink }, report) {
    if (!engine) return report.skip('the engine is not running')
    const key = ['iptables', 'ip-masq'].find((name) => settings.get(name) === false)
    const bridge = bridges.find(
      ({ internal, name }) => !internal && (key === 'iptables' || name === 'docker0'),
    )
    const subnet = bridge?.subnets[0]
    if (key && bridge && subnet && uplink) {
      const src = containerAddressIn(subnet)
      const packet = { iif: bridge.name, oif: uplink, src, dst: '8.8.4.4', proto: 'tcp', dport: 443 } as const
      if (traceSourceNat(firewall, packet).verdict === 'none') {
        return report('noTranslation', { key, subnet }, remove(key, settings))
      }
    }
    if (settings.get('icc') === false) return report('noTalk', {}, remove('icc', settings))
    return report.pass()
  },
})
