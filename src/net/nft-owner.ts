import type { NftChain, NftTable } from './nftables.ts'

/** Which program keeps a table. `iptables` stands for iptables-nft, whose own tools show its rules better. */
export type NftOwner = 'iptables' | 'docker' | 'firewalld' | 'libvirt' | 'netavark' | 'kube-proxy' | 'other'

/**
 * Tells a table's owner by its name, and for iptables-nft by its chains as well: a table `ip filter` may also be
 * somebody's own. Tables of nobody known are `other`: an administrator's, a hardening role's, a VPN client's.
 */
export function nftOwner(table: NftTable): NftOwner {
  return isIptables(table) ? 'iptables' : (OWNERS[table.name] ?? 'other')
}

const OWNERS: Readonly<Record<string, NftOwner>> = Object.assign(Object.create(null), {
  'docker-bridges': 'docker',
  firewalld: 'firewalld',
  firewalld_policy_drop: 'firewalld',
  libvirt_network: 'libvirt',
  netavark: 'netavark',
  'kube-proxy': 'kube-proxy',
})

// Hook and priority of every base chain that iptables-nft makes (iptables: nft.c, xtables_ipv4).
const BUILTIN: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  raw: { PREROUTING: 'prerouting -300', OUTPUT: 'output -300' },
  mangle: {
    PREROUTING: 'prerouting -150',
    INPUT: 'input -150',
    FORWARD: 'forward -150',
    OUTPUT: 'output -150',
    POSTROUTING: 'postrouting -150',
  },
  nat: {
    PREROUTING: 'prerouting -100',
    INPUT: 'input 100',
    OUTPUT: 'output -100',
    POSTROUTING: 'postrouting 100',
  },
  filter: { INPUT: 'input 0', FORWARD: 'forward 0', OUTPUT: 'output 0' },
  security: { INPUT: 'input 50', FORWARD: 'forward 50', OUTPUT: 'output 50' },
}

function isIptables(table: NftTable): boolean {
  const builtin = Object.hasOwn(BUILTIN, table.name) ? BUILTIN[table.name] : undefined
  if (builtin === undefined || (table.family !== 'ip' && table.family !== 'ip6')) return false
  const base = table.chains.filter((chain) => chain.hook !== undefined)
  return base.length > 0 && base.every((chain) => isBuiltin(builtin, chain))
}

function isBuiltin(builtin: Readonly<Record<string, string>>, chain: NftChain): boolean {
  return Object.hasOwn(builtin, chain.name) && builtin[chain.name] === `${chain.hook} ${chain.prio}`
}
