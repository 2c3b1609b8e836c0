import check from '../../../checks/cgroup/engine-support.ts'
import type { Readings } from '../../../src/hosts/memory.ts'
import { finds, passes, skips, testCheck, unknown } from '../../../src/testing.ts'
import { engine, unmounted, v1, v2 } from './hosts.ts'

const program = { type: 'file', mode: 0o755, uid: 0, gid: 0, size: 1, mtimeMs: 0, ino: 1, dev: 1 } as const
const DOCKERD = '$ dockerd --version'
const bare: Readings = { ...v2(), '/proc/net/if_inet6': '' }

/** An engine that is installed and does not run. */
const installed = (version: string, runc: string, more: Readings = {}): Readings => ({
  ...bare,
  [DOCKERD]: `Docker version ${version}, build 0\n`,
  'stat /usr/bin/dockerd': program,
  'stat /usr/bin/runc': { ...program, realPath: '/usr/bin/runc' },
  '$ /usr/bin/runc --version': `runc version ${runc}\nspec: 1.0.2\n`,
  ...more,
})
const apt: Readings = {
  'stat /usr/bin/apt-get': program,
  '/etc/debian_version': '12.5\n',
  'stat /etc/debian_version': program,
  '$ dpkg-query**': { stdout: 'ii \tcontainerd.io\t1.4.3-1\n', stderr: '', exit: 0 },
}
const container = (command: string, mode: string, target = '/sys/fs/cgroup'): Readings => ({
  ...bare,
  ...engine('27.3.1', { ContainersRunning: 1 }),
  'GET unix:///var/run/docker.sock /containers/json?all=1': {
    status: 200,
    headers: {},
    body: JSON.stringify([
      {
        Id: 'a1',
        Names: ['/node1'],
        Command: command,
        Mounts: [{ Type: 'bind', Source: '/sys/fs/cgroup', Destination: target, Mode: mode }],
      },
    ]),
  },
})

testCheck(check, {
  'v2 and a new engine': passes(installed('27.3.1', '1.2.5'), { says: 'engine 27.3.1, runc 1.2.5' }),
  'v2 and the first that knows it': passes(installed('20.10.0', '1.0.0-rc93')),
  'v2 and an old engine': finds('tooOld', installed('19.03.15', '1.0.0-rc93'), {
    says: 'cgroup v2, which engine 19.03.15 does not know: it takes 20.10.0 or later',
  }),
  'v2 and an old runc': finds('tooOld', installed('20.10.2', '1.0.0-rc92', apt), {
    says: 'runc 1.0.0-rc92',
    after: { '$ /usr/bin/runc --version': 'runc version 1.1.12\n' },
  }),
  'v2, an old runc, and containers run': passes({
    ...installed('20.10.2', '1.0.0-rc92'),
    ...engine('20.10.2', { ContainersRunning: 3 }),
    'GET unix:///var/run/docker.sock /containers/json?all=1': { status: 200, headers: {}, body: '[]' },
  }),
  'v1 and an old engine': passes({ ...v1, [DOCKERD]: 'Docker version 18.09.9, build 0\n' }),
  'v1 by force': finds('forced', {
    ...v1,
    '/proc/cmdline':
      'root=/dev/vda1 systemd.unified_cgroup_hierarchy=0 SYSTEMD_CGROUP_ENABLE_LEGACY_FORCE=1\n',
  }),
  'systemd in a container, read-only': finds('containerSystemd', container('"/usr/sbin/init"', 'ro'), {
    says: 'container node1',
  }),
  'systemd in a container, writable': passes(container('/lib/systemd/systemd', 'rw')),
  'a monitor that only looks': passes(container('/opt/agent run', 'ro', '/host/sys/fs/cgroup')),
  'nothing mounted': skips(unmounted),
  'no engine': skips({ ...bare, [DOCKERD]: null }),
  'an engine that cannot be asked': unknown({
    ...bare,
    [DOCKERD]: { state: 'timeout', reason: 'no answer', durationMs: 0 },
  }),
  'nothing recorded': unknown({}),
})
