import { NETWORK_BROKEN } from '../../src/diagnose/phenomena.ts'
import { FAILS, REACH } from '../../src/diagnose/words.ts'
import { daemonSettings } from '../../src/facts/daemon-config.ts'
import { engineRuns } from '../../src/facts/engine-running.ts'
import { engineVersion } from '../../src/facts/engine-version.ts'
import { settings as wishes } from '../../src/facts/settings.ts'
import { sysctl } from '../../src/facts/sysctl.ts'
import { defineCheck, fail, warn } from '../../src/model/check.ts'
import { maybe, type Values } from '../../src/model/fact.ts'
import { fix, loadModule, setSysctl } from '../../src/model/fix.ts'
import { among, says, shows } from '../../src/model/symptom.ts'
import { atLeast } from '../../src/versions.ts'

const KEY = 'net.bridge.bridge-nf-call-iptables'

const needs = {
  value: sysctl(KEY),
  version: maybe(engineVersion),
  engineRuns: maybe(engineRuns),
  settings: daemonSettings,
  wishes,
}

/**
 * What does not work without it. Engines before 27.5 want it in any case, and complain of its absence; later ones load
 * the module only where a setting needs it, and then refuse to start without.
 * @see https://docs.docker.com/engine/release-notes/27/#2750
 */
function neededFor({
  settings,
  version,
  wishes,
}: Values<typeof needs>): readonly [string, 'fail' | 'warn'] | null {
  const off = (key: string): boolean => String(settings.get(key)) === 'false'
  if (wishes.profile === 'swarm') return ['the services of a swarm', 'fail']
  if (off('icc')) return ['icc=false, which it makes effective', 'fail']
  if (off('userland-proxy')) return ['published ports without a userland proxy, between containers', 'warn']
  const old = version.known && version.value !== null && !atLeast(version.value, '27.5')
  return old ? ['published ports, asked for by a container on the same bridge', 'warn'] : null
}

export default defineCheck({
  id: 'network/bridge-netfilter',
  title: 'Bridged packets pass the packet filter where needed',
  why: "Otherwise packets between containers on one bridge bypass the engine's rules, and its port forwarding.",
  profiles: ['docker', 'swarm'],
  needs,
  symptoms: () => [
    shows(/missing br-netfilter module or unset (?:sysctl )?br-nf-call-iptables/, 0.85),
    shows(/bridge-nf-call-(?:ip6?|arp)tables/, 0.93),
    shows(/DOCKER_IGNORE_BR_NETFILTER_ERROR|Module br_netfilter not found/, 0.8),
    shows(/cannot stat \/proc\/sys\/net\/bridge|\/proc\/sys\/net\/bridge/, 0.85),
    says(/\bbr_netfilter\b|bridge-nf/, 0.9),
    among(NETWORK_BROKEN, 0.06),
    says(
      [
        /\bsame (?:docker )?(?:network|bridge|host)|\bhairpin|\bservice ip|\bclusterip|\bkube-?proxy|\bkubeadm|\bflannel|\bcalico/,
        FAILS,
        REACH,
      ],
      0.1,
    ),
    says(
      [
        /\bpods?\b|\bservices?\b|\bendpoints?\b|\bcoredns|\bkube-?dns|\bclusterip/,
        /\bsame node\b|\b(?:its|their) own node\b|同一(?:个)?(?:节点|node)/,
        FAILS,
      ],
      0.75,
      { unless: /\b(?:different|other|another|across|between)\b.{0,15}\bnodes?\b|跨节点/ },
    ),
    says(
      [
        /\bicc\b|inter-?container communication/,
        /\bfalse\b|\bdisabl|\boff\b/,
        /\bcommunicat|\b(?:can|still|able to)\b.{0,30}\b(?:ping|reach|connect|talk|access)/,
      ],
      0.8,
      {
        unless: /\b(?:can(?:no|')?t|cannot|unable|not able)\b.{0,30}\b(?:communicat|ping|reach|connect|talk)/,
      },
    ),
  ],
  findings: {
    off: warn(`${KEY} is {value}, and it is needed for {purpose}`),
    ineffective: fail(`${KEY} is {value}, and it is needed for {purpose}`),
  },
  evaluate(facts, report) {
    const { value, engineRuns } = facts
    if (value === '1') return report.pass()
    const needed = neededFor(facts)
    if (!needed)
      return report.pass(
        `${value === null ? 'br_netfilter is not loaded' : 'off'}, and nothing here needs it`,
      )
    const [purpose, level] = needed
    // The engine loads the module itself when it starts.
    if (value === null) {
      if (!engineRuns.known) return report.unknown(engineRuns.why)
      if (!engineRuns.value) return report.skip('no engine runs: it loads br_netfilter itself')
    }
    const load = value === null ? [loadModule('br_netfilter')] : []
    const cure = fix('Pass bridged packets through the packet filter', ...load, setSysctl(KEY, 1))
    const slots = { value: value ?? 'missing (br_netfilter is not loaded)', purpose }
    return level === 'fail' ? report('ineffective', slots, cure) : report('off', slots, cure)
  },
})
