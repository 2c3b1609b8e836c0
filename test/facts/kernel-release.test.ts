import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { atLeast, kernel, parseKernelRelease } from '../../src/facts/kernel-release.ts'
import { hostile, hostileRuns } from '../net/hostile.ts'
import { valueOn } from './fact.ts'

describe('parseKernelRelease', () => {
  it.each([
    ['3.10.0-1160.el7.x86_64', [3, 10, 0], 1160, 'rhel', 7],
    ['3.10.0-957.1.3.el7.centos.plus.x86_64', [3, 10, 0], 957, 'rhel', 7],
    ['4.18.0-553.el8_10.x86_64', [4, 18, 0], 553, 'rhel', 8],
    ['6.12.0-55.9.1.el10_0.x86_64', [6, 12, 0], 55, 'rhel', 10],
    ['5.15.0-91-generic', [5, 15, 0], 91, 'ubuntu', null],
    ['6.8.0-1009-aws', [6, 8, 0], 1009, 'ubuntu', null],
    ['6.1.0-18-amd64', [6, 1, 0], 18, 'debian', null],
    ['6.1.0-18-cloud-amd64', [6, 1, 0], 18, 'debian', null],
    ['6.12.12+bpo-arm64', [6, 12, 12], null, 'debian', null],
    ['4.19.90-2107.6.0.0192.8.oe1.x86_64', [4, 19, 90], 2107, 'openeuler', null],
    ['5.10.0-216.0.0.115.oe2203sp4.aarch64', [5, 10, 0], 216, 'openeuler', null],
    ['4.19.90-52.22.v2207.ky10.x86_64', [4, 19, 90], 52, 'kylin', null],
    ['4.19.91-27.an8.x86_64', [4, 19, 91], 27, 'anolis', null],
    ['5.10.134-16.1.al8.x86_64', [5, 10, 134], 16, 'alinux', null],
    ['4.19.0-91.82.42.uelc20.x86_64', [4, 19, 0], 91, 'uos', null],
    ['5.4.119-19.0009.28.tl3.x86_64', [5, 4, 119], 19, 'tencent', null],
    ['5.14.0-70.13.1.0.3.el9uek.x86_64', [5, 14, 0], 70, 'oracle', 9],
    ['6.1.79-99.167.amzn2023.x86_64', [6, 1, 79], 99, 'amazon', null],
    ['6.10.3-200.fc40.x86_64', [6, 10, 3], 200, 'fedora', null],
    ['6.4.0-150600.23.7-default', [6, 4, 0], 150600, 'suse', null],
    ['6.9.7-arch1-1', [6, 9, 7], null, 'arch', null],
    ['6.8.12-4-pve', [6, 8, 12], 4, 'proxmox', null],
    ['6.6.31+rpt-rpi-v8', [6, 6, 31], null, 'raspberrypi', null],
    ['4.19.57-v7+', [4, 19, 57], null, 'raspberrypi', null],
    ['5.15.153.1-microsoft-standard-WSL2', [5, 15, 153], null, 'wsl2', null],
    ['4.4.0-19041-Microsoft', [4, 4, 0], 19041, 'wsl1', null],
    ['5.15.49-linuxkit', [5, 15, 49], null, 'linuxkit', null],
    ['2.6.32-042stab120.11', [2, 6, 32], 42, 'openvz', null],
    ['7.0.0-rc3+', [7, 0, 0], null, 'upstream', null],
    ['6.18.44-fc-v657', [6, 18, 44], null, 'upstream', null],
    ['4.18.8-x86_64-linode117', [4, 18, 8], null, 'upstream', null],
    ['6.19-rc1', [6, 19, 0], null, 'upstream', null],
  ])('%s', (release, [major, minor, patch], build, vendor, enterprise) => {
    expect(parseKernelRelease(release)).toEqual({ release, major, minor, patch, build, vendor, enterprise })
  })

  it('takes the vendor from the distribution where the release has none', () => {
    expect(parseKernelRelease('6.12.42-0-virt', 'alpine')?.vendor).toBe('alpine')
    expect(parseKernelRelease('5.10.0-8', 'openeuler')?.vendor).toBe('openeuler')
    expect(parseKernelRelease('6.12.42-0-virt', 'constructor')?.vendor).toBe('upstream')
  })

  it('is null for what is no release', () => {
    for (const text of ['', 'custom', '6', 'v6.1', '99999999.1']) expect(parseKernelRelease(text)).toBeNull()
  })

  it('never throws, and numbers are numbers', () => {
    hostileRuns(
      fc.property(hostile('4.19.90-2107.6.0.0192.8.oe1.x86_64', ['.el', '-generic', '.']), (text) => {
        const parsed = parseKernelRelease(text, text)
        return parsed === null || [parsed.major, parsed.minor, parsed.patch].every(Number.isSafeInteger)
      }),
    )
  })
})

describe('kernel', () => {
  it('puts release and distribution together', async () => {
    const host = {
      '/proc/sys/kernel/osrelease': '6.12.42-0-lts\n',
      '/etc/**': null,
      '/usr/**': null,
      '/etc/os-release': 'ID=alpine\n',
    }
    const found = await valueOn(kernel, host)
    expect(found?.vendor).toBe('alpine')
    expect(found && [atLeast(found, 6, 12), atLeast(found, 5, 99), atLeast(found, 6, 13)]).toEqual([
      true,
      true,
      false,
    ])
  })
})
