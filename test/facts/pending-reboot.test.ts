import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { newerKernel, replacedLibraries } from '../../src/facts/pending-reboot.ts'
import { hostile, hostileRuns } from '../net/hostile.ts'

describe('newerKernel', () => {
  it.each([
    ['6.1.0-18-amd64', ['6.1.0-18-amd64', '6.1.0-9-amd64'], null],
    ['6.1.0-18-amd64', ['6.1.0-21-amd64', '6.1.0-22-amd64', '6.1.0-23-rt-amd64'], '6.1.0-22-amd64'],
    ['6.1.0-18-amd64', ['6.12.9+bpo-amd64'], null],
    ['5.15.0-91-generic', ['5.15.0-113-generic', '6.8.0-40-lowlatency'], '5.15.0-113-generic'],
    ['5.15.0-91-generic', ['6.8.0-40-generic'], '6.8.0-40-generic'],
    [
      '5.14.0-362.8.1.el9_3.x86_64',
      ['5.14.0-362.18.1.el9_3.x86_64', '5.14.0-427.el9.x86_64+debug'],
      '5.14.0-362.18.1.el9_3.x86_64',
    ],
    [
      '3.10.0-1160.el7.x86_64',
      ['3.10.0-1160.119.1.el7.x86_64', '0-rescue-7d1c'],
      '3.10.0-1160.119.1.el7.x86_64',
    ],
    ['3.10.0-1160.el7.x86_64', ['3.10.0-1160.2.1.el7.x86_64'], '3.10.0-1160.2.1.el7.x86_64'],
    ['3.10.0-1160.el7.x86_64', ['5.4.278-1.el7.elrepo.x86_64'], null],
    [
      '6.4.0-150600.21-default',
      ['6.4.0-150600.23.7-default', '6.4.0-150600.23.7-rt'],
      '6.4.0-150600.23.7-default',
    ],
    ['6.6.31-0-virt', ['6.6.32-0-lts'], null],
    [
      '4.19.90-2003.4.0.0036.oe1.x86_64',
      ['4.19.90-2112.8.0.0131.oe1.x86_64'],
      '4.19.90-2112.8.0.0131.oe1.x86_64',
    ],
    ['6.6.31+rpt-rpi-v8', ['6.6.31+rpt-rpi-2712', '6.6.51+rpt-rpi-2712'], null],
  ])('%s among %j: %j', (running, installed, newer) => {
    expect(newerKernel(running, installed)).toBe(newer)
  })
  it('never throws', () => {
    hostileRuns(
      fc.property(
        hostile('5.14.0-362.8.1.el9_3.x86_64'),
        (text) => newerKernel('6.1.0-18-amd64', [text]) !== '',
      ),
    )
  })
})

describe('replacedLibraries', () => {
  const MAPS =
    '7f1c000-7f1d000 r-xp 00026000 fe:01 131  /lib/ld-musl-x86_64.so.1 (deleted)\n7f1e000-7f1f000 rw-p 00000000 00:01 9  /SYSV00000000 (deleted)\n55d0-55d1 r-xp 00000000 fe:01 9  /usr/lib/systemd/systemd (deleted)\n55d1-55d2 r--p 00000000 fe:01 9  /usr/lib/systemd/systemd (deleted)\n55d3-55d4 r--p 00000000 fe:01 9  /usr/lib64/libcap.so.2.48 (deleted)\n'
  it('names each file once, and only libc and systemd', () => {
    expect(replacedLibraries(MAPS)).toEqual(['/lib/ld-musl-x86_64.so.1', '/usr/lib/systemd/systemd'])
  })
  it('never throws', () => {
    hostileRuns(
      fc.property(hostile(MAPS), (text) => replacedLibraries(text).every((path) => path.startsWith('/'))),
    )
  })
})
