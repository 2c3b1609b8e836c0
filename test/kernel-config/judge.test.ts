import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { alternatives } from '../../src/kernel-config/alternatives.ts'
import { type HostUse, judgeConfig } from '../../src/kernel-config/judge.ts'
import { furtherOptions, listedOptions } from '../../src/kernel-config/options.ts'
import { parseKernelConfig } from '../../src/kernel-config/parse.ts'

const fragment = (name: string) => readFileSync(new URL(`fragments/${name}`, import.meta.url), 'utf8')
const known = [...listedOptions, ...furtherOptions].map(({ name }) => name)

/** A kernel with every known option but those that match, plus some. */
function judgeWithout(without: RegExp, plus: string[], release: string, use: HostUse = {}) {
  const names = [...known.filter((name) => !without.test(name)), ...plus]
  return judgeConfig(parseKernelConfig(names.map((name) => `CONFIG_${name}=m`).join('\n')), release, use)
}

const legacyTables = /^IP6?_NF_/
const nft = /^(NFT_|NF_TABLES)/

describe('what is missing', () => {
  it('is grouped by feature, required apart from optional', () => {
    const { ready, missingRequired, missingOptional } = judgeWithout(
      /^(VETH|BRIDGE|VXLAN|CRYPTO_G.*)$/,
      [],
      '6.12.0',
    )
    expect(ready).toBe(false)
    expect(missingRequired).toEqual([
      { feature: 'bridge networks', options: ['CONFIG_VETH', 'CONFIG_BRIDGE'] },
    ])
    expect(missingOptional).toEqual([
      { feature: 'overlay networks', options: ['CONFIG_VXLAN'] },
      { feature: 'encrypted overlay networks', options: ['CONFIG_CRYPTO_GCM', 'CONFIG_CRYPTO_GHASH'] },
    ])
  })

  it('is nothing on a kernel with everything', () => {
    for (const release of ['2.6.32', '3.10.0', '4.19.0', '5.15.0', '6.18.0']) {
      expect(judgeWithout(/^$/, [], release)).toMatchObject({
        ready: true,
        missingRequired: [],
        missingOptional: [],
        standIns: [],
      })
    }
  })

  it('includes what rootless mode and checkpoints need, as optional', () => {
    const { ready, missingOptional } = judgeWithout(/^(TUN|CHECKPOINT_RESTORE)$/, [], '6.12.0')
    expect(ready).toBe(true)
    expect(missingOptional.map(({ feature }) => feature)).toEqual([
      'rootless networking',
      'checkpoint and restore',
    ])
  })
})

describe('a kernel with nftables alone', () => {
  const withCompat = ['NFT_COMPAT', 'NF_TABLES_IPV4', 'NF_TABLES_IPV6', 'NETFILTER_XT_TARGET_MASQUERADE']

  it('carries the engine through iptables-nft', () => {
    const judged = judgeWithout(legacyTables, [...withCompat, 'NETFILTER_XT_TARGET_REDIRECT'], '6.17.0')
    expect(judged).toMatchObject({ ready: true, missingRequired: [], missingOptional: [] })
    expect(judged.firewalls).toEqual(['iptables-nft', 'nftables'])
    expect(judged.standIns).toContainEqual(
      expect.objectContaining({ option: 'CONFIG_IP_NF_FILTER', through: 'iptables-nft' }),
    )
    expect(judged.standIns.find(({ option }) => option === 'CONFIG_IP_NF_TARGET_MASQUERADE')).toMatchObject({
      by: ['CONFIG_NETFILTER_XT_TARGET_MASQUERADE'],
    })
  })

  it("without nft_compat needs Docker's own nftables backend", () => {
    const judged = judgeWithout(
      /^(IP6?_NF_|NETFILTER_XT_M)/,
      ['NF_TABLES_IPV4', 'NF_TABLES_IPV6'],
      '6.17.0',
      {
        swarm: false,
      },
    )
    expect(judged.firewalls).toEqual(['nftables'])
    expect(judged).toMatchObject({ ready: true, missingRequired: [] })
    expect(judged.standIns).toContainEqual(
      expect.objectContaining({ option: 'CONFIG_NETFILTER_XT_MATCH_ADDRTYPE', through: 'nftables' }),
    )
  })

  it('and the host bound to iptables is not ready', () => {
    const use = { firewallBackend: 'iptables' } as const
    const { ready } = judgeWithout(legacyTables, ['NF_TABLES_IPV4', 'NF_TABLES_IPV6'], '6.17.0', use)
    expect(ready).toBe(false)
  })

  it('cannot be had by a kernel without either firewall', () => {
    const judged = judgeWithout(/^(IP6?_NF_|NFT_|NF_TABLES)/, [], '6.17.0')
    expect(judged.firewalls).toEqual([])
    expect(judged.missingRequired.map(({ feature }) => feature)).toEqual([
      'IPv4 packet filter',
      'IPv6 packet filter',
    ])
  })
})

describe('the nftables backend', () => {
  it('does not hide what breaks the default: a missing iptables match', () => {
    const plus = ['NF_TABLES_IPV4', 'NF_TABLES_IPV6']
    const withoutMatch = /^NETFILTER_XT_MATCH_ADDRTYPE$/
    expect(judgeWithout(withoutMatch, plus, '6.12.0').ready).toBe(false)
    expect(judgeWithout(withoutMatch, plus, '6.12.0', { firewallBackend: 'nftables' }).ready).toBe(true)
  })
})

