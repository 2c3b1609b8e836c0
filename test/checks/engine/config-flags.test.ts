import check from '../../../checks/engine/config-flags.ts'
import type { Readings } from '../../../src/hosts/memory.ts'
import { finds, passes, testCheck, unknown } from '../../../src/testing.ts'
import { captured, host, statOf, stopped } from '../engine-host.ts'

const HOSTS = '{\n  "hosts": ["unix:///var/run/docker.sock"]\n}\n'
const UNIT = '/lib/systemd/system/docker.service'
const folders = { 'stat /var/run': statOf('directory', 0o755), 'stat /var/run/docker.sock': null }
const sysv = (options: string): Readings => ({
  ...stopped,
  ...folders,
  '$ dockerd --version': host['$ dockerd --version'] ?? null,
  '/etc/docker/daemon.json': HOSTS,
  '/etc/default/docker': `${captured('default-docker.txt')}${options}\n`,
})
const systemd = (start: string, config = HOSTS): Readings => ({
  ...sysv(''),
  '/proc/1/comm': 'systemd\n',
  'stat /run/systemd/system': statOf('directory', 0o755),
  [UNIT]: `[Service]\nExecStart=${start}\n`,
  [`stat ${UNIT}`]: statOf('file', 0o644),
  '/etc/docker/daemon.json': config,
})
const cured = { after: {} }

testCheck(check, {
  'as recorded': passes(host),
  'in /etc/default/docker': finds('twice', sysv('DOCKER_OPTS="-H unix:///var/run/docker.sock"'), {
    ...cured,
    says: 'hosts is given in /etc/docker/daemon.json and by the flag --host in /etc/default/docker',
  }),
  'in /etc/default/docker, among others': finds(
    'twice',
    sysv('DOCKER_OPTS="--mtu 1400 -Hfd:// --host=tcp://127.0.0.1:1 -D"'),
    cured,
  ),
  'in the packaged unit': finds(
    'twice',
    systemd('/usr/bin/dockerd -H fd:// --containerd=/run/containerd/containerd.sock'),
    cured,
  ),
  'in a unit that cannot be rewritten': finds(
    'twice',
    systemd('/usr/bin/dockerd -H fd:// --label "a b"'),
    cured,
  ),
  'containerd, twice': finds(
    'twice',
    {
      ...systemd(
        '/usr/bin/dockerd -H fd:// --containerd=/run/containerd/containerd.sock',
        '{"containerd": "/run/containerd/containerd.sock"}',
      ),
      'stat /run/containerd': statOf('directory', 0o755),
      'stat /run/containerd/containerd.sock': statOf('socket', 0o660),
    },
    cured,
  ),
  'several, all taken away at once': finds(
    'twice',
    systemd(
      '/usr/bin/dockerd -H fd:// --log-driver local --registry-mirror=http://10.77.0.1:5000',
      '{"log-driver": "local", "registry-mirrors": ["http://10.77.0.1:5000"]}',
    ),
    cured,
  ),
  'different settings': passes(
    systemd('/usr/bin/dockerd -H fd:// --containerd=/run/containerd/containerd.sock', '{"debug": true}'),
  ),
  'runtimes may be in both': passes(
    systemd('/usr/bin/dockerd --add-runtime x=/usr/bin/x', '{"runtimes": {}}'),
  ),
  'nothing recorded': unknown({}),
})
