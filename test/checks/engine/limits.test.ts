import check from '../../../checks/engine/limits.ts'
import type { Readings } from '../../../src/hosts/memory.ts'
import { missing } from '../../../src/model/reading.ts'
import { finds, passes, skips, testCheck, unknown } from '../../../src/testing.ts'
import { captured, host, refusedTo, statOf, stopped, tester } from '../engine-host.ts'

const LIMITS = captured('limits.txt')
const files = (soft: number | string, hard: number | string = soft): string =>
  LIMITS.replace(
    /^Max open files.*$/m,
    `Max open files            ${soft}                 ${hard}               files     `,
  )
const DOCKERD = '/proc/3800/limits'
const group = (name: string, most: string, now: number, root = '/sys/fs/cgroup/pids'): Readings => ({
  [`${root}/${name}/pids.max`]: `${most}\n`,
  [`${root}/${name}/pids.current`]: `${now}\n`,
})
const config = (value: unknown, on: Readings = host): Readings => ({
  ...on,
  '/etc/docker/daemon.json': JSON.stringify(value),
})
const nofile = (Soft: number) => ({ 'default-ulimits': { nofile: { Name: 'nofile', Soft, Hard: Soft } } })

const SOCKET = '/run/containerd/containerd.sock'
const UNIT = '/usr/lib/systemd/system/containerd.service'
const separate = (limits: string, unit = 'LimitNOFILE=infinity\n'): Readings => ({
  ...host,
  [DOCKERD]: files(524288),
  '/proc/1/comm': 'systemd\n',
  'stat /run/systemd/system': statOf('directory', 0o755),
  '/proc/3800/cmdline': `/usr/bin/dockerd\0-H\0fd://\0--containerd=${SOCKET}\0`,
  [`stat ${SOCKET}`]: statOf('socket', 0o660),
  '$ systemctl show -p MainPID containerd.service': 'MainPID=700\n',
  '/proc/700/status': captured('dockerd-status.txt').replace('dockerd', 'containerd'),
  '/proc/700/limits': limits,
  [`stat ${UNIT}`]: statOf('file', 0o644),
  [UNIT]: `[Service]\nExecStart=/usr/bin/containerd\n${unit}`,
})
const SYSTEMD_240 = 1_073_741_816
const cured = { after: separate(files(1_048_576)) }
const v2: Readings = {
  ...host,
  '/proc/self/mountinfo': '30 23 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate\n',
}

testCheck(check, {
  'as recorded': passes({ ...host, ...group('docker', 'max', 2) }, { says: '20000' }),
  'few files for dockerd': finds(
    'fewFiles',
    { ...host, [DOCKERD]: files(1024, 4096) },
    { says: 'dockerd (process 3800) may open only 1024' },
  ),
  'few files for containerd': finds('fewFiles', separate(files(1024), ''), cured),
  'what systemd gives, raised by dockerd itself': passes({ ...host, [DOCKERD]: files(524288) }),
  'no limit': finds('endlessFiles', { ...host, [DOCKERD]: files('unlimited') }),
  'a packaged containerd of before 2.1 under systemd 240 and later': finds(
    'endlessFiles',
    separate(files(SYSTEMD_240)),
    { after: {} },
  ),
  'a packaged containerd where fs.nr_open is as the kernel has it': passes(separate(files(1_048_576))),
  'containerd that raises itself, and not its containers': passes(
    separate(files(SYSTEMD_240), 'LimitNOFILE=1024:infinity\n'),
  ),
  'dockerd alone, while containerd starts the containers': passes({
    ...separate(files(524288), ''),
    [DOCKERD]: files(SYSTEMD_240),
  }),
  'endless files, and default-ulimits': passes(config(nofile(65536), separate(files(SYSTEMD_240)))),
  'few files in containers': finds('fewFilesInContainers', config(nofile(16)), { after: {}, says: '16' }),
  'few files in containers, by flag': finds('fewFilesInContainers', {
    ...host,
    '/etc/docker/daemon.json': null,
    '/etc/default/docker': 'DOCKER_OPTS="--default-ulimit nofile=64:128"\n',
  }),
  'the usual number of files in containers': passes(config(nofile(1024))),
  'no limit in containers, as wanted': passes(config(nofile(-1))),
  'no task left for containers': finds(
    'noTasks',
    { ...host, ...group('docker', '3', 2) },
    { says: '/sys/fs/cgroup/pids/docker has 2 of at most 3 tasks' },
  ),
  'no task left for the service': finds(
    'noTasks',
    { ...v2, ...group('system.slice/docker.service', '4915', 4915, '/sys/fs/cgroup') },
    { after: group('system.slice/docker.service', 'max', 4915, '/sys/fs/cgroup') },
  ),
  'no task left in a group of the settings': finds(
    'noTasks',
    { ...config({ 'cgroup-parent': 'app.slice' }), ...group('app.slice', '100', 98) },
    { after: group('app.slice', 'max', 98) },
  ),
  'few tasks left': finds(
    'fewTasks',
    { ...v2, ...group('system.slice/docker.service', '512', 490, '/sys/fs/cgroup') },
    { after: group('system.slice/docker.service', 'max', 490, '/sys/fs/cgroup') },
  ),
  'tasks enough': passes({ ...v2, ...group('system.slice/docker.service', '4915', 2000, '/sys/fs/cgroup') }),
  'an ordinary user sees limits, too': passes({ ...refusedTo(tester) }),
  'processes that are hidden': passes(
    { ...host, [DOCKERD]: missing('denied', 'permission denied') },
    { says: 'cannot be seen' },
  ),
  'an older recording': unknown({ ...host, [DOCKERD]: missing('notRecorded', 'is not in the recording') }),
  'not running': skips(stopped),
  'not running, and few files for containers': finds('fewFilesInContainers', config(nofile(16), stopped), {
    after: {},
  }),
  'nothing recorded': unknown({}),
})
