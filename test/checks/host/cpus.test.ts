import check from '../../../checks/host/cpus.ts'
import { finds, passes, testCheck, unknown } from '../../../src/testing.ts'
import { v1, v2 } from '../cgroup/hosts.ts'
import { denied } from './hosts.ts'

const ONLINE = '/sys/devices/system/cpu/online'
const V1 = '/sys/fs/cgroup/cpuset/docker/cpuset.cpus'
const four = { [ONLINE]: '0-3\n' }

testCheck(check, {
  'one processor': passes({ ...v1, [ONLINE]: '0\n' }, { says: '1 processor' }),
  'four, before the first container': passes({ ...v1, ...four }),
  'four, cgroup v1': passes({ ...v1, ...four, [V1]: '0-3\n' }, { says: '4 processors' }),
  'four, cgroup v2, where a slice was given two': passes({
    ...v2(),
    ...four,
    '/sys/fs/cgroup/system.slice/cpuset.cpus.effective': '0-1\n',
  }),
  'the groups cannot be seen': unknown({ ...v1, ...four, '/sys/fs/cgroup/**': denied }),
  'two came back after a sleep, cgroup v1': finds(
    'narrow',
    { ...v1, ...four, [V1]: '0,3\n' },
    { says: 'only 0,3' },
  ),
  'no list': unknown({ ...v1, [ONLINE]: '\n' }),
  'not recorded': unknown({}),
})
