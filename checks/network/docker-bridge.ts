import { NO_OUTBOUND, START_PROSE, UNREACHABLE } from '../../src/diagnose/phenomena.ts'
import { FAILS } from '../../src/diagnose/words.ts'
import { bip } from '../../src/facts/bip.ts'
import { looseVeths, missingPorts, stateOf } from '../../src/facts/bridge-state.ts'
import { daemonSettings } from '../../src/facts/daemon-config.ts'
import { runningEngine } from '../../src/facts/engine.ts'
import { DEFAULT_NETWORK, type EngineBridge, engineBridges } from '../../src/facts/engine-bridges.ts'
import { textOf } from '../../src/facts/json.ts'
import { interfaces } from '../../src/facts/network.ts'
import { changeSetting } from '../../src/facts/setting-steps.ts'
import { counted } from '../../src/facts/units.ts'
import { defineCheck, type Found, fail, type Reporter, warn } from '../../src/model/check.ts'
import { maybe, type Values } from '../../src/model/fact.ts'
import { disruptive, type Fix, fix, manualFix, restartEngine, runCommand } from '../../src/model/fix.ts'
import { among, says, shows } from '../../src/model/symptom.ts'

const needs = {
  bip,
  settings: daemonSettings,
  engine: maybe(runningEngine),
  bridges: maybe(engineBridges),
  interfaces: maybe(interfaces),
}
type Facts = Values<typeof needs>

const findings = {
  badBip: fail('bip is {bip}, which {problem}: the engine does not start with it', {
    causedBy: ['engine/config'],
  }),
  bothSet: fail('bip is {bip} and bridge is {bridge}: the engine takes only one of the two', {
    causedBy: ['engine/config'],
  }),
  missing: fail('the bridge {bridge} of the network {network} is gone: its containers are cut off'),
  notABridge: fail('{bridge} is not a bridge: no container of the network {network} can be attached to it'),
  noAddress: fail('{bridge} has no IPv4 address: its containers look for their gateway at {wanted}'),
  otherAddress: fail('{bridge} has the address {has}, and its containers look for their gateway at {wanted}'),
  down: fail('{bridge} is switched off: the containers of the network {network} are cut off'),
  detached: fail('{interfaces} in no bridge: {count} cut off from {bridge}'),
  notYetApplied: warn('bip is {bip} and {bridge} has {has}: the engine has not been restarted since'),
}
type Report = Reporter<typeof findings>

const restart = disruptive('Restart the engine: it lays its bridges anew', restartEngine)

/** What the settings say can be told without an engine. */
function judgeSettings({ bip, settings }: Facts, report: Report): readonly Found[] {
  const bridge = textOf(settings.get('bridge'))
  const apply = (text: string | undefined, summary: string): Fix =>
    disruptive(summary, ...changeSetting(settings, 'bip', text), restartEngine)
  if (bip?.problem) {
    const { text, problem, meant } = bip
    const summary = meant ? `Set bip to ${meant}` : 'Remove bip: the engine then chooses'
    return [report('badBip', { bip: text, problem }, apply(meant ?? undefined, summary))]
  }
  if (!bip || bridge === '') return []
  return [report('bothSet', { bip: bip.text, bridge }, apply(undefined, `Remove bip: ${bridge} has its own`))]
}

function judgeState(bridge: EngineBridge, report: Report): readonly Found[] {
  const found = stateOf(bridge)
  const slots = { bridge: bridge.name, network: bridge.network.name }
  const device = ['dev', bridge.name] as const
  const switchOn = runCommand(['ip', 'link', 'set', ...device, 'up'], {
    undo: ['ip', 'link', 'set', ...device, 'down'],
  })
  switch (found.state) {
    case 'sound':
      return []
    case 'missing':
      return [report('missing', slots, restart)]
    case 'notABridge': {
      const cure = disruptive(
        `Remove ${bridge.name}, and have the engine make its bridge`,
        runCommand(['ip', 'link', 'delete', 'dev', bridge.name]),
        restartEngine,
      )
      return [report('notABridge', slots, cure)]
    }
    case 'down': {
      const cure = fix(`Switch ${bridge.name} on`, switchOn)
      return [report('down', slots, cure)]
    }
    default: {
      const add = runCommand(['ip', 'address', 'replace', found.wanted, ...device], {
        undo: ['ip', 'address', 'del', found.wanted, ...device],
      })
      const up = bridge.device?.up ? [] : [switchOn]
      const cure = fix(`Give ${bridge.name} its address again`, add, ...up)
      return found.state === 'noAddress'
        ? [report('noAddress', { bridge: bridge.name, wanted: found.wanted }, cure)]
        : [report('otherAddress', { bridge: bridge.name, wanted: found.wanted, has: found.has }, cure)]
    }
  }
}

