/** Control groups as real hosts have them, for the tests of this area. */
import type { Readings } from '../../../src/hosts/memory.ts'

/** Nothing configured, nothing installed, no engine. */
export const bare: Readings = {
  '/etc/**': null,
  '/run/**': null,
  '/usr/**': null,
  '/lib/**': null,
  '/sbin/**': null,
  '/bin/**': null,
  '/boot/**': null,
  '/var/**': null,
  'GET unix:///var/run/docker.sock /version': null,
  'GET unix:///var/run/docker.sock /info': null,
  '/proc/1/comm': 'init\n',
  '/proc/cmdline': 'BOOT_IMAGE=/vmlinuz root=/dev/vda1 ro quiet\n',
  '/proc/sys/kernel/osrelease': '6.1.0-18-amd64\n',
}

const directoryStat = {
  type: 'directory',
  mode: 0o755,
  uid: 0,
  gid: 0,
  size: 60,
  mtimeMs: 0,
  ino: 1,
  dev: 1,
} as const

/** The folder by which sd_booted(3) tells that systemd runs. */
export const systemd: Readings = { 'stat /run/systemd/system': directoryStat, '/proc/1/comm': 'systemd\n' }

const ROOT_MOUNT = '27 1 254:0 / / rw,relatime - ext4 /dev/vda rw\n'
const V1 = ['cpu', 'cpuacct', 'cpuset', 'memory', 'devices', 'freezer', 'blkio', 'pids']

const v1Mounts = (names: readonly string[]): string =>
  names
    .map(
      (name, i) =>
        `${40 + i} 31 0:${30 + i} / /sys/fs/cgroup/${name} rw,relatime - cgroup cgroup rw,${name}\n`,
    )
    .join('')

/** The rows of /proc/cgroups. */
export const procCgroups = (
  hierarchy: number,
  names: readonly string[] = V1,
  off: readonly string[] = [],
): string =>
  `#subsys_name\thierarchy\tnum_cgroups\tenabled\n${names
    .map((name) => `${name}\t${hierarchy}\t6\t${off.includes(name) ? 0 : 1}\n`)
    .join('')}`

/** cgroup v1 with all that containers need, and the named hierarchy, without systemd. */
export const v1: Readings = {
  ...bare,
  '/proc/self/mountinfo': `${ROOT_MOUNT}31 23 0:28 / /sys/fs/cgroup rw - tmpfs tmpfs rw,mode=755\n${v1Mounts(V1)}60 31 0:60 / /sys/fs/cgroup/systemd rw - cgroup cgroup rw,name=systemd\n`,
  '/proc/cgroups': procCgroups(3),
  '/proc/self/cgroup': '9:name=systemd:/\n4:memory:/\n0::/\n',
  '/sys/fs/cgroup/**': null,
}

/** The same, without some controllers' mounts. */
export const v1Without = (...names: readonly string[]): Readings => ({
  ...v1,
  '/proc/self/mountinfo': `${ROOT_MOUNT}${v1Mounts(V1.filter((name) => !names.includes(name)))}60 31 0:60 / /sys/fs/cgroup/systemd rw - cgroup cgroup rw,name=systemd\n`,
})

/** Nothing mounted, controllers still bound to v1. */
export const unmounted: Readings = { ...v1, '/proc/self/mountinfo': ROOT_MOUNT }

/** The unified hierarchy with these controllers, under systemd. */
export const v2 = (controllers = 'cpuset cpu io memory hugetlb pids rdma misc'): Readings => ({
  ...bare,
  ...systemd,
  '/proc/self/mountinfo': `${ROOT_MOUNT}31 23 0:28 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw,nsdelegate\n`,
  '/proc/cgroups': procCgroups(0),
  '/proc/self/cgroup': '0::/user.slice/user-1000.slice/session-1.scope\n',
  '/sys/fs/cgroup/cgroup.controllers': `${controllers}\n`,
  '/sys/fs/cgroup/cgroup.subtree_control': 'cpu memory pids\n',
})

/** An engine that answers. */
export const engine = (version: string, info: Readonly<Record<string, unknown>> = {}): Readings => ({
  'GET unix:///var/run/docker.sock /version': {
    status: 200,
    headers: {},
    body: JSON.stringify({ Version: version }),
  },
  'GET unix:///var/run/docker.sock /info': { status: 200, headers: {}, body: JSON.stringify(info) },
})

const programStat = { ...directoryStat, type: 'file' } as const

/** A Kubernetes node. */
export const node = (version: string, config: string, flags = ''): Readings => ({
  'stat /usr/bin/kubelet': programStat,
  '$ kubelet --version': `Kubernetes v${version}\n`,
  '/var/lib/kubelet/config.yaml': config,
  '/var/lib/kubelet/kubeadm-flags.env': flags,
})
