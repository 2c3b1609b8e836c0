import check from '../../../checks/engine/live-restore.ts'
import type { Readings } from '../../../src/hosts/memory.ts'
import { missing } from '../../../src/model/reading.ts'
import { finds, passes, skips, testCheck, unknown } from '../../../src/testing.ts'
import { answer } from '../containers-host.ts'
import { api, captured, host, statOf, stopped } from '../engine-host.ts'

const config = (value: unknown, on: Readings = host): Readings => ({
  ...on,
  '/etc/docker/daemon.json': JSON.stringify(value),
})
const ON = { 'live-restore': true }
const STATE = 'stat /var/lib/docker/swarm/docker-state.json'
const node: Readings = {
  ...host,
  [api('/info')]: answer({
    ...JSON.parse(captured('docker-info.json')),
    Swarm: { LocalNodeState: 'active' },
  }),
}
const stoppedNode: Readings = { ...stopped, [STATE]: statOf('file', 0o600) }
const hardening = { settings: { profile: 'hardening' } } as const
const forSwarm = { settings: { profile: 'swarm' } } as const
const cured = { after: {} }

testCheck(check, {
  on: passes(config(ON), { says: 'on' }),
  off: passes(host, { says: 'off' }),
  'off, hardened': finds('off', host, { ...hardening, ...cured }),
  'on, hardened': passes(config(ON), hardening),
  'off on a node of a swarm, hardened': passes(node, hardening),
  'on, on a node of a swarm': finds('withSwarm', config(ON, node), cured),
  'on, on a node of a swarm that does not start': finds('withSwarm', config(ON, stoppedNode), cured),
  'by flag, on a node of a swarm': finds('withSwarm', {
    ...stoppedNode,
    '/etc/docker/daemon.json': null,
    '/etc/default/docker': 'DOCKER_OPTS=--live-restore\n',
  }),
  'on, and to be a node of a swarm': finds('beforeSwarm', config(ON), { ...forSwarm, ...cured }),
  'off, for a swarm': passes(host, forSwarm),
  'on, and it does not run': passes(config(ON, stopped)),
  'on, and the data root is closed': unknown(
    config(ON, { ...stopped, [STATE]: missing('denied', 'permission denied') }),
  ),
  'off, hardened, and the data root is closed': unknown(
    { ...stopped, [STATE]: missing('denied', 'permission denied') },
    hardening,
  ),
  'not installed': skips({ ...stopped, 'stat /usr/sbin/dockerd': null }),
  'nothing recorded': unknown({}),
})
