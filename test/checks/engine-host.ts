/** A healthy Debian 12 host with Docker 20.10, from its recording: what the checks of the engine are tried on. */
import { readFileSync } from 'node:fs'
import type { Readings } from '../../src/hosts/memory.ts'
import { missing } from '../../src/model/reading.ts'
import type { Identity, Stat } from '../../src/model/source.ts'

export const captured = (name: string): string =>
  readFileSync(new URL(`../fixtures/debian-12-docker-20.10/${name}`, import.meta.url), 'utf8')

const answer = (name: string) => ({ status: 200, headers: {}, body: captured(name) })

export const SOCKET = '/var/run/docker.sock'
export const api = (path: string): string => `GET unix://${SOCKET} ${path}`

export const statOf = (
  type: Stat['type'],
  mode: number,
  uid = 0,
  gid = 0,
  more: Partial<Stat> = {},
): Stat => ({
  type,
  mode,
  uid,
  gid,
  size: 4096,
  mtimeMs: 0,
  ino: 1,
  dev: 1,
  ...more,
})

export const root: Identity = { uid: 0, gid: 0, user: 'root', groups: [0], pid: 500 }
export const tester: Identity = { uid: 4242, gid: 4242, user: 'tester', groups: [106, 4242], pid: 500 }

const PROGRAMS = [
  '/usr/sbin/dockerd',
  '/usr/bin/containerd',
  '/usr/sbin/runc',
  '/usr/bin/docker-init',
  '/usr/sbin/docker-proxy',
  '/usr/bin/containerd-shim-runc-v2',
  '/usr/bin/docker',
]

export const host: Readings = {
  '/etc/**': null,
  '/usr/**': null,
  '/lib/**': null,
  '/run/**': null,
  '/var/**': null,
  '/sbin/**': null,
  '/bin/**': null,
  '/snap/**': null,
  '/root/**': null,
  '/home/**': null,
  '/proc/**': null,
  '/sys/**': null,
  'env **': null,
  identity: root,
  clock: '2026-06-01T12:00:00.000Z',
  'env HOME': '/root',
  '/etc/passwd': captured('passwd.txt'),
  '/etc/group': captured('group.txt'),
  '/etc/nsswitch.conf': captured('nsswitch.conf.txt'),
  '/etc/os-release': captured('os-release.txt'),
  '/etc/debian_version': captured('debian_version.txt'),
  'stat /etc/debian_version': statOf('file', 0o644),
  'stat /usr/bin/apt-get': statOf('file', 0o755),
  '/etc/default/docker': captured('default-docker.txt'),
  '/etc/docker/daemon.json': captured('daemon.json.txt'),
  '/proc/1/comm': 'init\n',
  '/proc/self/mountinfo': captured('mountinfo.txt'),
  '/proc/self/cgroup': captured('self-cgroup.txt'),
  '/proc/cgroups': captured('cgroups.txt'),
  '/var/run/docker.pid': '3800',
  '/proc/3800/status': captured('dockerd-status.txt'),
  '/proc/3800/cmdline': captured('dockerd-cmdline.bin'),
  '/proc/3800/limits': captured('limits.txt'),
  '/proc/net/tcp': captured('proc-net-tcp.txt'),
  '/proc/net/tcp6': captured('proc-net-tcp6.txt'),
  [api('/version')]: answer('docker-version.json'),
  [api('/info')]: answer('docker-info.json'),
  [api('/containers/json?all=1')]: answer('docker-containers.json'),
  ...Object.fromEntries(
    ['docker-inspect-web.json', 'docker-inspect-hostnet.json'].map((name) => [
      api(`/containers/${JSON.parse(captured(name)).Id}/json`),
      answer(name),
    ]),
  ),
  'stat /': statOf('directory', 0o755),
  'stat /var': statOf('directory', 0o755),
  'stat /run': statOf('directory', 0o755),
  [`stat ${SOCKET}`]: statOf('socket', 0o660, 0, 106, { realPath: '/run/docker.sock' }),
  ...Object.fromEntries(PROGRAMS.map((path) => [`stat ${path}`, statOf('file', 0o755)])),
  '$ uname -m': 'x86_64\n',
  '$ docker --version': 'Docker version 20.10.24+dfsg1, build 297e128\n',
  '$ dockerd --version': 'Docker version 20.10.24+dfsg1, build 5d6db84\n',
  '$ /usr/bin/containerd --version': captured('containerd-version.txt'),
  '$ /usr/sbin/runc --version': captured('runc-version.txt'),
}

const refused = missing('failed', 'connection refused')
const denied = missing('denied', 'permission denied')

export const socketIs = (reading: Readings[string]): Readings => ({
  [api('/version')]: reading ?? null,
  [api('/info')]: reading ?? null,
})
/** dockerd was killed: the socket and the pid file stay behind. */
export const dead: Readings = {
  ...host,
  ...socketIs(refused),
  '/proc/3800/status': null,
  '/proc/3800/cmdline': null,
}
/** Stopped in order: nothing stays behind. */
export const stopped: Readings = {
  ...dead,
  ...socketIs(null),
  [`stat ${SOCKET}`]: null,
  '/var/run/docker.pid': null,
}
/** As an ordinary user whom the socket refuses. */
export const refusedTo = (identity: Identity): Readings => ({
  ...host,
  ...socketIs(denied),
  identity,
  'env HOME': '/home/tester',
})
