import check from '../../../checks/security/snap.ts'
import type { Readings } from '../../../src/hosts/memory.ts'
import { finds, passes, testCheck, unknown } from '../../../src/testing.ts'
import { api, captured, host, root, statOf, stopped } from '../engine-host.ts'

const CONFIG = '/var/snap/docker/current/config/daemon.json'
const dataRoot = '/var/snap/docker/common/var-lib-docker'
const removed: Readings = { 'stat /snap/docker/current': null }

const snapped: Readings = {
  ...host,
  'stat /usr/sbin/dockerd': null,
  'stat /etc/docker/daemon.json': null,
  'stat /snap/docker/current': statOf('directory', 0o755, 0, 0, { realPath: '/snap/docker/3064' }),
  '/var/run/docker.pid': null,
  '/run/snap.docker/docker.pid': '3800',
  [CONFIG]: '{"log-level": "error"}\n',
  [api('/info')]: {
    status: 200,
    headers: {},
    body: JSON.stringify({ ...JSON.parse(captured('docker-info.json')), DockerRootDir: dataRoot }),
  },
}
const snapDown: Readings = { ...stopped, ...snapped, [api('/version')]: null, [api('/info')]: null }
const mounts = (Source: string, State = 'created'): Readings => ({
  ...snapped,
  [api('/containers/json?all=1')]: {
    status: 200,
    headers: {},
    body: JSON.stringify([{ Id: 'a', Names: ['/app'], State, Mounts: [{ Type: 'bind', Source, Mode: '' }] }]),
  },
  [`stat ${Source}`]: statOf('directory', 0o755),
})
const moved = { after: removed }

testCheck(check, {
  'an engine from a package': passes(host, { says: 'not installed' }),
  'a package beside the snap, and in use': passes({
    ...host,
    'stat /snap/docker/current': statOf('directory', 0o755),
  }),
  'the snap': finds('confined', snapped, moved),
  'the snap, seen by an ordinary user': finds('confined', { ...snapped, identity: { ...root, uid: 4242 } }),
  'a container with a folder under /opt': finds('bindOutside', mounts('/opt/something/data'), {
    says: 'app mounts /opt/something/data',
  }),
  'a hidden folder, and it never started': finds('bindOutside', mounts('/home/tester/.config/app')),
  'a hidden folder, and it ran once': finds('confined', mounts('/home/tester/.config/app', 'exited'), moved),
  'a link that leaves the home folder': finds(
    'bindOutside',
    {
      ...mounts('/home/tester/data'),
      'stat /home/tester/data': statOf('directory', 0o755, 0, 0, { realPath: '/srv/data' }),
    },
    { says: 'mounts /srv/data' },
  ),
  'a folder in a home': finds('confined', mounts('/home/tester/app'), moved),
  "the engine's socket": finds('confined', mounts('/var/run/docker.sock'), moved),
  'the root folder, of which it sees its own': finds('confined', mounts('/'), moved),
  'it runs with what it mounts': finds('confined', mounts('/opt/something', 'running'), moved),
  'a data root that it cannot see': finds(
    'dataRootOutside',
    { ...snapDown, [CONFIG]: '{"data-root": "/data/docker"}\n' },
    { says: '/data/docker' },
  ),
  'a data root on another disk': finds(
    'confined',
    { ...snapDown, [CONFIG]: '{"data-root": "/mnt/disk/docker"}\n' },
    moved,
  ),
  'a daemon.json for an engine from a package': finds('configIgnored', {
    ...snapped,
    'stat /etc/docker/daemon.json': statOf('file', 0o644),
  }),
  'not recorded': unknown({}),
})
