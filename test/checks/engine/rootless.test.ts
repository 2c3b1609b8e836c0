import check from '../../../checks/engine/rootless.ts'
import type { Readings } from '../../../src/hosts/memory.ts'
import { missing } from '../../../src/model/reading.ts'
import { finds, passes, testCheck, unknown } from '../../../src/testing.ts'
import { host, socketIs, statOf, tester } from '../engine-host.ts'

const setuid = statOf('file', 0o4755)
const plain = statOf('file', 0o755)
const CONTROLLERS = '/sys/fs/cgroup/user.slice/user-4242.slice/user@4242.service/cgroup.controllers'
const PROFILE = '/etc/apparmor.d/rootlesskit'
/** Logged in on a host with systemd and cgroup v2, as Ubuntu 24.04 is. */
const ready: Readings = {
  ...host,
  ...socketIs(null),
  identity: tester,
  'env HOME': '/home/tester',
  'env XDG_RUNTIME_DIR': '/run/user/4242',
  '/etc/passwd': `${host['/etc/passwd']}tester:x:4242:4242::/home/tester:/bin/bash\n`,
  '/etc/subuid': 'tester:100000:65536\n',
  '/etc/subgid': '4242:100000:65536\n',
  '/proc/1/comm': 'systemd\n',
  '/proc/sys/kernel/osrelease': '6.8.0-87-generic\n',
  '/proc/self/mountinfo':
    '27 1 254:0 / / rw,relatime - ext4 /dev/vda rw\n31 23 0:28 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw\n',
  '/sys/**': null,
  '/sys/fs/cgroup/cgroup.controllers': 'cpuset cpu io memory hugetlb pids rdma misc\n',
  '/sys/fs/cgroup/cgroup.subtree_control': 'cpu memory pids\n',
  [CONTROLLERS]: 'cpu memory pids\n',
  'stat /run/systemd/system': statOf('directory', 0o755),
  'stat /run/user/4242': statOf('directory', 0o700, 4242, 4242),
  'stat /var/lib/systemd/linger/tester': statOf('file', 0o644),
  'stat /usr/bin/newuidmap': setuid,
  'stat /usr/bin/newgidmap': setuid,
  'stat /usr/bin/rootlesskit': plain,
}
const restricted: Readings = {
  ...ready,
  '/proc/sys/kernel/apparmor_restrict_unprivileged_userns': '1\n',
  '/etc/apparmor.d/': ['abstractions/', 'buildah', 'rootlesskit', 'usr.sbin.rsyslogd'],
  [PROFILE]:
    'abi <abi/4.0>,\ninclude <tunables/global>\n\nprofile rootlesskit /usr/bin/rootlesskit flags=(unconfined) {\n  userns,\n\n  include if exists <local/rootlesskit>\n}\n',
}
const inHome: Readings = {
  ...restricted,
  'stat /usr/bin/rootlesskit': null,
  'stat /home/tester/bin/rootlesskit': plain,
}
const v1 = {
  '/proc/self/mountinfo': '31 23 0:28 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n',
}
const engineUp: Readings = {
  ...ready,
  'stat /run/user/4242/docker.sock': statOf('socket', 0o660, 4242, 4242),
}