describe('another name for the same thing', () => {
  it.each([
    ['NETFILTER_XT_MARK', ['NETFILTER_XT_MATCH_MARK', 'NETFILTER_XT_TARGET_MARK'], '2.6.32'],
    ['NETFILTER_XT_MATCH_ADDRTYPE', ['IP_NF_MATCH_ADDRTYPE'], '2.6.32'],
    ['MEMCG', ['CGROUP_MEM_RES_CTLR'], '3.2.0'],
    ['IP_NF_NAT', [], '3.2.0'],
    ['IP_NF_NAT', [], '3.10.0-1160.el7.x86_64'],
    ['IP6_NF_NAT', ['NF_NAT_IPV6'], '3.10.0-1160.el7.x86_64'],
    ['NETPRIO_CGROUP', ['CGROUP_NET_PRIO'], '3.10.0-1160.el7.x86_64'],
    ['MEMCG_KMEM', [], '4.5.0'],
    ['DEVPTS_MULTIPLE_INSTANCES', [], '4.7.0'],
    ['IOSCHED_CFQ', ['IOSCHED_BFQ'], '4.19.0'],
    ['NF_NAT_IPV4', [], '5.1.0'],
    ['NF_NAT_NEEDED', [], '5.2.0'],
    ['INET_XFRM_MODE_TRANSPORT', [], '5.3.0'],
    ['IP_NF_TARGET_MASQUERADE', ['NETFILTER_XT_TARGET_MASQUERADE'], '5.2.0'],
    ['IP_NF_TARGET_REDIRECT', ['NETFILTER_XT_TARGET_REDIRECT'], '5.15.0'],
    ['EXT3_FS', [], '6.12.0'],
    ['SECURITY_APPARMOR', [], '6.12.0'],
    ['SECURITY_SELINUX', [], '6.12.0'],
  ])('stands in for %s: %j on %s', (name, plus, release) => {
    const judged = judgeWithout(new RegExp(`^${name}$`), plus, release)
    expect(judged).toMatchObject({ ready: true, missingRequired: [], missingOptional: [] })
    expect(judged.standIns.map(({ option }) => option)).toEqual([`CONFIG_${name}`])
  })

  it.each([
    ['IP_NF_TARGET_MASQUERADE', ['NETFILTER_XT_TARGET_MASQUERADE'], '5.1.0'],
    ['NF_NAT_IPV4', [], '5.0.0'],
    ['DEVPTS_MULTIPLE_INSTANCES', [], '4.6.0'],
    ['MEMCG', ['CGROUP_MEM_RES_CTLR'], '3.6.0'],
  ])('does not stand in for %s too early or too late: %j on %s', (name, plus, release) => {
    expect(judgeWithout(new RegExp(`^${name}$`), plus, release).ready).toBe(false)
  })

  it('is all that a real Talos kernel lacks of its packet filter', () => {
    const judged = judgeConfig(parseKernelConfig(fragment('talos-6.6-netfilter.config')), '6.6.0')
    const features = judged.missingRequired.map(({ feature }) => feature)
    expect(features).not.toContain('IPv6 packet filter')
    expect(judged.standIns).toContainEqual(
      expect.objectContaining({
        option: 'CONFIG_IP6_NF_TARGET_MASQUERADE',
        by: ['CONFIG_NETFILTER_XT_TARGET_MASQUERADE'],
      }),
    )
  })
})

describe('what the host does not use', () => {
  it('keeps no kernel from being ready: the ipvs match without Swarm', () => {
    const config = parseKernelConfig(fragment('microvm-6.18.44.config'))
    expect(judgeConfig(config, '6.18.44').ready).toBe(false)
    const judged = judgeConfig(config, '6.18.44', { swarm: false })
    expect(judged.ready).toBe(true)
    expect(judged.missingOptional).toContainEqual({
      feature: 'swarm load balancing',
      options: expect.arrayContaining(['CONFIG_NETFILTER_XT_MATCH_IPVS', 'CONFIG_IP_VS']),
    })
  })

  it('keeps no kernel from being ready: IPv6 tables without IPv6', () => {
    expect(judgeWithout(/^(IP6_|NFT_|NF_TABLES)/, [], '6.12.0').ready).toBe(false)
    expect(judgeWithout(/^(IP6_|NFT_|NF_TABLES)/, [], '6.12.0', { ipv6: false }).ready).toBe(true)
  })

  it.each([
    ['CGROUP_FREEZER', 2, true],
    ['CGROUP_DEVICE', 2, true],
    ['CGROUP_CPUACCT', 2, true],
    ['CGROUP_BPF', 2, false],
    ['CGROUP_FREEZER', 1, false],
    ['CGROUP_BPF', 1, true],
    ['MEMCG', 2, false],
  ] as const)('is not asked for: without %s under cgroup v%i, ready is %s', (name, cgroupVersion, ready) => {
    expect(judgeWithout(new RegExp(`^${name}$`), [], '6.12.0', { cgroupVersion }).ready).toBe(ready)
  })
})

describe('the table of alternatives', () => {
  it('replaces only known options, each with a reason and a source', () => {
    for (const { replaces, why, source } of alternatives) {
      expect(known).toEqual(expect.arrayContaining([...replaces]))
      expect(why).not.toBe('')
      expect(source).toMatch(/^https:\/\//)
    }
  })

  it('says nothing on a legacy kernel of nftables', () => {
    expect(judgeWithout(nft, [], '5.15.0').firewalls).toEqual(['iptables'])
  })
})
