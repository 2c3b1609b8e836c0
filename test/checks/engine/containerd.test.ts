import check from '../../../checks/engine/containerd.ts'
import type { Readings } from '../../../src/hosts/memory.ts'
import { missing } from '../../../src/model/reading.ts'
import { finds, passes, skips, testCheck, unknown } from '../../../src/testing.ts'
import { captured, host, refusedTo, statOf, stopped, tester } from '../engine-host.ts'

const PID = '/run/docker/containerd/containerd.pid'
const SOCKET = '/run/containerd/containerd.sock'
const status = (state: string): string =>
  captured('dockerd-status.txt').replace('dockerd', 'containerd').replace('S (sleeping)', state)
const own: Readings = { ...host, [PID]: '3810', '/proc/3810/status': status('S (sleeping)') }
const unit = '/lib/systemd/system/docker.service'
const separate: Readings = {
  ...stopped,
  '/proc/1/comm': 'systemd\n',
  'stat /run/systemd/system': statOf('directory', 0o755),
  [unit]: `[Service]\nExecStart=/usr/bin/dockerd -H fd:// --containerd=${SOCKET}\n`,
  [`stat ${unit}`]: statOf('file', 0o644),
  '$ systemctl show -p MainPID containerd.service': 'MainPID=0\n',
}
const woken = { after: { '/proc/3810/status': status('S (sleeping)') } }

const CONFIG = '/etc/containerd/config.toml'
const node: Readings = {
  ...separate,
  [`stat ${SOCKET}`]: statOf('socket', 0o660),
  '$ systemctl show -p MainPID containerd.service': 'MainPID=3810\n',
  '/proc/3810/status': status('S (sleeping)'),
  'stat /usr/bin/kubelet': statOf('file', 0o755),
  '$ kubelet --version': 'Kubernetes v1.28.4\n',
}
/** As containerd.io brings it. */
const PACKAGED =
  '#   Copyright 2018-2022 Docker Inc.\n\ndisabled_plugins = ["cri"]\n\n#root = "/var/lib/containerd"\n'
const OLD_KEY = 'version = 2\n[plugins."io.containerd.grpc.v1.cri"]\n  systemd_cgroup = true\n'
const started = { after: {} }

testCheck(check, {
  'CRI is switched off, and a kubelet needs it': finds(
    'criDisabled',
    { ...node, [CONFIG]: PACKAGED },
    started,
  ),
  'CRI is switched off among others': finds(
    'criDisabled',
    { ...node, [CONFIG]: 'disabled_plugins = ["io.containerd.grpc.v1.cri", "btrfs"] # both\n' },
    started,
  ),
  'CRI is switched off over several lines': finds('criDisabled', {
    ...node,
    [CONFIG]: 'disabled_plugins = [\n  "cri"\n]\n',
  }),
  'CRI is switched off, and nobody needs it': passes({
    ...node,
    'stat /usr/bin/kubelet': null,
    [CONFIG]: PACKAGED,
  }),
  'CRI is switched off, and the kubelet uses cri-dockerd': passes({
    ...node,
    [CONFIG]: PACKAGED,
    '/var/lib/kubelet/kubeadm-flags.env':
      'KUBELET_KUBEADM_ARGS="--container-runtime-endpoint=unix:///run/cri-dockerd.sock"\n',
  }),
  'CRI is switched off, and cri-dockerd is there': passes({
    ...node,
    [CONFIG]: PACKAGED,
    'stat /usr/bin/cri-dockerd': statOf('file', 0o755),
  }),
  'the cgroup key of an old shim': finds('criCgroupKey', { ...node, [CONFIG]: OLD_KEY }, started),
  'the cgroup key of today': passes({
    ...node,
    [CONFIG]:
      'version = 2\n[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]\n  SystemdCgroup = true\n',
  }),
  'a configuration of a newer containerd': finds(
    'formatTooNew',
    { ...separate, [CONFIG]: 'version = 3\n' },
    {
      says: /version 3, and containerd 1\.6\.20 reads up to 2/,
      after: { [`stat ${SOCKET}`]: statOf('socket', 0o660) },
    },
  ),
  'a configuration of an older containerd': finds(
    'stopped',
    { ...separate, [CONFIG]: 'version = 1\n' },
    { after: { [`stat ${SOCKET}`]: statOf('socket', 0o660) } },
  ),
  "dockerd's own": passes(own, { says: /3810/ }),
  "dockerd's own, stopped by a signal": finds(
    'hung',
    { ...own, '/proc/3810/status': status('T (stopped)') },
    woken,
  ),
  "dockerd's own, not to be seen": unknown({
    ...refusedTo(tester),
    [PID]: missing('denied', 'permission denied'),
  }),
  'by itself, and not running': finds('stopped', separate, {
    after: { [`stat ${SOCKET}`]: statOf('socket', 0o660) },
  }),
  'by itself, and masked': finds(
    'stopped',
    {
      ...separate,
      'stat /etc/systemd/system/containerd.service': statOf('character', 0o666, 0, 0, {
        realPath: '/dev/null',
      }),
    },
    { after: { [`stat ${SOCKET}`]: statOf('socket', 0o660) } },
  ),
  'by itself': passes({
    ...separate,
    [`stat ${SOCKET}`]: statOf('socket', 0o660),
    '$ systemctl show -p MainPID containerd.service': 'MainPID=3810\n',
    '/proc/3810/status': status('S (sleeping)'),
  }),
  'by itself, stopped by a signal': finds(
    'hung',
    {
      ...separate,
      [`stat ${SOCKET}`]: statOf('socket', 0o660),
      '$ systemctl show -p MainPID containerd.service': 'MainPID=3810\n',
      '/proc/3810/status': status('T (stopped)'),
    },
    woken,
  ),
  'the pid of another program': passes({
    ...own,
    '/proc/3810/status': captured('dockerd-status.txt')
      .replace('dockerd', 'bash')
      .replace('S (sleeping)', 'T (stopped)'),
  }),
  'the engine answers': passes(host),
  'the engine does not run': skips(stopped),
  'nothing recorded': unknown({}),
})
