import { expect, it } from 'vitest'
import check from '../../../checks/kernel/known-bugs.ts'
import { BUILT_IN } from '../../../src/data/dataset.ts'
import { inReleases, parseKernelRelease } from '../../../src/facts/kernel-release.ts'
import type { Readings } from '../../../src/hosts/memory.ts'
import { finds, passes, testCheck, unknown } from '../../../src/testing.ts'
import { bare } from './hosts.ts'

const on = (release: string, more: Readings = {}): Readings => ({
  ...bare,
  '/proc/sys/kernel/osrelease': `${release}\n`,
  '/proc/cmdline': 'BOOT_IMAGE=/vmlinuz root=/dev/vda1 ro\n',
  ...more,
})
const groups = (memory: number): Readings => ({
  '/proc/cgroups': `#subsys_name\thierarchy\tnum_cgroups\tenabled\ncpu\t2\t90\t1\nmemory\t11\t${memory}\t1\n`,
})

testCheck(check, {
  'Debian 12': passes(on('6.1.0-18-amd64'), { says: 'debian' }),
  'CentOS 7.6': finds('buggy', on('3.10.0-957.el7.x86_64'), {
    says: /memory groups .* \(fixed in 3\.10\.0-1062\.4\.1\)/,
  }),
  'CentOS 7.7 before the fix': finds('buggy', on('3.10.0-1062.1.2.el7.x86_64')),
  'CentOS 7.7 with the fix': passes(on('3.10.0-1062.4.1.el7.x86_64')),
  'CentOS 7.9': passes(on('3.10.0-1160.119.1.el7.x86_64')),
  'CentOS 7.6 without kernel memory accounting': passes(
    on('3.10.0-957.el7.x86_64', { '/proc/cmdline': 'root=/dev/sda1 ro cgroup.memory=nokmem\n' }),
  ),
  'a 3.10 of somebody else': passes(on('3.10.0-123.custom')),
  'Ubuntu 18.04 with the panic': finds('buggy', on('4.15.0-60-generic')),
  'Ubuntu 18.04 before it': passes(on('4.15.0-58-generic')),
  'Ubuntu 18.04 after it': passes(on('4.15.0-62-generic')),
  'Ubuntu 18.04 in a cloud': passes(on('4.15.0-1060-aws')),
  'Ubuntu 20.04 on AWS with the panic': finds('buggy', on('5.13.0-1028-aws')),
  'that number on another cloud': passes(on('5.13.0-1028-azure')),
  'all memory groups taken': finds('memoryGroupsUsedUp', on('3.10.0-1160.119.1.el7.x86_64', groups(65_535))),
  'nearly all memory groups taken': finds(
    'memoryGroupsRunOut',
    on('3.10.0-1160.el7.x86_64', groups(61_000)),
    {
      says: /^61000 of 65535/,
    },
  ),
  'all memory groups taken, on a kernel that leaks them': finds(
    'memoryGroupsUsedUp',
    on('3.10.0-957.el7.x86_64', groups(65_535)),
  ),
  'nearly all memory groups taken, on a kernel that leaks them': finds(
    'buggy',
    on('3.10.0-957.el7.x86_64', groups(61_000)),
  ),
  'many memory groups': passes(on('3.10.0-1160.el7.x86_64', groups(20_000))),
  'more removed groups than numbers, on a kernel that gives these back': passes(
    on('6.1.0-18-amd64', groups(80_000)),
  ),
  'no version': unknown(on('custom')),
  'nothing recorded': unknown({}),
})

it('compares releases with the numbers of their builders', () => {
  expect(inReleases('3.10.0-1062.el7.x86_64', { from: '3.10.0', before: '3.10.0-1062.4.1' })).toBe(true)
  expect(inReleases('3.10.0-1062.9.1.el7.x86_64', { before: '3.10.0-1062.4.1' })).toBe(false)
})
it.each(BUILT_IN['kernel-bugs'].bugs.map((bug) => [bug.id, bug] as const))(
  '%s names a builder that releases tell, and an end behind its beginning',
  (_, { vendor, enterprise, flavour, from, before }) => {
    const suffix = enterprise ? `.el${enterprise}.x86_64` : `-${flavour ?? 'generic'}`
    expect(parseKernelRelease(`${from}${from.includes('-') ? '' : '-1'}${suffix}`)?.vendor).toBe(vendor)
    expect(inReleases(from, { before })).toBe(true)
  },
)
