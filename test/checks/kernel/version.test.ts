import check from '../../../checks/kernel/version.ts'
import type { Readings } from '../../../src/hosts/memory.ts'
import { finds, passes, testCheck, unknown } from '../../../src/testing.ts'
import { statOf } from '../engine-host.ts'
import { bare } from './hosts.ts'

const V1 = {
  '/proc/self/mountinfo':
    '27 1 254:0 / / rw - xfs /dev/vda rw\n40 31 0:30 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n',
}
const on = (release: string, more: Readings = {}): Readings => ({
  ...bare,
  '/proc/sys/kernel/osrelease': `${release}\n`,
  ...more,
})
const rootless = { settings: { profile: 'rootless' } } as const

testCheck(check, {
  'Debian 12': passes(on('6.1.0-18-amd64'), { says: 'debian' }),
  'CentOS 7.9': passes(on('3.10.0-1160.el7.x86_64', V1), { says: 'rhel' }),
  'Rocky 8 on v2': passes(on('4.18.0-553.el8_10.x86_64')),
  'openEuler 20.03 on v1': passes(on('4.19.90-2107.6.0.0192.8.oe1.x86_64', V1)),
  'a release candidate': passes(on('7.0.0-rc3+')),
  WSL2: passes(on('5.15.153.1-microsoft-standard-WSL2'), { says: 'wsl2' }),
  'CentOS 6': finds('tooOld', on('2.6.32-754.el6.x86_64', V1)),
  'Ubuntu 12.04': finds('tooOld', on('3.2.0-23-generic', V1)),
  'CentOS 7.2': finds('noOverlay2', on('3.10.0-327.el7.x86_64', V1)),
  'CentOS 7.2 with another driver': passes(
    on('3.10.0-327.el7.x86_64', { ...V1, '/etc/docker/daemon.json': '{"storage-driver":"vfs"}' }),
  ),
  '4.9 on v2': finds('noDeviceControl', on('4.9.0-19-amd64')),
  '4.9 on v1': passes(on('4.9.0-19-amd64', V1)),
  '4.19 on v2': finds('noFreezer', on('4.19.90-2107.6.0.0192.8.oe1.x86_64')),
  'rootless on 5.4 upstream': finds('noRootlessOverlay', on('5.4.0-1.el7.elrepo.x86_64'), rootless),
  'rootless on 5.4 upstream, with apt': finds(
    'noRootlessOverlay',
    on('5.4.0-1.el7.elrepo.x86_64', { 'stat /usr/bin/apt-get': statOf('file', 0o755) }),
    { ...rootless, after: { 'stat /usr/bin/fuse-overlayfs': statOf('file', 0o755) } },
  ),
  'rootless on 5.4 Ubuntu': passes(on('5.4.0-169-generic'), rootless),
  'rootless on RHEL 8.10': passes(on('4.18.0-553.el8_10.x86_64'), rootless),
  'no version': unknown(on('custom')),
  'nothing recorded': unknown({}),
})
