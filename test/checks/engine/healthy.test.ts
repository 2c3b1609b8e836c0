/** Healthy hosts of several kinds: every check of the engine and of access to it must be silent on each. */
import { expect, it } from 'vitest'
import clientConfig from '../../../checks/engine/client-config.ts'
import clientTarget from '../../../checks/engine/client-target.ts'
import compose from '../../../checks/engine/compose.ts'
import config from '../../../checks/engine/config.ts'
import configFlags from '../../../checks/engine/config-flags.ts'
import packages from '../../../checks/engine/conflicting-packages.ts'
import containerd from '../../../checks/engine/containerd.ts'
import containers from '../../../checks/engine/containers.ts'
import images from '../../../checks/engine/images.ts'
import installed from '../../../checks/engine/installed.ts'
import limits from '../../../checks/engine/limits.ts'
import liveRestore from '../../../checks/engine/live-restore.ts'
import logDriver from '../../../checks/engine/log-driver.ts'
import logRotation from '../../../checks/engine/log-rotation.ts'
import running from '../../../checks/engine/running.ts'
import runtime from '../../../checks/engine/runtime.ts'
import service from '../../../checks/engine/service.ts'
import version from '../../../checks/engine/version.ts'
import warnings from '../../../checks/engine/warnings.ts'
import group from '../../../checks/security/docker-group.ts'
import socket from '../../../checks/security/docker-socket.ts'
import remoteApi from '../../../checks/security/remote-api.ts'
import type { Readings } from '../../../src/hosts/memory.ts'
import type { Found } from '../../../src/model/check.ts'
import { judge } from '../../../src/testing.ts'
import { api, captured, host, root, SOCKET, statOf, tester } from '../engine-host.ts'

const CHECKS = [
  clientConfig,
  clientTarget,
  config,
  configFlags,
  packages,
  containerd,
  installed,
  logDriver,
  running,
  runtime,
  service,
  version,
  compose,
  containers,
  images,
  limits,
  liveRestore,
  logRotation,
  warnings,
  group,
  socket,
  remoteApi,
]

const json = (name: string, changes: Record<string, unknown>) => ({
  status: 200,
  headers: {},
  body: JSON.stringify({ ...JSON.parse(captured(name)), ...changes }),
})
const program = (...paths: string[]): Readings =>
  Object.fromEntries(paths.map((path) => [`stat ${path}`, statOf('file', 0o755, 0, 0, { size: 50_000_000 })]))
