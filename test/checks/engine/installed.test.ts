import check from '../../../checks/engine/installed.ts'
import type { Readings } from '../../../src/hosts/memory.ts'
import { missing } from '../../../src/model/reading.ts'
import { finds, passes, skips, testCheck, unknown } from '../../../src/testing.ts'
import { host, statOf, stopped } from '../engine-host.ts'

const without = (...paths: string[]): Readings =>
  Object.fromEntries(paths.map((path) => [`stat ${path}`, null]))
const config = (text: string): Readings => ({ '/etc/docker/daemon.json': text })
const ENGINE = [
  '/usr/sbin/dockerd',
  '/usr/bin/containerd',
  '/usr/sbin/runc',
  '/usr/sbin/docker-proxy',
  '/usr/bin/docker-init',
  '/usr/bin/containerd-shim-runc-v2',
]
const bare: Readings = { ...stopped, ...without(...ENGINE, '/usr/bin/docker') }
const at = (path: string, size = 50_000_000): Readings => ({
  [`stat ${path}`]: statOf('file', 0o755, 0, 0, { size }),
})
const installed = { after: host }
const dpkg = {
  '$ dpkg-query -W -f "${db:Status-Abbrev}\\\\t${Package}\\\\t${Version}\\\\n" "docker*" "containerd*" "runc*" "podman*" "moby*" "crun*" "nerdctl*"':
    {
      stdout: 'ii \tcontainerd\t1.6\nii \tdocker.io\t20.10.24\nun \tdocker-ce\t\nii \trunc\t1.1\n',
      stderr: 'no packages found matching moby*\n',
      exit: 1,
    },
}