function judgePorts(bridge: EngineBridge, { interfaces }: Facts, report: Report): readonly Found[] {
  const loose = interfaces.known ? looseVeths(interfaces.value).map(({ name }) => name) : []
  const count = missingPorts(bridge)
  if (!bridge.device || count === 0 || loose.length === 0) return []
  const slots = {
    interfaces: `${loose.join(', ')} ${loose.length > 1 ? 'are' : 'is'}`,
    count: counted(count, 'container'),
    bridge: bridge.name,
  }
  const plug = (name: string) =>
    runCommand(['ip', 'link', 'set', 'dev', name, 'master', bridge.name], {
      undo: ['ip', 'link', 'set', 'dev', name, 'nomaster'],
    })
  // With several networks nobody can tell which cable belongs to which bridge.
  const cure =
    count === loose.length
      ? fix(`Plug them into ${bridge.name} again`, ...loose.map(plug))
      : manualFix(`Restart the containers of ${bridge.network.name}: docker restart NAME`)
  return [report('detached', slots, cure)]
}

function judgeBip(bridge: EngineBridge, { bip }: Facts, report: Report): readonly Found[] {
  const [first] = bridge.addresses
  if (bridge.network.name !== DEFAULT_NETWORK || !bip?.subnet || !first) return []
  if (bridge.addresses.some(({ address }) => address === bip.address)) return []
  const slots = { bip: bip.text, bridge: bridge.name, has: `${first.address}/${first.prefix}` }
  return [report('notYetApplied', slots, disruptive('Restart the engine', restartEngine))]
}

export default defineCheck({
  id: 'network/docker-bridge',
  title: "The engine's bridges carry their containers",
  why: 'Containers are plugged into these bridges: without one, or without its address, they reach nothing.',
  profiles: ['docker', 'swarm'],
  needs,
  causedBy: ['engine/running', 'network/interface-managers'],
  symptoms: () => [
    shows(/failed to allocate gateway/, 0.96),
    shows(/does not match requested configuration/, 0.96),
    shows(/invalid CIDR address/, 0.8),
    shows(
      /(?:-b|--bridge|bridge)[^\n]{0,40}(?:--bip|bip)[^\n]{0,60}(?:mutually exclusive|both|conflict)|mutually exclusive options/,
      0.93,
    ),
    shows(
      /bridge docker0 (?:does not exist|not found)|could not find bridge|route ip\+net: no such network interface|no such network interface/,
      0.8,
    ),
    says(/\bbip\b/, 0.85),
    says([/\bdocker0\b/, /\baddress|\bip\b|\bmismatch|\bmissing|\bnot (?:created|exist)|\bold\b/], 0.3),
    says(
      [/\bdocker0\b|\bdefault bridge|\bbridge network/, /\bstart|\brestart|\bcreate|\bconfig/, FAILS],
      0.2,
    ),
    among(START_PROSE, 0.05),
    among(UNREACHABLE, 0.03),
    among(NO_OUTBOUND, 0.03),
    shows(/networks have same bridge name|cannot create network \S+ \(docker0\)/, 0.92),
    shows(
      /could not delete the default bridge network|network bridge id \w+ has active endpoints|Error creating default "bridge" network|creating default "bridge"/,
      0.5,
      { unless: /operation not supported|ZONE_CONFLICT|no available network|Setup IP tables|NAT chain/ },
    ),
    shows(
      /network bridge not found|Device "?docker0"? does not exist|docker0: (?:No such device|error fetching interface)|no such (?:device|interface)[^\n]{0,20}docker0/,
      0.85,
    ),
    says(
      [
        /\bdocker0\b/,
        /\bmissing|\bnot (?:exist|created|there|up)|\bgone\b|\bdisappear|\bdeleted|不存在|没有/,
      ],
      0.6,
    ),
  ],
  findings,
  evaluate(facts, report) {
    const { engine, bridges } = facts
    const inSettings = judgeSettings(facts, report)
    const all = bridges.known ? bridges.value : []
    const found = all.flatMap((bridge) => [
      ...judgeState(bridge, report),
      ...judgePorts(bridge, facts, report),
      ...(inSettings.length === 0 ? judgeBip(bridge, facts, report) : []),
    ])
    return report.all([...inSettings, ...found], () => {
      if (!engine.known) return report.unknown(engine.why)
      if (!bridges.known) return report.unknown(bridges.why)
      if (!engine.value) return report.skip('no engine runs: it lays its bridges when it starts')
      if (all.length === 0) return report.skip('the engine has no bridge networks')
      return report.pass(
        all.map(({ name, addresses: [own] }) => `${name} ${own?.address ?? ''}`.trim()).join(', '),
      )
    })
  },
})