const gone = (...paths: string[]): Readings => Object.fromEntries(paths.map((path) => [`stat ${path}`, null]))
const debian: Readings = {
  ...host,
  'stat /etc/init.d/docker': statOf('file', 0o755),
  '/etc/rc2.d/': ['S01docker'],
  '$ dpkg-query**': {
    stdout: 'ii \tcontainerd\t1.6\nii \tdocker.io\t20.10\nii \trunc\t1.1\n',
    stderr: '',
    exit: 1,
  },
}
const UNIT = '/usr/lib/systemd/system/docker.service'
const systemd: Readings = {
  ...debian,
  ...gone('/usr/sbin/dockerd', '/usr/sbin/runc', '/usr/sbin/docker-proxy', '/etc/init.d/docker'),
  ...program('/usr/bin/dockerd', '/usr/bin/runc', '/usr/bin/docker-proxy'),
  // Where /bin and /sbin are links into /usr.
  ...Object.fromEntries(
    ['dockerd', 'runc', 'containerd', 'docker'].map((name) => [
      `stat /bin/${name}`,
      statOf('file', 0o755, 0, 0, { realPath: `/usr/bin/${name}` }),
    ]),
  ),
  '/proc/1/comm': 'systemd\n',
  'stat /run/systemd/system': statOf('directory', 0o755),
  [`stat ${UNIT}`]: statOf('file', 0o644),
  [UNIT]: `[Unit]
After=network-online.target nss-lookup.target docker.socket firewalld.service containerd.service time-set.target
Wants=network-online.target containerd.service
Requires=docker.socket
[Service]
Type=notify
ExecStart=/usr/bin/dockerd -H fd:// --containerd=/run/containerd/containerd.sock
ExecReload=/bin/kill -s HUP $MAINPID
[Install]
WantedBy=multi-user.target
`,
  'stat /usr/lib/systemd/system/docker.socket': statOf('file', 0o644),
  '/usr/lib/systemd/system/docker.socket':
    '[Socket]\nListenStream=/run/docker.sock\nSocketMode=0660\nSocketUser=root\nSocketGroup=docker\n[Install]\nWantedBy=sockets.target\n',
  '/etc/systemd/system/multi-user.target.wants/': ['containerd.service', 'docker.service'],
  '/etc/systemd/system/sockets.target.wants/': ['docker.socket'],
  '/proc/3800/cmdline': '/usr/bin/dockerd\0-H\0fd://\0--containerd=/run/containerd/containerd.sock\0',
  'stat /run/containerd/containerd.sock': statOf('socket', 0o660),
  '$ systemctl show -p MainPID containerd.service': 'MainPID=700\n',
  '/proc/700/status': captured('dockerd-status.txt').replace('dockerd', 'containerd'),
  '/proc/700/limits': 'Max open files            1048576              1048576              files     \n',
  '/etc/docker/daemon.json': null,
  '$ dpkg-query**': {
    stdout: 'ii \tcontainerd.io\t2.3\nii \tdocker-ce\t29.7\nii \tdocker-ce-cli\t29.7\n',
    stderr: '',
    exit: 1,
  },
  [api('/version')]: json('docker-version.json', {
    Version: '29.7.2',
    ApiVersion: '1.55',
    MinAPIVersion: '1.40',
    Platform: { Name: 'Docker Engine - Community' },
  }),
  '$ docker --version': 'Docker version 29.7.2, build abcdef0\n',
  '$ /usr/bin/runc --version': captured('runc-version.txt'),
}
const fedora: Readings = {
  ...systemd,
  ...gone('/usr/bin/docker-proxy', '/usr/bin/docker-init', '/etc/debian_version', '/usr/bin/apt-get'),
  ...program('/usr/libexec/docker/docker-proxy', '/usr/libexec/docker/docker-init', '/usr/bin/dnf'),
  '/etc/debian_version': null,
  '/etc/os-release': 'ID=fedora\nVERSION_ID=43\n',
  '/etc/nsswitch.conf':
    'passwd: files sss systemd\ngroup: files [SUCCESS=merge] sss [SUCCESS=merge] systemd\n',
  '$ getent group docker': 'docker:x:106:tester\n',
  '$ id -G -- root': '0\n',
  '$ id -G -- tester': '4242 106\n',
  '$ rpm**': 'moby-engine\t29.0-1.fc43\ndocker-cli\t29.0-1.fc43\ncontainerd\t2.1-1.fc43\nrunc\t1.3-1.fc43\n',
  [api('/version')]: json('docker-version.json', { Version: '27.5.1', Platform: { Name: '' } }),
}
const alpine: Readings = {
  ...debian,
  ...gone(
    '/etc/debian_version',
    '/usr/bin/apt-get',
    '/usr/sbin/dockerd',
    '/usr/sbin/runc',
    '/usr/sbin/docker-proxy',
  ),
  ...program('/sbin/apk', '/usr/bin/dockerd', '/usr/bin/runc', '/usr/bin/docker-proxy'),
  '/etc/debian_version': null,
  '/etc/nsswitch.conf': null,
  'stat /run/openrc': statOf('directory', 0o755),
  '/etc/runlevels/default/': ['docker', 'sshd'],
  '/etc/conf.d/docker': '# DOCKER_OPTS=""\nDOCKER_LOGFILE="/var/log/docker.log"\n',
  '/lib/apk/db/installed':
    'P:docker-engine\nV:28.3.3-r1\n\nP:docker-cli\nV:28.3.3-r1\n\nP:containerd\nV:2.1\n\nP:runc\nV:1.3\n',
  '$ /usr/bin/runc --version': captured('runc-version.txt'),
}
const asTester: Readings = { identity: tester, 'env HOME': '/home/tester' }
const bySudo: Readings = {
  identity: { ...root, sudo: { user: 'tester', uid: 4242, gid: 4242 } },
  '/proc/500/status': 'Name:\tnode\nPPid:\t499\nUid:\t0\t0\t0\t0\nGid:\t0\t0\t0\t0\nGroups:\t0\n',
  '/proc/499/status':
    'Name:\tbash\nPPid:\t1\nUid:\t4242\t4242\t4242\t4242\nGid:\t4242\t4242\t4242\t4242\nGroups:\t106 4242\n',
}

const HOSTS: Readonly<Record<string, Readings>> = {
  'Debian, as recorded': debian,
  'systemd and docker-ce': systemd,
  Fedora: fedora,
  Alpine: alpine,
  'processes hidden from others (hidepid)': {
    ...systemd,
    '/proc/3800/status': null,
    '/proc/3800/cmdline': null,
    'stat /sys/fs/cgroup/system.slice/docker.service': statOf('directory', 0o755),
    '/proc/700/status': null,
  },
  'a unit that listens on its own, as after a tutorial': {
    ...systemd,
    '/etc/systemd/system/docker.service.d/': ['override.conf'],
    '/etc/systemd/system/docker.service.d/override.conf':
      '[Service]\nExecStart=\nExecStart=/usr/bin/dockerd\n',
    '/etc/docker/daemon.json': '{"hosts": ["unix:///var/run/docker.sock"]}',
    'stat /var/run': statOf('directory', 0o755),
    [`stat ${SOCKET}`]: statOf('socket', 0o660, 0, 106, { realPath: '/run/docker.sock' }),
    '/proc/3800/cmdline': '/usr/bin/dockerd\0',
  },
}
const USERS: Readonly<Record<string, Readings>> = { root: {}, tester: asTester, 'tester by sudo': bySudo }

for (const [hostName, readings] of Object.entries(HOSTS)) {
  for (const [userName, user] of Object.entries(USERS)) {
    it.each(CHECKS)(`${hostName}, ${userName}: $id`, async (check) => {
      const outcome = await judge(check, { ...readings, ...user })
      const first = (Array.isArray(outcome) ? outcome[0] : outcome) as Found
      expect(first.status, first.message).toMatch(/^(pass|skip)$/)
    })
  }
}
