import check from '../../../checks/cgroup/controllers.ts'
import { finds, passes, skips, testCheck, unknown } from '../../../src/testing.ts'
import { procCgroups, unmounted, v1, v1Without, v2 } from './hosts.ts'

const PI = { '/proc/sys/kernel/osrelease': '6.6.31+rpt-rpi-v8\n' }
const rows = ['cpu', 'cpuacct', 'cpuset', 'memory', 'devices', 'freezer', 'blkio', 'pids']
const memoryOff = { ...v2('cpuset cpu io pids'), '/proc/cgroups': procCgroups(0, rows, ['memory']) }

testCheck(check, {
  'v1 with all': passes(v1),
  'v2 with all': passes(v2(), { says: 'memory' }),
  'v2 without what is hardly asked for': passes(v2('cpuset cpu io memory pids')),
  'v2 where /proc/cgroups lists v1 controllers alone': passes({
    ...v2(),
    '/proc/cgroups': procCgroups(0, ['freezer']),
  }),
  'v1 without devices': finds('notMounted', v1Without('devices'), { after: {}, says: 'devices' }),
  'v1 without cpuset': finds('someMissing', v1Without('cpuset'), { says: 'cpuset' }),
  'v1 of a kernel without pids': finds('someMissing', {
    ...v1Without('pids'),
    '/proc/cgroups': procCgroups(3, rows.slice(0, 7)),
  }),
  'v1 of a kernel without memory': finds('notCompiled', {
    ...v1Without('memory'),
    '/proc/cgroups': procCgroups(3, ['cpu', 'cpuacct', 'cpuset', 'devices', 'freezer', 'blkio', 'pids']),
  }),
  'memory off (Debian kernels before 5)': finds('off', {
    ...v1Without('memory'),
    '/proc/cgroups': procCgroups(3, rows, ['memory']),
  }),
  'memory off by an argument': finds('off', {
    ...memoryOff,
    '/proc/cmdline': 'ro cgroup_disable=memory quiet\n',
  }),
  'memory off by the firmware': finds('off', {
    ...memoryOff,
    ...PI,
    '/proc/cmdline': 'cgroup_disable=memory root=/dev/mmcblk0p2\n',
  }),
  'memory asked for on a second line': finds('secondLine', {
    ...memoryOff,
    ...PI,
    '/boot/cmdline.txt':
      'console=serial0,115200 root=PARTUUID=915d5385-02 rootwait\ncgroup_memory=1 cgroup_enable=memory\n',
  }),
  'memory switched off by the firmware and on again, and still not offered': finds('notOffered', {
    ...memoryOff,
    ...PI,
    '/proc/cgroups': procCgroups(0, ['cpu', 'pids']),
    '/proc/cmdline': 'cgroup_disable=memory root=/dev/mmcblk0p2 cgroup_enable=memory\n',
  }),
  'v2 while v1 holds the controllers': finds('bound', { ...v2(''), '/proc/cgroups': procCgroups(4) }),
  'v2 while v1 holds the controllers, without systemd': finds(
    'bound',
    {
      ...v2(''),
      '/proc/cgroups': procCgroups(4),
      'stat /run/systemd/system': null,
    },
    { after: v1 },
  ),
  'v2 that offers nothing': finds('notOffered', v2('')),
  'nothing mounted': skips(unmounted),
  'nothing recorded': unknown({}),
})
