import { expect, it } from 'vitest'
import check from '../../../checks/host/limits.ts'
import { HELD } from '../../../src/facts/inotify-use.ts'
import { toShell } from '../../../src/fix/shell.ts'
import type { Readings } from '../../../src/hosts/memory.ts'
import { sourceKey } from '../../../src/model/source.ts'
import { finds, judge, passes, testCheck, unknown } from '../../../src/testing.ts'
import { bare, denied, engine } from './hosts.ts'

const sysctls = (values: Readonly<Record<string, number>>): Readings =>
  Object.fromEntries(
    Object.entries(values).map(([key, value]) => [`/proc/sys/${key.replaceAll('.', '/')}`, `${value}\n`]),
  )
const CGROUP = '27 1 254:0 / / rw,relatime - ext4 /dev/vda rw\n'

/** Debian 12 with 2 GB and cgroup v2. */
const host: Readings = {
  ...bare,
  ...sysctls({
    'kernel.threads-max': 15_421,
    'kernel.pid_max': 4_194_304,
    'fs.inotify.max_user_instances': 128,
    'fs.inotify.max_user_watches': 14_436,
    'kernel.keys.root_maxkeys': 1_000_000,
  }),
  '/proc/sys/fs/file-max': '9223372036854775807\n',
  '/proc/sys/fs/file-nr': '1492\t0\t9223372036854775807\n',
  '/proc/loadavg': '1.09 0.53 0.98 6/450 1275\n',
  '/proc/key-users': '    0:    16 15/15 10/1000000 530/25000000\n 1000:     5 5/5 190/200 90/20000\n',
  '/proc/self/mountinfo': `${CGROUP}31 23 0:28 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw\n`,
  '/proc/self/cgroup': '0::/\n',
  '/proc/cgroups': '#subsys_name\thierarchy\tnum_cgroups\tenabled\npids\t0\t60\t1\n',
  '/proc/cmdline': 'quiet\n',
  '/sys/fs/cgroup/cgroup.controllers': 'cpuset cpu io memory pids\n',
  '/sys/fs/cgroup/cgroup.subtree_control': 'memory pids\n',
}
const running = (containers: number): Readings =>
  engine({ Driver: 'overlay2', ContainersRunning: containers })
const remapped = engine({
  Driver: 'overlay2',
  SecurityOptions: ['name=seccomp,profile=builtin', 'name=userns'],
})
const v1: Readings = {
  ...host,
  '/proc/self/mountinfo': `${CGROUP}40 31 0:30 / /sys/fs/cgroup/pids rw - cgroup cgroup rw,pids\n`,
  '/sys/fs/cgroup/**': null,
}

const held = (...users: readonly (readonly [uid: number, count: number])[]): Readings => ({
  identity: { uid: 0, gid: 0, user: 'root', groups: [0], pid: 4711 },
  [sourceKey(HELD)]: {
    stdout: users.map(([uid, count]) => `${uid}\n`.repeat(count)).join(''),
    stderr: '',
    exit: 1,
  },
})

it('leaves a limit that is none as it is, and takes out the line that sets one', async () => {
  const outcome = await judge(check, { ...host, '/etc/sysctl.conf': 'fs.file-max = 5000\n' })
  const found = Array.isArray(outcome) ? outcome : []
  expect(found.map(({ finding }) => finding)).toEqual(['lowAtBoot'])
  const shell = found.map(({ fix }) => (fix ? toShell(fix) : '')).join('\n')
  expect(shell).not.toContain('sysctl -w')
})