testCheck(check, {
  'all is there': passes(ready, { says: 'tester has 65536 ids' }),
  'no helpers': finds(
    'helperMissing',
    { ...ready, 'stat /usr/bin/newuidmap': null },
    { says: 'newuidmap', after: { 'stat /usr/bin/newuidmap': setuid } },
  ),
  'one of the helpers gone': finds(
    'helperMissing',
    { ...ready, 'stat /usr/bin/newgidmap': null },
    { says: 'newgidmap', after: { 'stat /usr/bin/newgidmap': setuid } },
  ),
  'no range': finds(
    'fewIds',
    { ...ready, '/etc/subgid': 'other:100000:65536\n' },
    { after: { '/etc/subgid': 'other:100000:65536\ntester:165536:65536\n' } },
  ),
  'a helper without bit and capability': finds(
    'powerless',
    { ...ready, 'stat /usr/bin/newgidmap': plain, '$ getcap /usr/bin/newgidmap': '' },
    { says: '/usr/bin/newgidmap', after: {} },
  ),
  'a helper with the capability (Fedora)': passes({
    ...ready,
    'stat /usr/bin/newuidmap': plain,
    '$ getcap /usr/bin/newuidmap': '/usr/bin/newuidmap cap_setuid=ep\n',
  }),
  'a helper without the bit, and nothing tells of capabilities': finds(
    'powerUnknown',
    { ...ready, 'stat /usr/bin/newgidmap': plain, '$ getcap /usr/bin/newgidmap': null },
    { after: {} },
  ),

  'Ubuntu 24.04, with the profile that it ships': passes(restricted),
  'Ubuntu 24.04, without a profile': finds(
    'usernsRestricted',
    { ...restricted, '/etc/apparmor.d/': ['abstractions/'] },
    { says: '/usr/bin/rootlesskit has none' },
  ),
  'rootlesskit in a home, which the shipped profile does not name': finds('usernsRestricted', inHome, {
    says: '/home/tester/bin/rootlesskit',
  }),
  'rootlesskit in a home, with a profile for all homes': passes({
    ...inHome,
    [PROFILE]: '@{HOME}/bin/rootlesskit flags=(unconfined) {\n  userns,\n}\n',
  }),
  'a profile that may not be read': passes({ ...inHome, [PROFILE]: missing('denied', 'permission denied') }),
  'not restricted': passes({
    ...inHome,
    '/proc/sys/kernel/apparmor_restrict_unprivileged_userns': '0\n',
    '/etc/apparmor.d/': [],
  }),

  'after su': finds(
    'noRuntimeFolder',
    { ...ready, 'env XDG_RUNTIME_DIR': null },
    { says: 'XDG_RUNTIME_DIR is not set' },
  ),
  'the folder is gone': finds(
    'noRuntimeFolder',
    { ...ready, 'stat /run/user/4242': null },
    { says: '/run/user/4242 does not exist' },
  ),
  'no systemd, no such folder': finds('noLimits', {
    ...ready,
    'stat /run/systemd/system': null,
    'env XDG_RUNTIME_DIR': null,
  }),
  'the engine runs, whatever this session lacks': finds(
    'clientElsewhere',
    { ...engineUp, 'env XDG_RUNTIME_DIR': null },
    { says: 'listens on /run/user/4242/docker.sock' },
  ),
  'the engine runs, and its context is not used': finds('clientElsewhere', {
    ...engineUp,
    '/home/tester/.docker/config.json': '{\n  "auths": {}\n}\n',
    '/home/tester/.docker/contexts/meta/': ['3af4/'],
    '/home/tester/.docker/contexts/meta/3af4/meta.json':
      '{"Name":"rootless","Endpoints":{"docker":{"Host":"unix:///run/user/4242/docker.sock"}}}',
  }),
  'the engine runs, and commands go to it': passes({
    ...engineUp,
    'env DOCKER_HOST': 'unix:///run/user/4242/docker.sock',
  }),
  'no lingering': finds(
    'noLinger',
    { ...ready, 'stat /var/lib/systemd/linger/tester': null },
    { after: { 'stat /var/lib/systemd/linger/tester': statOf('file', 0o644) } },
  ),
  'cgroup v1': finds('noLimits', { ...ready, ...v1 }),
  'Debian 11 hands two controllers on': finds(
    'notDelegated',
    { ...ready, [CONTROLLERS]: 'memory pids\n' },
    { says: 'hands cpu on' },
  ),
  'the user is not logged in': passes({ ...ready, [CONTROLLERS]: null }),
  'an old kernel of its own': finds(
    'noOverlay',
    { ...ready, '/proc/sys/kernel/osrelease': '5.4.0-1.el7.elrepo.x86_64\n' },
    { after: { 'stat /usr/bin/fuse-overlayfs': plain } },
  ),
  'an old kernel with fuse-overlayfs': passes({
    ...ready,
    '/proc/sys/kernel/osrelease': '5.4.0-1.el7.elrepo.x86_64\n',
    'stat /usr/bin/fuse-overlayfs': plain,
  }),
  'as root': finds('asRoot', { ...ready, identity: { ...tester, uid: 0, user: 'root' } }),
  'ids not recorded': unknown({ ...ready, '/etc/subuid': missing('denied', 'permission denied') }),
})
