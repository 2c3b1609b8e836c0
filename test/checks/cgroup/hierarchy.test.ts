import check from '../../../checks/cgroup/hierarchy.ts'
import { finds, passes, testCheck, unknown } from '../../../src/testing.ts'
import { engine, node, systemd, unmounted, v1, v2 } from './hosts.ts'

const unnamed = { ...v1, '/proc/self/mountinfo': String(v1['/proc/self/mountinfo']).replace(/^60 .*\n/m, '') }

testCheck(check, {
  'v2, unified': passes(v2(), { says: 'v2' }),
  'v1, engine 20.10': passes({ ...v1, ...engine('20.10.24+dfsg1') }, { says: 'v1' }),
  'v1, no engine yet': passes(v1),
  'v1, engine not to be asked': passes({
    ...v1,
    'GET unix:///var/run/docker.sock /version': {
      state: 'denied',
      reason: 'permission denied',
      durationMs: 0,
    },
  }),
  'v1, engine 29': finds('engineDeprecates', { ...v1, ...engine('29.0.0') }, { says: '29.0.0' }),
  'v1, engine 29, and systemd runs': finds('engineDeprecates', { ...v1, ...systemd, ...engine('29.0.0') }),
  'v1, kubelet 1.35, and systemd runs': finds('kubeletRefuses', {
    ...v1,
    ...systemd,
    ...node('1.35.1', 'cgroupDriver: systemd\n'),
  }),
  'v1, kubelet 1.35': finds('kubeletRefuses', { ...v1, ...node('1.35.1', 'cgroupDriver: systemd\n') }),
  'v1, kubelet 1.35 told to run': passes({ ...v1, ...node('1.35.1', 'failCgroupV1: false\n') }),
  'v1, kubelet 1.31': passes({ ...v1, ...node('1.31.0', 'cgroupDriver: systemd\n') }),
  'nothing mounted': finds('notMounted', unmounted, { after: {} }),
  'nothing mounted, and systemd runs': finds('notMounted', { ...unmounted, ...systemd }, { after: v1 }),
  'nothing mounted, and OpenRC runs': finds(
    'notMounted',
    { ...unmounted, 'stat /run/openrc': systemd['stat /run/systemd/system'] ?? null },
    { after: v1 },
  ),
  'nothing mounted or bound': finds('notMounted', { ...unmounted, '/proc/cgroups': null }, { after: {} }),
  'v1 without the hierarchy that processes are in': finds(
    'namedNotMounted',
    { ...unnamed, ...engine('19.03.15') },
    { after: {}, says: 'name=systemd' },
  ),
  'v1 without it, an old engine that does not run': finds(
    'namedNotMounted',
    { ...unnamed, '$ dockerd --version': 'Docker version 18.09.1, build 4c52b90\n' },
    { after: {}, says: '18.09.1' },
  ),
  'v1 without it, and an engine that can do without': passes({ ...unnamed, ...engine('20.10.24+dfsg1') }),
  'v1 without it, and such an engine that does not run': passes({
    ...unnamed,
    '$ dockerd --version': 'Docker version 20.10.24+dfsg1, build 297e128\n',
  }),
  'v1 without it, and no engine yet': passes({ ...unnamed, '$ dockerd --version': null }),
  'v1 without it, and an engine that does not say its version': unknown({
    ...unnamed,
    '$ dockerd --version': { state: 'failed', reason: 'timed out', durationMs: 5000 },
  }),
  'v1 without that hierarchy, and containers run': passes({
    ...unnamed,
    ...engine('27.3.1', { ContainersRunning: 2 }),
  }),
  'nothing recorded': unknown({}),
  'mounts not to be read': unknown({
    ...v1,
    '/proc/self/mountinfo': { state: 'denied', reason: 'permission denied', durationMs: 0 },
  }),
})
