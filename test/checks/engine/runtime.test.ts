import check from '../../../checks/engine/runtime.ts'
import type { Readings } from '../../../src/hosts/memory.ts'
import { missing } from '../../../src/model/reading.ts'
import { finds, passes, testCheck, unknown } from '../../../src/testing.ts'
import { host, statOf } from '../engine-host.ts'

const config = (value: Record<string, unknown>): Readings => ({
  ...host,
  '/etc/docker/daemon.json': JSON.stringify(value),
})
const nvidia = { nvidia: { path: 'nvidia-container-runtime', runtimeArgs: [] } }
const NVIDIA = 'stat /usr/bin/nvidia-container-runtime'
const cured = { after: {} }

testCheck(check, {
  'none configured': passes(host, { says: 'runc' }),
  'a default that nobody defines': finds('unknownDefault', config({ 'default-runtime': 'nvidia' }), cured),
  'the same by flag': finds('unknownDefault', {
    ...host,
    '/etc/default/docker': 'DOCKER_OPTS="--default-runtime nvidia"\n',
  }),
  'a default whose program is missing': finds(
    'defaultMissing',
    config({ 'default-runtime': 'nvidia', runtimes: nvidia }),
    cured,
  ),
  'another whose program is missing': finds('missing', {
    ...config({ runtimes: { kata: { path: '/opt/kata/bin/kata' } } }),
    'stat /opt/kata/bin/kata': null,
  }),
  'all there': passes({
    ...config({ 'default-runtime': 'nvidia', runtimes: nvidia }),
    [NVIDIA]: statOf('file', 0o755),
  }),
  'defined by flag': passes({
    ...host,
    '/etc/default/docker': 'DOCKER_OPTS="--add-runtime crun=/usr/bin/crun --default-runtime=crun"\n',
    'stat /usr/bin/crun': statOf('file', 0o755),
  }),
  "one of containerd's types": passes(
    config({
      'default-runtime': 'io.containerd.kata.v2',
      runtimes: { kata: { runtimeType: 'io.containerd.kata.v2' } },
    }),
  ),
  'not to be seen': unknown({
    ...config({ runtimes: { x: { path: '/root/x' } } }),
    'stat /root/x': missing('denied', 'permission denied'),
  }),
  'nothing recorded': unknown({}),
})
