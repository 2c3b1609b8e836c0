import type { VersionRange } from './release.ts'

/** `required`: moby's check-config.sh calls it generally necessary, and its absence makes the kernel not ready. */
export type Requirement = 'required' | 'optional'

/** What a host must use for an option to matter to it. */
export type Use = 'cgroup-v1' | 'cgroup-v2' | 'ipv6' | 'swarm'

/** One kernel option that containers use. */
export interface KernelOption extends VersionRange {
  /** Without `CONFIG_`. */
  readonly name: string
  readonly requirement: Requirement
  /** What works with it and not without it, as a noun. */
  readonly feature: string
  /** The option is left out where this other one is set. */
  readonly unless?: string
  /** Only hosts with this use need it; undefined: every host. */
  readonly onlyFor?: Use
}

interface Group extends VersionRange {
  readonly feature: string
  readonly names: string
  readonly unless?: string
  readonly onlyFor?: Use
}

/*
 * The lists follow contrib/check-config.sh of moby as shipped with Docker 29.7
 * (https://github.com/moby/moby/blob/docker-v29.7.0/contrib/check-config.sh): names, order, version edges.
 * MEMCG_SWAP's edge: https://github.com/moby/moby/pull/50555. nftables: https://github.com/moby/moby/pull/50585.
 * IP_SCTP: https://github.com/moby/moby/pull/50906. No RT_GROUP_SCHED: https://github.com/moby/moby/pull/45361.
 * `onlyFor` is ours; it has no part in the answer that is compared with the script's.
 */

const required: readonly Group[] = [
  { feature: 'namespaces', names: 'NAMESPACES NET_NS PID_NS IPC_NS UTS_NS' },
  { feature: 'control groups', names: 'CGROUPS' },
  { feature: 'CPU accounting', names: 'CGROUP_CPUACCT', onlyFor: 'cgroup-v1' },
  { feature: 'device access control', names: 'CGROUP_DEVICE', onlyFor: 'cgroup-v1' },
  { feature: 'pausing containers', names: 'CGROUP_FREEZER', onlyFor: 'cgroup-v1' },
  { feature: 'CPU limits', names: 'CGROUP_SCHED CPUSETS' },
  { feature: 'memory limits', names: 'MEMCG' },
  { feature: 'keyrings', names: 'KEYS' },
  { feature: 'bridge networks', names: 'VETH BRIDGE BRIDGE_NETFILTER' },
  { feature: 'IPv4 packet filter', names: 'IP_NF_FILTER IP_NF_MANGLE IP_NF_TARGET_MASQUERADE' },
  {
    feature: 'IPv6 packet filter',
    names: 'IP6_NF_FILTER IP6_NF_MANGLE IP6_NF_TARGET_MASQUERADE',
    onlyFor: 'ipv6',
  },
  { feature: 'packet filter matches', names: 'NETFILTER_XT_MATCH_ADDRTYPE NETFILTER_XT_MATCH_CONNTRACK' },
  { feature: 'swarm load balancing', names: 'NETFILTER_XT_MATCH_IPVS NETFILTER_XT_MARK', onlyFor: 'swarm' },
  { feature: 'IPv4 packet filter', names: 'IP_NF_RAW IP_NF_NAT NF_NAT' },
  { feature: 'IPv6 packet filter', names: 'IP6_NF_RAW IP6_NF_NAT', onlyFor: 'ipv6' },
  { feature: 'POSIX message queues', names: 'POSIX_MQUEUE' },
  { feature: 'terminals per container', names: 'DEVPTS_MULTIPLE_INSTANCES', before: [4, 8] },
  { feature: 'IPv4 packet filter', names: 'NF_NAT_IPV4', before: [5, 2] },
  { feature: 'IPv4 packet filter', names: 'NF_NAT_NEEDED', before: [5, 3] },
  { feature: 'device access control', names: 'CGROUP_BPF', since: [4, 15], onlyFor: 'cgroup-v2' },
]

