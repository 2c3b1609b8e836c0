import check from '../../../checks/engine/rootless.ts'
import type { Readings } from '../../../src/hosts/memory.ts'
import { finds, passes, testCheck, unknown } from '../../../src/testing.ts'
import { host, statOf, tester } from '../engine-host.ts'

const setuid = statOf('file', 0o4755)
const ready: Readings = {
  ...host,
  identity: tester,
  'stat /usr/bin/newuidmap': setuid,
  'stat /usr/bin/newgidmap': setuid,
  '/etc/subuid': 'tester:100000:65536\n',
  '/etc/subgid': '4242:100000:65536\n',
}

const ubuntu: Readings = {
  ...ready,
  '/proc/sys/kernel/apparmor_restrict_unprivileged_userns': '1\n',
  '/etc/apparmor.d/': ['docker-default', 'rootlesskit'],
}
const own: Readings = { ...ubuntu, 'stat /home/tester/bin/rootlesskit': statOf('file', 0o755, 4242, 4242) }
const systemd: Readings = {
  ...ready,
  '/proc/1/comm': 'systemd\n',
  'stat /run/systemd/system': statOf('directory', 0o755),
}

testCheck(check, {
  'helpers and ids': passes(ready, { says: 'tester has 65536 ids' }),
  'no helpers': finds(
    'helperMissing',
    { ...ready, 'stat /usr/bin/newuidmap': null },
    {
      says: 'newuidmap',
      after: { 'stat /usr/bin/newuidmap': setuid },
    },
  ),
  'no range': finds('fewIds', { ...ready, '/etc/subgid': null }),
  'a helper without the bit': finds(
    'powerless',
    { ...ready, 'stat /usr/bin/newgidmap': statOf('file', 0o755) },
    {
      after: { 'stat /usr/bin/newgidmap': setuid },
    },
  ),
  'rootlesskit in ~/bin under Ubuntu 24.04': finds('barred', own, {
    after: {},
    says: '/home/tester/bin/rootlesskit',
  }),
  'the packaged rootlesskit under Ubuntu 24.04': passes({
    ...ubuntu,
    'stat /usr/bin/rootlesskit': statOf('file', 0o755),
  }),
  'rootlesskit with a profile of its own': passes({
    ...own,
    '/etc/apparmor.d/': ['home.tester.bin.rootlesskit', 'rootlesskit'],
  }),
  'rootlesskit where nothing is restricted': passes({
    ...own,
    '/proc/sys/kernel/apparmor_restrict_unprivileged_userns': '0\n',
  }),
  'ends with the session': finds(
    'noLinger',
    { ...systemd, '/var/lib/systemd/linger/': ['ann'] },
    {
      after: { '/var/lib/systemd/linger/': ['ann', 'tester'] },
    },
  ),
  'outlives the session': passes({ ...systemd, '/var/lib/systemd/linger/': ['tester'] }),
  'as root': finds('asRoot', { ...ready, identity: { ...tester, uid: 0, user: 'root' } }),
  'ids not recorded': unknown({
    ...ready,
    '/etc/subuid': { state: 'denied', reason: 'permission denied', durationMs: 0 },
  }),
})
