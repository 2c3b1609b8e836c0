import type { VersionRange } from './release.ts'

/** A firewall other than the legacy iptables tables, by which an option becomes dispensable. */
export type Firewall = 'iptables-nft' | 'nftables'

/** Options that do the work of others on some kernels. */
export interface Alternative extends VersionRange {
  /** The options replaced, without `CONFIG_`. */
  readonly replaces: readonly string[]
  /** All of these must be set instead; none: the kernel always has it. */
  readonly by: readonly string[]
  /** The firewall that the host must then use; undefined: nothing changes for it. */
  readonly through?: Firewall
  /** One clause that says why. */
  readonly why: string
  readonly source: string
}

const linux = (tag: string, path: string) => `https://github.com/torvalds/linux/blob/${tag}/${path}`

/** Newer or older names of one thing, and things that later kernels always have. */
const renamed: readonly Alternative[] = [
  {
    replaces: ['IP_NF_TARGET_MASQUERADE', 'IP6_NF_TARGET_MASQUERADE'],
    by: ['NETFILTER_XT_TARGET_MASQUERADE'],
    since: [5, 2],
    why: 'one module serves IPv4 and IPv6 since Linux 5.2',
    source: linux('v5.2', 'net/netfilter/Kconfig'),
  },
  {
    replaces: ['IP_NF_TARGET_REDIRECT'],
    by: ['NETFILTER_XT_TARGET_REDIRECT'],
    since: [3, 7],
    why: 'one module serves IPv4 and IPv6 since Linux 3.7',
    source: linux('v3.7', 'net/netfilter/Kconfig'),
  },
  {
    replaces: ['NETFILTER_XT_MARK'],
    by: ['NETFILTER_XT_MATCH_MARK', 'NETFILTER_XT_TARGET_MARK'],
    before: [2, 6, 35],
    why: 'match and target were separate before Linux 2.6.35',
    source: linux('v2.6.34', 'net/netfilter/Kconfig'),
  },
  {
    replaces: ['NETFILTER_XT_MATCH_ADDRTYPE'],
    by: ['IP_NF_MATCH_ADDRTYPE'],
    before: [2, 6, 39],
    why: 'it matched IPv4 alone and had another name before Linux 2.6.39',
    source: linux('v2.6.38', 'net/ipv4/netfilter/Kconfig'),
  },
  {
    replaces: ['IP_NF_NAT'],
    by: ['NF_NAT_IPV4'],
    since: [3, 7],
    before: [3, 18],
    why: 'the nat table came with NF_NAT_IPV4 before Linux 3.18',
    source: linux('v3.16', 'net/ipv4/netfilter/Kconfig'),
  },
  {
    replaces: ['IP6_NF_NAT'],
    by: ['NF_NAT_IPV6'],
    since: [3, 7],
    before: [3, 18],
    why: 'the nat table came with NF_NAT_IPV6 before Linux 3.18',
    source: linux('v3.16', 'net/ipv6/netfilter/Kconfig'),
  },
  {
    replaces: ['IP_NF_NAT', 'NF_NAT_IPV4'],
    by: ['NF_NAT'],
    before: [3, 7],
    why: 'NF_NAT was IPv4 NAT as a whole before Linux 3.7',
    source: linux('v3.6', 'net/ipv4/netfilter/Kconfig'),
  },
  {
    replaces: ['NF_NAT_IPV4'],
    by: ['NF_NAT'],
    since: [5, 1],
    why: 'IPv4 NAT is part of NF_NAT since Linux 5.1',
    source: linux('v5.1', 'net/ipv4/netfilter/Kconfig'),
  },
  {
    replaces: ['NF_NAT_NEEDED'],
    by: ['NF_NAT'],
    since: [5, 2],
    why: 'NF_NAT stands for it since Linux 5.2',
    source: linux('v5.2', 'net/netfilter/Kconfig'),
  },
  {
    replaces: ['DEVPTS_MULTIPLE_INSTANCES'],
    by: [],
    since: [4, 7],
    why: 'every devpts mount is its own instance since Linux 4.7',
    source: linux('v4.7', 'Documentation/filesystems/devpts.txt'),
  },
  {
    replaces: ['MEMCG'],
    by: ['CGROUP_MEM_RES_CTLR'],
    before: [3, 6],
    why: 'its name before Linux 3.6',
    source: linux('v3.5', 'init/Kconfig'),
  },
  {
    replaces: ['MEMCG_SWAP'],
    by: ['CGROUP_MEM_RES_CTLR_SWAP'],
    before: [3, 6],
    why: 'its name before Linux 3.6',
    source: linux('v3.5', 'init/Kconfig'),
  },
  {
    replaces: ['MEMCG_SWAP_ENABLED'],
    by: ['CGROUP_MEM_RES_CTLR_SWAP_ENABLED'],
    before: [3, 6],
    why: 'its name before Linux 3.6',
    source: linux('v3.5', 'init/Kconfig'),
  },
  {
    replaces: ['MEMCG_KMEM'],
    by: ['MEMCG'],
    since: [4, 5],
    why: 'kernel memory is part of MEMCG since Linux 4.5',
    source: linux('v4.5', 'init/Kconfig'),
  },
  {
    replaces: ['CGROUP_NET_PRIO'],
    by: ['NETPRIO_CGROUP'],
    why: 'its name before Linux 3.14, kept by vendor kernels',
    source: linux('v3.13', 'net/Kconfig'),
  },
  {
    replaces: ['NETPRIO_CGROUP'],
    by: ['CGROUP_NET_PRIO'],
    why: 'its name since Linux 3.14, taken over by vendor kernels',
    source: linux('v3.14', 'net/Kconfig'),
  },
  {
    replaces: ['INET_XFRM_MODE_TRANSPORT'],
    by: ['XFRM'],
    since: [5, 2],
    why: 'the transport mode is part of XFRM since Linux 5.2',
    source: linux('v5.2', 'net/xfrm/Kconfig'),
  },
]

