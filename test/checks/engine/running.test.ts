import check from '../../../checks/engine/running.ts'
import type { Readings } from '../../../src/hosts/memory.ts'
import { cutShort, missing } from '../../../src/model/reading.ts'
import { finds, passes, skips, testCheck, unknown } from '../../../src/testing.ts'
import {
  api,
  captured,
  dead,
  host,
  refusedTo,
  SOCKET,
  socketIs,
  statOf,
  stopped,
  tester,
} from '../engine-host.ts'

const TAIL = 'end /var/log/docker.log'
const CONFIG =
  "unable to configure the Docker daemon with file /etc/docker/daemon.json: invalid character '}' looking for beginning of object key string"
const logged = (text: string): Readings => ({ ...stopped, [TAIL]: `${captured('docker.log')}${text}\n` })
const running = {
  after: { [api('/version')]: host[api('/version')] ?? null, [api('/info')]: host[api('/info')] ?? null },
}
const journal = '$ journalctl -u docker.service -u snap.docker.dockerd.service -n 400 --no-pager -o cat'
const asleep = captured('dockerd-status.txt').replace('S (sleeping)', 'T (stopped)')
const awake = { '/proc/3800/status': captured('dockerd-status.txt') }

/** The unit docker.socket is there, and its service does not run. */
const held: Readings = {
  ...host,
  ...socketIs(missing('failed', 'must not be asked')),
  '/proc/1/comm': 'systemd\n',
  '/var/run/docker.pid': null,
  'stat /usr/lib/systemd/system/docker.socket': statOf('file', 0o644),
  'stat /sys/fs/cgroup/system.slice/docker.service': null,
  'stat /sys/fs/cgroup/systemd/system.slice/docker.service': null,
}
/** As a Debian 13 with docker.socket prints it. */
const LISTENING = `Num       RefCount Protocol Flags    Type St Inode Path
0000000000000000: 00000002 00000000 00010000 0001 01  8417 /run/docker.sock
0000000000000000: 00000003 00000000 00000000 0001 03  9201 /run/systemd/journal/stdout
`

testCheck(check, {
  answers: passes(host, { says: /20\.10\.24/ }),
  'stopped in order': finds('stopped', { ...stopped, [TAIL]: captured('docker.log') }, running),
  'killed, leaving socket and pid file': finds('died', { ...dead, [TAIL]: captured('docker.log') }, running),
  'did not start: its configuration': finds('startFailed', logged(CONFIG), { says: /invalid character '}'/ }),
  'Podman in its place': skips({
    ...host,
    [api('/version')]: {
      status: 200,
      headers: {},
      body: '{"Version":"5.4.0","Components":[{"Name":"Podman Engine","Version":"5.4.0"}]}',
    },
  }),
  'Docker Desktop in its place': skips({
    ...host,
    [api('/info')]: { status: 200, headers: {}, body: '{"OperatingSystem":"Docker Desktop"}' },
  }),
  'systemd starts it for whoever connects': passes(held, { says: 'docker.socket' }),
  'systemd listens': passes({ ...held, '/proc/net/unix': LISTENING }, { says: 'docker.socket' }),
  'the unit of its socket is stopped, and the file is left': finds(
    'stopped',
    {
      ...held,
      ...socketIs(missing('failed', 'connection refused')),
      '/proc/net/unix': LISTENING.replace('/run/docker.sock', ''),
      [TAIL]: null,
    },
    running,
  ),
  'the unit of its socket is there, and no socket': finds(
    'stopped',
    { ...held, ...socketIs(null), 'stat /var/run/docker.sock': null, [TAIL]: null },
    running,
  ),
  'did not start: no log': finds('stopped', { ...stopped, [TAIL]: null }, running),
  'did not start: its group is gone': finds(
    'noGroup',
    { ...stopped, '/etc/group': 'root:x:0:\n', [TAIL]: captured('docker.log') },
    running,
  ),
  'did not start: the journal tells': finds(
    'startFailed',
    {
      ...stopped,
      'stat /run/systemd/system': statOf('directory', 0o755),
      [journal]:
        "Starting up\nfailed to load listeners: no sockets found via socket activation: make sure the service was started by systemd\ndocker.service: Failed with result 'exit-code'.\n",
    },
    { says: /systemd hands it no socket/ },
  ),
  'another process has the pid': finds(
    'stalePid',
    { ...dead, '/proc/3800/status': captured('dockerd-status.txt').replace('dockerd', 'postgres') },
    { ...running, says: /3800, which is postgres/ },
  ),
  'alive, and the socket is gone': finds('notListening', { ...host, ...socketIs(null) }, running),
  'alive, and stopped by a signal': finds(
    'hung',
    { ...host, ...socketIs(missing('timeout', 'no answer in 3 s')), '/proc/3800/status': asleep },
    { after: { ...awake, ...running.after }, says: /SIGSTOP/ },
  ),
  'stopped by a signal, seen by one who is refused': finds(
    'hung',
    {
      ...refusedTo(tester),
      '/proc/3800/status': asleep,
    },
    { after: awake },
  ),
  'does not answer': finds('hung', { ...host, ...socketIs(missing('timeout', 'no answer in 3 s')) }, running),
  'is cut short by the end of the run': unknown({ ...host, ...socketIs(cutShort()) }),
  'an authorization plugin says no': finds(
    'refuses',
    {
      ...host,
      [api('/info')]: { status: 403, headers: {}, body: '{"message":"authorization denied by plugin"}' },
    },
    { says: /HTTP status 403/ },
  ),
  'refused to this user, and alive': passes(refusedTo(tester), { says: /process 3800/ }),
  'refused to this user, and not to be seen': unknown({ ...refusedTo(tester), '/var/run/docker.pid': null }),
  'another engine is used': skips({
    ...stopped,
    'env DOCKER_HOST': 'unix:///run/user/0/docker.sock',
    'stat /run/user/0/docker.sock': statOf('socket', 0o660),
  }),
  'not installed': skips({ ...stopped, 'stat /usr/sbin/dockerd': null }),
  'an old socket': finds(
    'stopped',
    { ...dead, '/var/run/docker.pid': null, [`stat ${SOCKET}`]: statOf('socket', 0o660) },
    running,
  ),
  'nothing recorded': unknown({}),
})
