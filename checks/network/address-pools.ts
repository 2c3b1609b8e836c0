import { NO_POOL } from '../../src/diagnose/phenomena.ts'
import { freeBlock } from '../../src/facts/address-plan.ts'
import { defaultNetworkSettled, poolSpace, roomierPools, spareBlock } from '../../src/facts/address-pools.ts'
import { bipIn } from '../../src/facts/bip.ts'
import { fullSubnets } from '../../src/facts/bridge-state.ts'
import { daemonSettings } from '../../src/facts/daemon-config.ts'
import { runningEngine } from '../../src/facts/engine.ts'
import { DEFAULT_NETWORK, type EngineBridge, engineBridges } from '../../src/facts/engine-bridges.ts'
import { changeSetting } from '../../src/facts/setting-steps.ts'
import { counted } from '../../src/facts/units.ts'
import { defineCheck, type Found, fail, type Reporter, warn } from '../../src/model/check.ts'
import { maybe, type Values } from '../../src/model/fact.ts'
import { disruptive, type Fix, fix, manual, manualFix, restartEngine } from '../../src/model/fix.ts'
import { among, says, shows } from '../../src/model/symptom.ts'

const needs = {
  engine: runningEngine,
  bridges: engineBridges,
  pools: poolSpace,
  settled: defaultNetworkSettled,
  settings: daemonSettings,
  freeBlock: maybe(freeBlock),
  spareBlock: maybe(spareBlock),
}
type Facts = Values<typeof needs>

const findings = {
  addressesExhausted: fail(
    '{subnet} of the network {network} has no address left: all are taken by {count}, and no other container can start',
  ),
  /** A network of one's own may have been cut to measure. */
  networkFull: warn('{subnet} of the network {network} has no address left: all are taken by {count}'),
  exhausted: fail(
    'all {total} address pools are taken, by {networks} of the engine or by routes of the host: no network can be added',
  ),
  noneToStart: fail(
    'no address pool is free: routes of the host cover all {total}, so the engine finds no addresses for its default network',
    { causedBy: [] },
  ),
  nearly: warn('{free} of {total} address pools are left: few networks can be added'),
}

/** A network more or two is what one compose project takes. */
const FEW = 2

function enlarge({ network, name }: EngineBridge, { settings, freeBlock }: Facts): Fix {
  const block = freeBlock.known ? freeBlock.value : null
  if (network.name !== DEFAULT_NETWORK || !block)
    return manualFix(`Make the network ${network.name} anew with a larger --subnet, or stop containers in it`)
  return disruptive(
    `Give ${name} the free range ${block}`,
    ...changeSetting(settings, 'bip', bipIn(block)),
    ...(settings.get('fixed-cidr') ? changeSetting(settings, 'fixed-cidr', undefined) : []),
    restartEngine,
  )
}

function chooseBip({ settings, freeBlock }: Facts): Fix {
  const block = freeBlock.known ? freeBlock.value : null
  return block
    ? fix(`Give the default network the free range ${block}`, ...changeSetting(settings, 'bip', bipIn(block)))
    : manualFix(
        'Stop the VPN that leads to all private ranges, or set bip in daemon.json to a range that can be done without',
      )
}

/** What looks unused may be the network of a project that is stopped: nothing is removed without a person. */
function makeRoom({ settings, spareBlock }: Facts): Fix {
  const block = spareBlock.known ? spareBlock.value : null
  const prune =
    'See with docker network ls which networks nobody needs, and remove them; docker network prune removes each that no container is in.'
  if (settings.get('default-address-pools') || block === null)
    return manualFix('Remove networks that nobody needs', prune)
  const pools = changeSetting(settings, 'default-address-pools', roomierPools(block))
  return disruptive('Give the engine more and smaller pools', ...pools, restartEngine, manual(prune))
}

function judgeRoom(facts: Facts, report: Reporter<typeof findings>): readonly Found[] {
  return facts.bridges.flatMap((bridge) =>
    fullSubnets(bridge).map(({ subnet }) => {
      const slots = {
        subnet,
        network: bridge.network.name,
        count: counted(bridge.containers.length, 'container'),
      }
      const finding = bridge.network.name === DEFAULT_NETWORK ? 'addressesExhausted' : 'networkFull'
      return report(finding, slots, enlarge(bridge, facts))
    }),
  )
}

export default defineCheck({
  id: 'network/address-pools',
  title: 'Networks and containers can get addresses',
  why: 'When all addresses are taken no container starts, and when all pools are taken no network can be made.',
  profiles: ['docker', 'swarm'],
  needs,
  causedBy: ['engine/running', 'network/docker-bridge'],
  symptoms: () => [
    shows(/all predefined address pools have been fully subnetted/, 0.92),
    shows(
      /no available IPv4 addresses on this network's address pools|could not find an available predefined network|no available IP(?:v4)? address/,
      0.9,
    ),
    among(NO_POOL, 0.42),
    says(/\baddress pools?|predefined network|地址池/, 0.85),
    says(
      /\bmany networks|\b3\d networks|\bmore than \d+ networks|\blimit(?:ed)? (?:of|to) \d+ networks|\btoo many networks|network prune/,
      0.9,
    ),
  ],
  findings,
  evaluate(facts, report) {
    const { total, free, networks } = facts.pools
    if (!facts.engine) {
      if (free > 0 || facts.settled) return report.skip('no engine runs, and it will find addresses')
      return report('noneToStart', { total }, chooseBip(facts))
    }
    const full = judgeRoom(facts, report)
    const pools =
      free === 0
        ? [report('exhausted', { total, networks: counted(networks, 'network') }, makeRoom(facts))]
        : free <= FEW && networks > FEW
          ? [report('nearly', { free, total }, makeRoom(facts))]
          : []
    return report.all([...full, ...pools], () => report.pass(`${free} of ${total} pools are free`))
  },
})