testCheck(check, {
  'all there': passes(host),
  'a bare host': finds('missing', bare, installed),
  'a bare host of the Red Hat kind': finds(
    'missing',
    {
      ...bare,
      'stat /etc/debian_version': null,
      'stat /usr/bin/apt-get': null,
      ...at('/usr/bin/dnf'),
      '/etc/os-release': 'ID=rocky\nVERSION_ID=9.4\n',
    },
    installed,
  ),
  'an unknown distribution': finds(
    'missing',
    {
      ...bare,
      'stat /etc/debian_version': null,
      'stat /usr/bin/apt-get': null,
      '/etc/os-release': 'ID=someos\n',
    },
    installed,
  ),
  'the client alone': finds('clientOnly', { ...bare, ...at('/usr/bin/docker') }, installed),
  "podman's stand-in": finds(
    'podman',
    {
      ...bare,
      ...at('/usr/bin/docker', 300),
      '/usr/bin/docker':
        '#!/usr/bin/sh\n[ -e /etc/containers/nodocker ] || echo "Emulate Docker CLI using podman." >&2\nexec /usr/bin/podman "$@"\n',
    },
    installed,
  ),
  "podman's stand-in before the real command": finds(
    'podmanInFront',
    {
      ...host,
      ...at('/usr/local/bin/docker', 120),
      '/usr/local/bin/docker': '#!/bin/sh\nexec /usr/bin/podman "$@"\n',
    },
    { says: '/usr/local/bin/docker is' },
  ),
  'a wrapper of the real command': passes({
    ...host,
    ...at('/usr/local/bin/docker', 120),
    '/usr/local/bin/docker': '#!/bin/sh\nexec sudo /usr/bin/docker "$@"\n',
  }),
  'WSL without integration': finds('desktopOff', {
    ...bare,
    '/proc/sys/kernel/osrelease': '5.15.153.1-microsoft-standard-WSL2\n',
    '/proc/self/mountinfo': '',
    '/proc/mounts': '',
    '/proc/cpuinfo': 'flags : fpu\n',
    '/sys/**': null,
  }),
  'no containerd': finds(
    'programMissing',
    { ...host, ...dpkg, ...without('/usr/bin/containerd') },
    { ...installed, says: /^containerd/ },
  ),
  'no docker-proxy': finds(
    'programMissing',
    { ...host, ...without('/usr/sbin/docker-proxy') },
    { ...installed, says: /published port/ },
  ),
  'no docker-proxy, and none wanted': passes({
    ...host,
    ...without('/usr/sbin/docker-proxy'),
    ...config('{"userland-proxy": false}'),
  }),
  'docker-proxy where Fedora keeps it': passes({
    ...host,
    ...without('/usr/sbin/docker-proxy'),
    ...at('/usr/libexec/docker/docker-proxy'),
  }),
  'no shim': finds(
    'programMissing',
    { ...host, ...without('/usr/bin/containerd-shim-runc-v2') },
    { ...installed, says: /shim/ },
  ),
  'no shim, and another containerd': passes({
    ...host,
    ...without('/usr/bin/containerd-shim-runc-v2', '/usr/bin/containerd'),
    ...config('{"containerd": "/run/k3s/containerd/containerd.sock"}'),
  }),
  'no client': finds(
    'programMissing',
    { ...host, ...without('/usr/bin/docker') },
    { ...installed, says: /^docker is not/ },
  ),
  'the client in a folder of the user': passes({
    ...host,
    ...without('/usr/bin/docker'),
    'env PATH': '/opt/docker/bin:/usr/bin',
    ...at('/opt/docker/bin/docker'),
  }),
  'no docker-init': finds('helperMissing', { ...host, ...without('/usr/bin/docker-init') }, installed),
  "no docker-init, which the distribution's package brings": finds(
    'helperMissing',
    { ...host, ...dpkg, ...without('/usr/bin/docker-init') },
    installed,
  ),
  'containerd of a package does not start': finds(
    'programBroken',
    { ...stopped, ...dpkg, '$ /usr/bin/containerd --version': missing('failed', 'ended by SIGSEGV') },
    installed,
  ),
  'containerd does not start': finds(
    'programBroken',
    {
      ...stopped,
      '$ /usr/bin/containerd --version': missing('failed', 'ended by SIGSEGV'),
    },
    { ...installed, says: /SIGSEGV/ },
  ),
  'runc does not find its library': finds(
    'programBroken',
    {
      ...stopped,
      '$ /usr/sbin/runc --version': {
        stdout: '',
        stderr: 'runc: symbol lookup error: runc: no such symbol: seccomp_notify_respond\n',
        exit: 127,
      },
    },
    { ...installed, says: /exit 127: runc: symbol lookup/ },
  ),
  'another program is called runc': finds(
    'programBroken',
    {
      ...stopped,
      '$ /usr/sbin/runc --version': 'run-cat 1.0\n',
    },
    { ...installed, says: /another program/ },
  ),
  'crun stands in for runc': passes({
    ...stopped,
    '$ /usr/sbin/runc --version': 'crun version 1.14\ncommit: x\n',
  }),
  'slow to say': passes({ ...stopped, '$ /usr/sbin/runc --version': missing('timeout', 'no answer in 5 s') }),
  'two dockerd': finds(
    'shadowed',
    { ...host, ...at('/usr/local/bin/dockerd') },
    { says: /\/usr\/local\/bin\/dockerd hides/ },
  ),
  "a package's two copies of runc": passes({
    ...host,
    'stat /usr/sbin/runc': statOf('file', 0o755, 0, 0, { size: 11_431_736, mtimeMs: 1_771_609_709_000 }),
    'stat /usr/bin/runc': statOf('file', 0o755, 0, 0, { size: 11_431_736, mtimeMs: 1_771_609_709_000 }),
  }),
  'one dockerd by two paths': passes({
    ...host,
    'stat /sbin/dockerd': statOf('file', 0o755, 0, 0, { realPath: '/usr/sbin/dockerd' }),
  }),
  'the snap': passes({ ...bare, 'stat /snap/docker/current': statOf('directory', 0o755) }),
  'an engine in a folder of its own': passes({ ...host, ...without(...ENGINE) }),
  'another engine is used': skips({
    ...bare,
    'env DOCKER_HOST': 'unix:///home/me/.docker/desktop/docker.sock',
    'stat /home/me/.docker/desktop/docker.sock': statOf('socket', 0o660),
  }),
  'nothing recorded': unknown({}),
})
