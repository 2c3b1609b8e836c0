/** Kernels as distributions ship them, for the tests of this area. */
import type { Readings } from '../../../src/hosts/memory.ts'

const RELEASE = '6.1.0-18-amd64'

/** Nothing configured, no engine, no modules, no configuration; the kernel's own files as Linux 6.1 has them. */
export const bare: Readings = {
  '/etc/**': null,
  '/run/**': null,
  '/usr/**': null,
  '/lib/**': null,
  '/sbin/**': null,
  '/bin/**': null,
  '/boot/**': null,
  '/var/**': null,
  '/dev/**': null,
  '/sys/**': null,
  '/.dockerenv': null,
  'stat /.dockerenv': null,
  'GET unix:///var/run/docker.sock /version': null,
  'GET unix:///var/run/docker.sock /info': null,
  '/proc/1/comm': 'systemd\n',
  '/proc/1/environ': { state: 'denied', reason: 'permission denied', durationMs: 0 },
  '/proc/vz/': null,
  '/proc/bc/': null,
  '/proc/cmdline': 'BOOT_IMAGE=/vmlinuz root=/dev/vda1 ro quiet\n',
  '/proc/cpuinfo': 'processor\t: 0\nflags\t\t: fpu vme hypervisor lm\n',
  '/proc/config.gz': null,
  'base64 /proc/config.gz': null,
  '/proc/filesystems': 'nodev\tsysfs\nnodev\tproc\nnodev\tmqueue\n\text4\n',
  '/proc/modules': 'ext4 1130496 1 - Live 0x0000000000000000\n',
  '/proc/sys/kernel/modules_disabled': '0\n',
  '/proc/sys/kernel/osrelease': `${RELEASE}\n`,
  '/proc/sys/kernel/unprivileged_userns_clone': null,
  '/proc/sys/kernel/keys/': ['maxkeys', 'root_maxkeys'],
  '/proc/sys/net/bridge/': null,
  '/proc/sys/user/**': '31000\n',
  '/proc/self/ns/': [
    'cgroup',
    'ipc',
    'mnt',
    'net',
    'pid',
    'pid_for_children',
    'time',
    'time_for_children',
    'user',
    'uts',
  ],
  '/proc/self/mountinfo':
    '27 1 254:0 / / rw,relatime - ext4 /dev/vda rw\n31 23 0:28 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw\n',
  '/proc/self/cgroup': '0::/\n',
  '/proc/cgroups': '#subsys_name\thierarchy\tnum_cgroups\tenabled\nmemory\t0\t60\t1\n',
  '/sys/fs/cgroup/cgroup.controllers': 'cpuset cpu io memory hugetlb pids\n',
  '/sys/fs/cgroup/cgroup.subtree_control': 'memory pids\n',
}

/** As Debian 12's modules.dep lists them. */
export const PATHS = [
  'kernel/fs/overlayfs/overlay.ko',
  'kernel/net/bridge/bridge.ko',
  'kernel/net/bridge/br_netfilter.ko',
  'kernel/drivers/net/veth.ko',
  'kernel/net/netfilter/nf_nat.ko',
  'kernel/net/ipv4/netfilter/ip_tables.ko',
  'kernel/net/netfilter/nft_compat.ko',
  'kernel/net/netfilter/xt_conntrack.ko',
  'kernel/net/netfilter/xt_addrtype.ko',
  'kernel/net/netfilter/xt_MASQUERADE.ko',
  'kernel/net/netfilter/nf_tables.ko',
] as const

const dep = (paths: readonly string[], packed: string): string =>
  paths.map((path) => `${path}${packed}: kernel/lib/crc32.ko\n`).join('')

/** A folder of modules for a release. */
export const tree = (release = RELEASE, paths: readonly string[] = PATHS, packed = ''): Readings => ({
  '/lib/modules/': [`${release}/`],
  [`/lib/modules/${release}/modules.dep`]: dep(paths, packed),
  [`/lib/modules/${release}/modules.builtin`]: 'kernel/fs/ext4/ext4.ko\n',
})

/** Modular, nothing loaded yet: a fresh install. */
export const modular: Readings = { ...bare, ...tree() }

/** The modular kernel without some modules. */
export const without = (...names: readonly string[]): Readings => ({
  ...bare,
  ...tree(
    RELEASE,
    PATHS.filter((path) => !names.some((name) => path.includes(`/${name}.`))),
  ),
})

/** Upgraded while running: the folder of the running release is gone. */
export const upgraded: Readings = { ...bare, '/lib/modules/': ['6.1.0-21-amd64/'] }

/** Everything that the engine needs is loaded. */
export const allLoaded = PATHS.map(
  (path) => `${/(\w+)\.ko/.exec(path)?.[1]} 16384 0 - Live 0x0000000000000000\n`,
).join('')

/** An engine that answers. */
export const engine = (info: Readonly<Record<string, unknown>> = { Driver: 'overlay2' }): Readings => ({
  'GET unix:///var/run/docker.sock /version': { status: 200, headers: {}, body: '{"Version":"27.3.1"}' },
  'GET unix:///var/run/docker.sock /info': { status: 200, headers: {}, body: JSON.stringify(info) },
})

const OPTIONS =
  'NAMESPACES NET_NS PID_NS IPC_NS UTS_NS USER_NS CGROUPS CGROUP_SCHED CPUSETS MEMCG KEYS VETH BRIDGE BRIDGE_NETFILTER IP_NF_FILTER IP_NF_MANGLE IP_NF_TARGET_MASQUERADE NETFILTER_XT_TARGET_MASQUERADE NETFILTER_XT_MATCH_ADDRTYPE NETFILTER_XT_MATCH_CONNTRACK IP_NF_IPTABLES IP_NF_RAW IP_NF_NAT NF_NAT POSIX_MQUEUE CGROUP_BPF BPF_SYSCALL OVERLAY_FS NETFILTER_XT_MATCH_IPVS NETFILTER_XT_MARK'

/** A configuration that has everything required, less some options. */
export const configText = (...missing: readonly string[]): string =>
  OPTIONS.split(' ')
    .map((name) => (missing.includes(name) ? `# CONFIG_${name} is not set\n` : `CONFIG_${name}=y\n`))
    .join('')

/** That configuration as it lies in /boot. */
export const config = (...missing: readonly string[]): Readings => ({
  [`base64 /boot/config-${RELEASE}`]: Buffer.from(configText(...missing)).toString('base64'),
})