testCheck(check, {
  'a user has all inotify instances': finds(
    'noInstances',
    { ...host, ...running(3), ...held([0, 12], [1000, 128]) },
    { says: 'user 1000 has all 128', after: {} },
  ),
  'users have some inotify instances': passes({ ...host, ...running(3), ...held([0, 100], [1000, 127]) }),
  'Debian 12': passes(host, { says: '1492 of' }),
  'with an engine': passes({ ...host, ...running(12) }),
  'a machine with 512 MiB': passes({
    ...host,
    ...sysctls({ 'kernel.threads-max': 3795, 'kernel.pid_max': 32_768 }),
  }),
  'an old kernel, before the engine raises the keys': passes({
    ...host,
    ...sysctls({ 'kernel.keys.root_maxkeys': 200 }),
  }),
  'no inotify and no keys in this kernel': passes({
    ...host,
    '/proc/sys/fs/inotify/**': null,
    '/proc/sys/fs/inotify/max_user_instances': null,
    '/proc/sys/fs/inotify/max_user_watches': null,
    '/proc/key-users': null,
  }),

  'all files are open': finds('noFiles', {
    ...host,
    '/proc/sys/fs/file-nr': '16384\t0\t16384\n',
    '/proc/sys/fs/file-max': '16384\n',
  }),
  'many files are open': finds('nearlyFull', {
    ...host,
    '/proc/sys/fs/file-nr': '15000\t40\t16384\n',
    '/proc/sys/fs/file-max': '16384\n',
  }),
  'no thread left': finds(
    'noTasks',
    { ...host, '/proc/loadavg': '9.0 9.0 9.0 6/15420 31275\n' },
    { says: 'threads-max' },
  ),
  'no process id left': finds(
    'noTasks',
    { ...host, ...sysctls({ 'kernel.pid_max': 8192 }), '/proc/loadavg': '9.0 9.0 9.0 6/8100 31275\n' },
    { says: 'pid_max' },
  ),
  'ids of its own, in a container of a large machine': passes({
    ...host,
    ...sysctls({ 'kernel.pid_max': 8192 }),
    '/proc/loadavg': '9.0 9.0 9.0 6/8100 31275\n',
    '/run/systemd/container': 'lxc\n',
  }),
  'no process id left, of few': finds('noTasks', {
    ...host,
    ...sysctls({ 'kernel.pid_max': 5000 }),
    '/proc/loadavg': '9.0 9.0 9.0 6/4700 31275\n',
  }),
  'a namespace with ids of its own on a large machine': passes({
    ...host,
    ...sysctls({ 'kernel.pid_max': 4096 }),
    '/proc/loadavg': '9.0 9.0 9.0 6/6100 31275\n',
  }),
  'root has no key left': finds(
    'noKeys',
    { ...host, '/proc/key-users': '    0:   201 201/201 200/200 5000/20000\n' },
    { after: { '/proc/key-users': '    0:   201 201/201 200/400 5000/20000\n' } },
  ),
  'the remapped root has no key left': finds(
    'noKeys',
    { ...host, ...remapped, '/proc/key-users': '100000:   201 200/200 200/200 5000/20000\n' },
    { after: { '/proc/key-users': '100000:   201 200/200 200/400 5000/20000\n' } },
  ),
  'a user of a directory with many tickets of Kerberos': passes({
    ...host,
    ...running(3),
    '/proc/key-users': '1624800500:   199 199/199 199/200 9000/20000\n',
  }),
  'a user of a rootless engine has few keys left': finds('nearlyFull', host, {
    settings: { profile: 'rootless' },
    says: 'maxkeys: 190 of 200',
    after: { '/proc/key-users': ' 1000:     5 5/5 190/400 90/20000\n' },
  }),
  'few keys, set after the engine was started': finds('fewKeys', {
    ...host,
    ...running(3),
    ...sysctls({ 'kernel.keys.root_maxkeys': 200 }),
  }),
  'a low pid_max': finds('low', { ...host, ...sysctls({ 'kernel.pid_max': 1000 }) }, { says: /fork fails/ }),
  'watches set low by a file': finds('low', {
    ...host,
    ...sysctls({ 'fs.inotify.max_user_watches': 10 }),
    '/etc/sysctl.conf': 'fs.inotify.max_user_watches = 10\n',
  }),
  'instances low at the next boot': finds(
    'lowAtBoot',
    { ...host, '/etc/sysctl.conf': '# ours\nfs/inotify/max_user_instances=8\n' },
    { says: '/etc/sysctl.conf makes it 8' },
  ),
  'files limited at the next boot, where no limit is': finds('lowAtBoot', {
    ...host,
    '/etc/sysctl.conf': 'fs.file-max = 5000\n',
  }),
  'more containers than inotify instances': finds('fewInstances', { ...host, ...running(120) }),
  'many containers with cgroup v1': passes({ ...v1, ...running(120) }),

  'not a number': unknown({ ...host, '/proc/sys/kernel/pid_max': 'many\n' }),
  'files are not counted': unknown({ ...host, '/proc/sys/fs/file-nr': 'none\n' }),
  'no load': unknown({ ...host, '/proc/loadavg': denied }),
  'keys cannot be seen': unknown({ ...host, '/proc/key-users': denied }),
  'not recorded': unknown({}),
})