/** Different things that serve the same purpose. */
const equivalent: readonly Alternative[] = [
  {
    replaces: ['IOSCHED_CFQ'],
    by: ['IOSCHED_BFQ'],
    since: [4, 12],
    why: 'BFQ schedules by weight too',
    source: linux('v4.12', 'block/Kconfig.iosched'),
  },
  {
    replaces: ['CFQ_GROUP_IOSCHED'],
    by: ['BFQ_GROUP_IOSCHED'],
    since: [4, 12],
    why: 'BFQ schedules by weight too',
    source: linux('v4.12', 'block/Kconfig.iosched'),
  },
  {
    replaces: ['EXT3_FS', 'EXT3_FS_XATTR'],
    by: ['EXT4_FS'],
    since: [4, 3],
    why: 'the ext4 driver mounts ext3 since Linux 4.3',
    source: linux('v4.3', 'fs/ext4/Kconfig'),
  },
  {
    replaces: ['EXT3_FS_POSIX_ACL'],
    by: ['EXT4_FS_POSIX_ACL'],
    since: [4, 3],
    why: 'the ext4 driver mounts ext3 since Linux 4.3',
    source: linux('v4.3', 'fs/ext4/Kconfig'),
  },
  {
    replaces: ['EXT3_FS_SECURITY'],
    by: ['EXT4_FS_SECURITY'],
    since: [4, 3],
    why: 'the ext4 driver mounts ext3 since Linux 4.3',
    source: linux('v4.3', 'fs/ext4/Kconfig'),
  },
  {
    replaces: ['SECURITY_SELINUX'],
    by: ['SECURITY_APPARMOR'],
    why: 'one of the two confines containers',
    source: 'https://docs.docker.com/engine/security/apparmor/',
  },
  {
    replaces: ['SECURITY_APPARMOR'],
    by: ['SECURITY_SELINUX'],
    why: 'one of the two confines containers',
    source: 'https://docs.docker.com/reference/cli/dockerd/#enable-selinux',
  },
]

/*
 * The legacy tables have an option of their own since Linux 6.17 (NETFILTER_XTABLES_LEGACY) and distributions leave it
 * out. 5.2 is the floor because from there NFT_NAT brings the nat chain and nf_tables itself the route chain.
 */
const throughNft = {
  since: [5, 2],
  through: 'iptables-nft',
  why: 'iptables-nft keeps these tables in nf_tables',
  source: linux('v6.17', 'net/netfilter/Kconfig'),
} as const

const iptablesNft: readonly Alternative[] = [
  {
    ...throughNft,
    replaces: ['IP_NF_FILTER', 'IP_NF_MANGLE', 'IP_NF_RAW'],
    by: ['NF_TABLES', 'NF_TABLES_IPV4', 'NFT_COMPAT'],
  },
  { ...throughNft, replaces: ['IP_NF_NAT'], by: ['NF_TABLES', 'NF_TABLES_IPV4', 'NFT_COMPAT', 'NFT_NAT'] },
  {
    ...throughNft,
    replaces: ['IP6_NF_FILTER', 'IP6_NF_MANGLE', 'IP6_NF_RAW'],
    by: ['NF_TABLES', 'NF_TABLES_IPV6', 'NFT_COMPAT'],
  },
  { ...throughNft, replaces: ['IP6_NF_NAT'], by: ['NF_TABLES', 'NF_TABLES_IPV6', 'NFT_COMPAT', 'NFT_NAT'] },
]

/*
 * Docker 29 can write nftables rules itself ("firewall-backend": "nftables"). Swarm cannot, so what only Swarm uses
 * (the ipvs match) has no such alternative.
 */
const nativeNft = {
  since: [5, 2],
  through: 'nftables',
  why: "Docker 29's nftables firewall backend needs no iptables",
  source: 'https://docs.docker.com/engine/network/firewall-nftables/',
} as const

const nftables: readonly Alternative[] = [
  {
    ...nativeNft,
    replaces: [
      'IP_NF_FILTER',
      'IP_NF_MANGLE',
      'IP_NF_RAW',
      'IP_NF_NAT',
      'IP_NF_TARGET_MASQUERADE',
      'NETFILTER_XT_MATCH_ADDRTYPE',
      'NETFILTER_XT_MATCH_CONNTRACK',
      'NETFILTER_XT_MARK',
    ],
    by: ['NF_TABLES', 'NF_TABLES_IPV4', 'NFT_CT', 'NFT_FIB_IPV4', 'NFT_MASQ', 'NFT_NAT'],
  },
  {
    ...nativeNft,
    replaces: ['IP6_NF_FILTER', 'IP6_NF_MANGLE', 'IP6_NF_RAW', 'IP6_NF_NAT', 'IP6_NF_TARGET_MASQUERADE'],
    by: ['NF_TABLES', 'NF_TABLES_IPV6', 'NFT_CT', 'NFT_FIB_IPV6', 'NFT_MASQ', 'NFT_NAT'],
  },
]

/** Every alternative, those that ask least of the host first. */
export const alternatives: readonly Alternative[] = [...renamed, ...equivalent, ...iptablesNft, ...nftables]