const optional: readonly Group[] = [
  { feature: 'user namespaces', names: 'USER_NS' },
  { feature: 'seccomp profiles', names: 'SECCOMP SECCOMP_FILTER' },
  { feature: 'process limits', names: 'CGROUP_PIDS' },
  { feature: 'swap limits', names: 'MEMCG_SWAP MEMCG_SWAP_ENABLED', before: [5, 8] },
  { feature: 'kernel memory limits', names: 'MEMCG_KMEM', before: [4, 6] },
  { feature: 'memory limits', names: 'RESOURCE_COUNTERS', before: [3, 19] },
  { feature: 'block I/O weights', names: 'IOSCHED_CFQ CFQ_GROUP_IOSCHED', before: [5, 0] },
  { feature: 'block I/O limits', names: 'BLK_CGROUP BLK_DEV_THROTTLING' },
  { feature: 'perf per container', names: 'CGROUP_PERF' },
  { feature: 'huge page limits', names: 'CGROUP_HUGETLB' },
  { feature: 'network classes and priorities', names: 'NET_CLS_CGROUP', onlyFor: 'cgroup-v1' },
  {
    feature: 'network classes and priorities',
    names: 'NETPRIO_CGROUP',
    before: [3, 14],
    onlyFor: 'cgroup-v1',
  },
  {
    feature: 'network classes and priorities',
    names: 'CGROUP_NET_PRIO',
    since: [3, 14],
    onlyFor: 'cgroup-v1',
  },
  { feature: 'CPU limits', names: 'CFS_BANDWIDTH FAIR_GROUP_SCHED' },
  { feature: 'swarm load balancing', names: 'IP_NF_TARGET_REDIRECT', onlyFor: 'swarm' },
  { feature: 'SCTP ports', names: 'IP_SCTP' },
  {
    feature: 'swarm load balancing',
    names: 'IP_VS IP_VS_NFCT IP_VS_PROTO_TCP IP_VS_PROTO_UDP IP_VS_RR',
    onlyFor: 'swarm',
  },
  { feature: 'mandatory access control', names: 'SECURITY_SELINUX SECURITY_APPARMOR' },
  {
    feature: 'nftables firewall backend',
    names: 'NFT_CT NFT_FIB_IPV4 NFT_FIB_IPV6 NFT_FIB NFT_MASQ NFT_NAT NF_TABLES',
  },
  {
    feature: 'ext3 storage',
    names: 'EXT3_FS EXT3_FS_XATTR EXT3_FS_POSIX_ACL EXT3_FS_SECURITY',
    unless: 'EXT4_USE_FOR_EXT2',
  },
  { feature: 'ext4 storage', names: 'EXT4_FS EXT4_FS_POSIX_ACL EXT4_FS_SECURITY' },
  { feature: 'overlay networks', names: 'VXLAN BRIDGE_VLAN_FILTERING' },
  {
    feature: 'encrypted overlay networks',
    names:
      'CRYPTO CRYPTO_AEAD CRYPTO_GCM CRYPTO_SEQIV CRYPTO_GHASH XFRM XFRM_USER XFRM_ALGO INET_ESP NETFILTER_XT_MATCH_BPF',
  },
  { feature: 'encrypted overlay networks', names: 'INET_XFRM_MODE_TRANSPORT', before: [5, 4] },
  { feature: 'ipvlan networks', names: 'IPVLAN' },
  { feature: 'macvlan networks', names: 'MACVLAN DUMMY' },
  {
    feature: 'FTP and TFTP from containers',
    names: 'NF_NAT_FTP NF_CONNTRACK_FTP NF_NAT_TFTP NF_CONNTRACK_TFTP',
  },
  { feature: 'btrfs storage', names: 'BTRFS_FS BTRFS_FS_POSIX_ACL' },
  { feature: 'overlay2 storage', names: 'OVERLAY_FS' },
]

/** What moby's script does not look at but container features need; judged, never part of the parity answer. */
const further: readonly Group[] = [
  // https://docs.docker.com/engine/security/rootless/ (slirp4netns and pasta open /dev/net/tun; fuse-overlayfs)
  { feature: 'rootless networking', names: 'TUN' },
  { feature: 'rootless storage by fuse-overlayfs', names: 'FUSE_FS' },
  // https://criu.org/Linux_kernel
  { feature: 'checkpoint and restore', names: 'CHECKPOINT_RESTORE' },
  // https://github.com/torvalds/linux/blob/v5.6/init/Kconfig
  { feature: 'time namespaces', names: 'TIME_NS', since: [5, 6] },
  // runc attaches the device filter of cgroup v2 as an eBPF program: https://github.com/opencontainers/runc/blob/main/docs/cgroup-v2.md
  { feature: 'device access control', names: 'BPF_SYSCALL', since: [4, 15], onlyFor: 'cgroup-v2' },
  // Split off by 6.12: https://github.com/torvalds/linux/blob/v6.12/init/Kconfig
  { feature: 'cgroup v1', names: 'MEMCG_V1 CPUSETS_V1', since: [6, 12], onlyFor: 'cgroup-v1' },
]

function spread(groups: readonly Group[], requirement: Requirement): KernelOption[] {
  return groups.flatMap(({ names, ...group }) =>
    names.split(' ').map((name) => ({ ...group, name, requirement })),
  )
}

/** The options that moby's check-config.sh lists, each once, with the kernels for which it lists them. */
export const listedOptions: readonly KernelOption[] = [
  ...spread(required, 'required'),
  ...spread(optional, 'optional'),
]

/** Options beyond moby's list that container features need. */
export const furtherOptions: readonly KernelOption[] = spread(further, 'optional')

/**
 * How the vsyscall page is built, of which moby's script shows the first that is set and none otherwise:
 * only images with eglibc older than 2.14 call it.
 */
export const vsyscallOptions: readonly KernelOption[] = spread(
  [
    {
      feature: 'images older than eglibc 2.14',
      names: 'LEGACY_VSYSCALL_NATIVE LEGACY_VSYSCALL_EMULATE LEGACY_VSYSCALL_NONE',
    },
  ],
  'optional',
)
