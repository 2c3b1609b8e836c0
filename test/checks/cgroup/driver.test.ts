import check from '../../../checks/cgroup/driver.ts'
import { finds, passes, skips, testCheck, unknown } from '../../../src/testing.ts'
import { engine, node, v1, v2 } from './hosts.ts'

const JSON_FILE = '/etc/docker/daemon.json'
const asks = (driver: string) => ({
  [JSON_FILE]: `{\n  "exec-opts": ["native.cgroupdriver=${driver}"]\n}\n`,
})
const denied = { state: 'denied', reason: 'permission denied', durationMs: 0 } as const
const DOCKER_NODE = node('1.23.6', 'cgroupDriver: systemd\n')

testCheck(check, {
  'v2, no engine: the default': passes(v2(), { says: 'systemd' }),
  'v1 without systemd: the default': passes(v1, { says: 'cgroupfs' }),
  'v1, cgroupfs in use': passes({ ...v1, ...engine('20.10.24', { CgroupDriver: 'cgroupfs' }) }),
  'v2, cgroupfs asked for': finds('cgroupfsUnderSystemd', { ...v2(), ...asks('cgroupfs') }),
  'v2, cgroupfs in use, not asked for': finds(
    'cgroupfsUnderSystemd',
    { ...v2(), ...engine('20.10.24', { CgroupDriver: 'cgroupfs' }) },
    { after: engine('20.10.24', { CgroupDriver: 'systemd' }) },
  ),
  'v1, systemd asked for, no systemd': finds('unavailable', { ...v1, ...asks('systemd') }),
  'asked for by a flag': finds('unavailable', {
    ...v1,
    '/etc/default/docker': 'DOCKER_OPTS="--exec-opt native.cgroupdriver=systemd"\n',
  }),
  misspelt: finds('misspelt', { ...v2(), ...asks('sytemd') }, { says: 'sytemd' }),
  'kubelet through docker, other driver': finds(
    'mismatch',
    { ...v2(), ...DOCKER_NODE, ...engine('20.10.24', { CgroupDriver: 'cgroupfs' }) },
    { after: engine('20.10.24', { CgroupDriver: 'systemd' }) },
  ),
  'kubelet through cri-dockerd, other driver': finds(
    'mismatch',
    {
      ...v2(),
      ...node('1.30.0', 'cgroupDriver: cgroupfs\ncontainerRuntimeEndpoint: unix:///run/cri-dockerd.sock\n'),
    },
    { after: {} },
  ),
  'kubelet with quotes in its flag': finds('kubeletMisspelt', {
    ...v2(),
    ...node('1.17.0', '', `KUBELET_KUBEADM_ARGS=--cgroup-driver='systemd' --v=2\n`),
  }),
  'kubelet with another word in its file': finds('kubeletMisspelt', {
    ...v2(),
    ...node('1.17.0', 'kind: KubeletConfiguration\ncgroupDriver: system\n'),
  }),
  'kubelet through containerd': passes({
    ...v2(),
    ...node(
      '1.30.0',
      'cgroupDriver: cgroupfs\ncontainerRuntimeEndpoint: "unix:///run/containerd/containerd.sock"\n',
    ),
  }),
  'kubelet through its default, containerd': passes({
    ...v2(),
    ...node('1.30.0', 'cgroupDriver: cgroupfs\n'),
  }),
  'kubelet that agrees': passes({
    ...v2(),
    ...DOCKER_NODE,
    ...engine('20.10.24', { CgroupDriver: 'systemd' }),
  }),
  rootless: skips({ ...v2(), ...engine('27.0.0', { CgroupDriver: 'none' }) }),
  'daemon.json not to be read, no engine to ask': unknown({ ...v2(), [JSON_FILE]: denied }),
  'nothing recorded': unknown({}),
})
