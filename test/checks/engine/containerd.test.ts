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

testCheck(check, {
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
