import check from '../../../checks/security/docker-socket.ts'
import type { Readings } from '../../../src/hosts/memory.ts'
import { missing } from '../../../src/model/reading.ts'
import { finds, passes, skips, testCheck, unknown } from '../../../src/testing.ts'
import { api, host, refusedTo, SOCKET, socketIs, statOf, stopped, tester } from '../engine-host.ts'

const socket = (mode: number, uid = 0, gid = 106): Readings => ({
  [`stat ${SOCKET}`]: statOf('socket', mode, uid, gid),
})
const portainer = [
  { Names: ['/portainer'], State: 'running', Mounts: [{ Source: '/var/run/docker.sock' }] },
  { Names: ['/old'], State: 'exited', Mounts: [{ Source: '/run/docker.sock' }] },
]

const LIB = '/lib/systemd/system'
const DROP_IN = '/etc/systemd/system/docker.socket.d/x.conf'
/** systemd makes the socket for the engine, as a drop-in of docker.socket wants it. */
const bySystemd = (dropIn: string): Readings => ({
  ...host,
  '/proc/1/comm': 'systemd\n',
  'stat /run/systemd/system': statOf('directory', 0o755),
  [`stat ${LIB}/docker.service`]: statOf('file', 0o644),
  [`${LIB}/docker.service`]: '[Service]\nExecStart=/usr/sbin/dockerd -H fd://\n',
  [`stat ${LIB}/docker.socket`]: statOf('file', 0o644),
  [`${LIB}/docker.socket`]: '[Socket]\nListenStream=/run/docker.sock\nSocketMode=0660\nSocketGroup=docker\n',
  '/etc/systemd/system/docker.socket.d/': ['x.conf'],
  [DROP_IN]: `[Socket]\n${dropIn}`,
})
const gone: Readings = { ...socketIs(null), [`stat ${SOCKET}`]: null }

/** A text shows that a user was refused. */
const REFUSED = { settings: { socketRefused: true } } as const

testCheck(check, {
  'of root alone, as a drop-in wants it': finds(
    'wrongGroup',
    { ...bySystemd('SocketGroup=root\n'), ...socket(0o660, 0, 0) },
    {
      ...REFUSED,
      says: `group root, so members of docker cannot use it; docker.socket makes it so: SocketGroup=root (${DROP_IN} line 2)`,
    },
  ),
  "of a group of the distribution's, as a drop-in wants it": finds(
    'wrongGroup',
    { ...bySystemd('SocketGroup=adm\n'), ...socket(0o660, 0, 4) },
    { ...REFUSED, says: 'SocketGroup=adm' },
  ),
  'of a group that people were put into': passes(
    {
      ...bySystemd('SocketGroup=dockerusers\n'),
      ...socket(0o660, 0, 1005),
      '/etc/group': `${host['/etc/group']}dockerusers:x:1005:tester\n`,
    },
    { says: 'root:dockerusers' },
  ),
  'of root alone, by group and mode, as a drop-in wants it': finds(
    'wrongGroup',
    { ...bySystemd('SocketGroup=root\nSocketMode=0600\n'), ...socket(0o600, 0, 0) },
    { ...REFUSED, says: 'SocketMode=0600' },
  ),
  'of root alone, as somebody wants it whom nobody contradicts': passes(
    { ...bySystemd('SocketGroup=root\nSocketMode=0600\n'), ...socket(0o600, 0, 0) },
    { says: 'root:root' },
  ),
  'closed by a drop-in': finds('noGroupAccess', { ...bySystemd('SocketMode=0600\n'), ...socket(0o600) }),
  'removed while the engine runs': finds('removed', { ...host, ...gone }, { after: socket(0o660) }),
  'removed while the engine runs, where systemd made it': finds(
    'removed',
    { ...bySystemd(''), ...gone },
    { after: socket(0o660) },
  ),
  'not there, and where the engine listens cannot be told': unknown({
    ...host,
    ...gone,
    '/etc/docker/daemon.json': missing('denied', 'permission denied'),
  }),
  'left by an engine that listens elsewhere by now': finds(
    'notListening',
    {
      ...host,
      ...socketIs(missing('failed', 'connection refused')),
      '/etc/docker/daemon.json': '{"hosts": ["tcp://127.0.0.1:2375"]}',
    },
    { says: 'tcp://127.0.0.1:2375', after: {} },
  ),

  'as packaged': passes(host, { says: 'root:docker 0660' }),
  'world-writable': finds('worldWritable', { ...host, ...socket(0o666) }),
  'root alone by mode': finds('noGroupAccess', { ...host, ...socket(0o600) }),
  'of root alone': finds('wrongGroup', { ...host, ...socket(0o660, 0, 0) }),
  'of an ordinary user': finds('wrongOwner', { ...host, ...socket(0o660, 4242) }),
  'a folder': finds(
    'notASocket',
    { ...stopped, [`stat ${SOCKET}`]: statOf('directory', 0o755) },
    { after: {} },
  ),
  'behind a closed folder, seen by a user': finds(
    'closedFolder',
    {
      ...refusedTo(tester),
      'stat /run': statOf('directory', 0o700),
      [`stat ${SOCKET}`]: missing('denied', 'permission denied'),
    },
    { after: socket(0o660) },
  ),
  'behind a closed folder, seen by root': finds('closedFolder', {
    ...host,
    'stat /run': statOf('directory', 0o700),
  }),
  'dockerd listens elsewhere': finds(
    'notListening',
    {
      ...host,
      ...socketIs(null),
      [`stat ${SOCKET}`]: null,
      '/etc/docker/daemon.json': '{"hosts": ["tcp://127.0.0.1:2375"]}',
    },
    { says: 'tcp://127.0.0.1:2375', after: socket(0o660) },
  ),
  'in a container': finds(
    'mounted',
    {
      ...host,
      [api('/containers/json?all=1')]: { status: 200, headers: {}, body: JSON.stringify(portainer) },
    },
    { says: /into portainer:/ },
  ),
  'its folder in a container': finds('mounted', {
    ...host,
    [api('/containers/json?all=1')]: {
      status: 200,
      headers: {},
      body: JSON.stringify([{ Names: ['/cadvisor'], State: 'running', Mounts: [{ Source: '/var/run' }] }]),
    },
  }),
  'root alone by mode, for the audit': passes(
    { ...host, ...socket(0o600) },
    { settings: { profile: 'hardening' } },
  ),
  'world-writable, for the audit': finds(
    'worldWritable',
    { ...host, ...socket(0o666) },
    { settings: { profile: 'hardening' } },
  ),
  'no group of that name, which is for another check': passes({
    ...host,
    ...socket(0o660, 0, 0),
    '/etc/group': 'root:x:0:\n',
  }),
  "podman's": skips({
    ...host,
    [`stat ${SOCKET}`]: statOf('socket', 0o660, 0, 0, { realPath: '/run/podman/podman.sock' }),
  }),
  'no engine': skips(stopped),
  'nothing recorded': unknown({}),
})
