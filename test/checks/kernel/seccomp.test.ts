import check from '../../../checks/kernel/seccomp.ts'
import type { Readings } from '../../../src/hosts/memory.ts'
import { finds, passes, testCheck, unknown } from '../../../src/testing.ts'
import { bare } from './hosts.ts'

const plain = { type: 'file', mode: 0o755, uid: 0, gid: 0, size: 1, mtimeMs: 0, ino: 1, dev: 1 } as const
const library = (version: string): Readings => ({
  'stat /usr/lib64/libseccomp.so.2': { ...plain, realPath: `/usr/lib64/libseccomp.so.${version}` },
})
const engine = (
  version: string,
  runc: string,
  platform = 'Docker Engine - Community',
  options = ['name=seccomp,profile=default'],
): Readings => ({
  'GET unix:///var/run/docker.sock /version': {
    status: 200,
    headers: {},
    body: JSON.stringify({
      Version: version,
      Platform: { Name: platform },
      Components: [{ Name: 'runc', Version: runc }],
    }),
  },
  'GET unix:///var/run/docker.sock /info': {
    status: 200,
    headers: {},
    body: JSON.stringify({ SecurityOptions: options }),
  },
})

/** Linux 6.1 as Debian builds it. */
const host: Readings = {
  ...bare,
  '/lib64/**': null,
  '/proc/sys/kernel/seccomp/actions_avail':
    'kill_process kill_thread trap errno user_notif trace log allow\n',
  '/proc/self/status': 'Name:\tnode\nNoNewPrivs:\t0\nSeccomp:\t0\nSeccomp_filters:\t0\n',
  ...library('2.5.4'),
}
/** With the packages of docker.com. */
const packaged: Readings = {
  ...host,
  'stat /etc/debian_version': plain,
  'stat /usr/bin/apt-get': plain,
  'stat /usr/bin/dockerd': plain,
  '$ dpkg-query**': {
    stdout: 'ii \tcontainerd.io\t1.4.9-1\nii \tdocker-ce\t5:20.10.8\n',
    stderr: '',
    exit: 0,
  },
}
/** Before 4.14. */
const old: Readings = { ...host, '/proc/sys/kernel/seccomp/actions_avail': null }
const broken: Readings = {
  ...host,
  ...library('2.3.3'),
  'stat /usr/bin/runc': plain,
  '$ /usr/bin/runc --version': {
    stdout: '',
    stderr: '/usr/bin/runc: symbol lookup error: /usr/bin/runc: undefined symbol: seccomp_api_get\n',
    exit: 127,
  },
}

testCheck(check, {
  'no engine': passes(host, { says: 'libseccomp 2.5.4' }),
  'an engine of today': passes({ ...host, ...engine('28.5.2', '1.3.2') }),
  'CentOS 7: an old library, and a runc that knows what to say': passes({
    ...old,
    ...library('2.3.1'),
    ...engine('26.1.4', '1.1.12'),
  }),
  'Debian 11, of the distribution': passes({ ...host, ...engine('20.10.5+dfsg1', '1.0.0~rc93+ds1', '') }),
  'Ubuntu 20.04, of the distribution': passes({ ...host, ...engine('20.10.7', '1.0.0-rc95', '') }),
  'filters are switched off': passes({
    ...host,
    ...library('2.3.3'),
    ...engine('19.03.15', '1.0.0-rc8', undefined, []),
  }),
  'a library elsewhere': passes({ ...host, 'stat /usr/lib64/libseccomp.so.2': null }),
  'Linux 4.9 with filters': passes({
    ...old,
    'base64 /boot/config-6.1.0-18-amd64': Buffer.from('CONFIG_SECCOMP=y\nCONFIG_SECCOMP_FILTER=y\n').toString(
      'base64',
    ),
  }),

  'CentOS 8 with a newer runc': finds('tooOldForRunc', broken, {
    says: 'seccomp_api_get',
    after: { '$ /usr/bin/runc --version': 'runc version 1.1.4\n' },
  }),
  'Raspbian 10': finds(
    'oldRunc',
    { ...host, ...library('2.3.3'), ...engine('19.03.13', '1.0.0-rc10') },
    { says: 'rc10' },
  ),
  'CentOS 8, whose package manager is known': finds(
    'tooOldForRunc',
    { ...broken, 'stat /usr/bin/dnf': plain },
    { after: { '$ /usr/bin/runc --version': 'runc version 1.1.4\n' } },
  ),
  "an old library with Docker's packages": finds(
    'oldRunc',
    { ...packaged, ...library('2.3.3'), ...engine('20.10.24', '1.0.0-rc10') },
    { after: engine('20.10.24', '1.1.4') },
  ),
  "Docker's packages of 20.10.8": finds(
    'oldEngine',
    { ...packaged, ...engine('20.10.8', '1.0.1') },
    { after: engine('20.10.24', '1.1.5') },
  ),
  'Docker 20.10.8': finds('oldEngine', { ...host, ...engine('20.10.8', '1.0.1') }, { says: '20.10.8' }),
  'Debian 10, of the distribution': finds('oldEngine', {
    ...host,
    ...engine('18.09.1', '1.0.0~rc6+dfsg1', ''),
  }),
  'a kernel without seccomp': finds('noFilter', {
    ...old,
    '/proc/self/status': 'Name:\tnode\nNoNewPrivs:\t0\n',
  }),
  'a kernel without filters': finds('noFilter', {
    ...old,
    'base64 /boot/config-6.1.0-18-amd64': Buffer.from('CONFIG_SECCOMP=y\n').toString('base64'),
  }),
  'an old kernel without a configuration': unknown(old),
  'not recorded': unknown({}),
})
