import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { answerKernelConfig } from '../../src/kernel-config/answer.ts'
import { listedOptions } from '../../src/kernel-config/options.ts'

const namesFor = (release: string, text = '') =>
  answerKernelConfig(text, release).options.map(({ name }) => name.replace('CONFIG_', ''))
const fragment = (name: string) => readFileSync(new URL(`fragments/${name}`, import.meta.url), 'utf8')
const everything = listedOptions.map(({ name }) => `CONFIG_${name}=y`).join('\n')

describe('the options listed', () => {
  // What appears and disappears from one kernel to the next; every other option is listed for all.
  it.each([
    ['3.13.11', '3.14.0', ['NETPRIO_CGROUP'], ['CGROUP_NET_PRIO']],
    ['3.18.140', '3.19.0', ['RESOURCE_COUNTERS'], []],
    ['4.5.7', '4.6.0', ['MEMCG_KMEM'], []],
    ['4.7.10', '4.8.0-rc1', ['DEVPTS_MULTIPLE_INSTANCES'], []],
    ['4.14.336', '4.15.0', [], ['CGROUP_BPF']],
    ['4.20.17', '5.0.0', ['IOSCHED_CFQ', 'CFQ_GROUP_IOSCHED'], []],
    ['5.1.21', '5.2.0', ['NF_NAT_IPV4'], []],
    ['5.2.21', '5.3.0', ['NF_NAT_NEEDED'], []],
    ['5.3.18', '5.4.0', ['INET_XFRM_MODE_TRANSPORT'], []],
    ['5.7.19', '5.8.0', ['MEMCG_SWAP', 'MEMCG_SWAP_ENABLED'], []],
  ])('from %s to %s lose %j and gain %j', (older, newer, lost, gained) => {
    const before = namesFor(older)
    const after = namesFor(newer)
    expect(before.filter((name) => !after.includes(name)).sort()).toEqual(lost.sort())
    expect(after.filter((name) => !before.includes(name)).sort()).toEqual(gained.sort())
  })

  it.each([
    ['2.6.32', '3.13.0'],
    ['3.10.0-1160.el7.x86_64', '3.13.0'],
    ['3.14.0', '3.18.0'],
    ['3.19.0', '4.5.0'],
    ['4.8.0', '4.14.0'],
    ['4.15.0', '4.20.0'],
    ['5.4.0', '5.7.0'],
    ['5.8.0', '7.0.0'],
    ['5.10.0-rc1', '6.19-rc1'],
  ])('are the same for %s and %s', (one, other) => {
    expect(namesFor(one)).toEqual(namesFor(other))
  })

  it('number 90 on 6.12, of which 33 are required, and 101 over all kernels', () => {
    const { options } = answerKernelConfig('', '6.12.0')
    expect(options).toHaveLength(90)
    expect(options.filter(({ requirement }) => requirement === 'required')).toHaveLength(33)
    expect(new Set(listedOptions.map(({ name }) => name)).size).toBe(101)
  })

  it('are distinct: NF_NAT comes once', () => {
    for (const release of ['2.6.32', '3.14.0', '5.2.0', '6.12.0']) {
      const names = namesFor(release, everything)
      expect(names).toEqual([...new Set(names)])
    }
  })

  it('leave out ext3 where ext4 serves it', () => {
    expect(namesFor('6.1.0')).toContain('EXT3_FS')
    const names = namesFor('6.1.0', 'CONFIG_EXT4_USE_FOR_EXT2=y')
    expect(names.filter((name) => name.startsWith('EXT'))).toEqual([
      'EXT4_FS',
      'EXT4_FS_POSIX_ACL',
      'EXT4_FS_SECURITY',
    ])
  })

  it.each([
    [[], []],
    [['XONLY'], []],
    [['NONE'], ['NONE']],
    [['EMULATE', 'NONE'], ['EMULATE']],
    [['NONE', 'EMULATE', 'NATIVE'], ['NATIVE']],
  ])('with the vsyscall page as %j show %j', (set, shown) => {
    const text = set.map((each) => `CONFIG_LEGACY_VSYSCALL_${each}=y`).join('\n')
    const names = namesFor('6.1.0', text).filter((name) => name.startsWith('LEGACY_VSYSCALL_'))
    expect(names).toEqual(shown.map((each) => `LEGACY_VSYSCALL_${each}`))
  })
})

describe('a kernel', () => {
  it('is ready when nothing required is missing', () => {
    expect(answerKernelConfig(everything, '6.12.0').ready).toBe(true)
  })

  it('is ready without any optional option', () => {
    const text = listedOptions
      .filter(({ requirement }) => requirement === 'required')
      .map(({ name }) => `CONFIG_${name}=m`)
      .join('\n')
    expect(answerKernelConfig(text, '6.12.0').ready).toBe(true)
  })

  it('is not ready without veth', () => {
    expect(answerKernelConfig(everything.replace('CONFIG_VETH=y\n', ''), '6.12.0').ready).toBe(false)
  })

  it('is not ready without an option that its version needs', () => {
    const text = everything.replace('CONFIG_CGROUP_BPF=y', '')
    expect(answerKernelConfig(text, '4.14.0').ready).toBe(true)
    expect(answerKernelConfig(text, '4.15.0').ready).toBe(false)
  })
})

describe('the release', () => {
  it('comes from the header', () => {
    expect(answerKernelConfig(fragment('wsl-4.19.59.config')).release).toBe('4.19.59')
  })

  it('can be given instead', () => {
    expect(answerKernelConfig(fragment('wsl-4.19.59.config'), '6.1.0').release).toBe('6.1.0')
  })

  it('must be given where no header names it', () => {
    expect(() => answerKernelConfig('CONFIG_VETH=y\n')).toThrow(/no header .* give it with --release/)
  })
})

describe('real configurations', () => {
  const answer = (name: string) => {
    const { ready, options } = answerKernelConfig(fragment(name))
    const missing = options.filter(
      ({ requirement, state }) => requirement === 'required' && state === 'missing',
    )
    return { ready, listed: options.length, missing: missing.map(({ name: option }) => option) }
  }

  it('a micro virtual machine lacks the ipvs match alone', () => {
    expect(answer('microvm-6.18.44.config')).toEqual({
      ready: false,
      listed: 86,
      missing: ['CONFIG_NETFILTER_XT_MATCH_IPVS'],
    })
  })

  it('an option carries its feature and state', () => {
    expect(answerKernelConfig(fragment('wsl-4.19.59.config')).options).toContainEqual({
      name: 'CONFIG_MEMCG_SWAP',
      state: 'builtin',
      requirement: 'optional',
      feature: 'swap limits',
    })
  })
})
