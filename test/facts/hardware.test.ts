import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseElfHeader } from '../../src/facts/arch.ts'
import { countList, parseMeminfo, processorFlags } from '../../src/facts/hardware.ts'
import { hostile, hostileRuns } from '../net/hostile.ts'
import { valueOn } from './fact.ts'

const MEMINFO =
  'MemTotal:       24684092 kB\nMemAvailable:   23771914 kB\nActive(anon):     912 kB\nHugePages_Total:       3\n'

describe('countList', () => {
  it.each([
    ['0-1\n', 2],
    ['0', 1],
    ['0-3,6,8-9\n', 7],
    ['', 0],
    ['3-1', 0],
    ['x', 0],
  ])('%j is %i', (text, count) => {
    expect(countList(text)).toBe(count)
  })
  it('never throws, and is never negative', () => {
    hostileRuns(fc.property(hostile('0-3,6,8-9', ['-', ',']), (text) => countList(text) >= 0))
  })
})

describe('parseMeminfo', () => {
  it('turns kB into bytes, and leaves counts alone', () => {
    expect(Object.fromEntries(parseMeminfo(MEMINFO))).toEqual({
      MemTotal: 24684092 * 1024,
      MemAvailable: 23771914 * 1024,
      'Active(anon)': 912 * 1024,
      HugePages_Total: 3,
    })
  })
  it('never throws', () => {
    hostileRuns(
      fc.property(hostile(MEMINFO), (text) => [...parseMeminfo(text).values()].every(Number.isFinite)),
    )
  })
})

describe('processorFlags', () => {
  it.each([
    ['flags\t\t: fpu vmx hypervisor\n', { virtualization: 'vmx', hypervisor: true, lacksV2: [] }],
    ['flags\t\t: fpu svm_lock svm\n', { virtualization: 'svm', hypervisor: false, lacksV2: [] }],
    [
      'flags\t: fpu lm hypervisor pni cx16 lahf_lm\n',
      { virtualization: null, hypervisor: true, lacksV2: ['popcnt', 'sse4_1', 'sse4_2', 'ssse3'] },
    ],
    ['Features\t: fp asimd\n', { virtualization: null, hypervisor: false, lacksV2: [] }],
  ])('%j', async (cpuinfo, flags) => {
    expect(await valueOn(processorFlags, { '/proc/cpuinfo': cpuinfo })).toEqual(flags)
  })
})

describe('parseElfHeader', () => {
  const header = (size: number, order: number, machine: readonly [number, number]): Uint8Array =>
    Uint8Array.from([0x7f, 0x45, 0x4c, 0x46, size, order, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 0, ...machine])
  it.each([
    [header(2, 1, [62, 0]), { bits: 64, arch: 'x86_64' }],
    [header(1, 1, [40, 0]), { bits: 32, arch: 'arm' }],
    [header(2, 1, [183, 0]), { bits: 64, arch: 'aarch64' }],
    [header(2, 2, [0, 22]), { bits: 64, arch: 's390x' }],
    [header(2, 1, [21, 0]), { bits: 64, arch: 'ppc64le' }],
    [header(2, 2, [0, 21]), { bits: 64, arch: 'ppc64' }],
    [header(2, 1, [2, 1]), { bits: 64, arch: 'loongarch64' }],
    [header(2, 1, [0xff, 0xff]), { bits: 64, arch: 'machine 65535' }],
    [header(3, 1, [62, 0]), null],
    [Uint8Array.from([0x7f, 0x45, 0x4c, 0x46, 2, 1]), null],
    [new TextEncoder().encode('#!/bin/busybox sh and more than twenty bytes'), null],
  ])('case %#', (bytes, parsed) => {
    expect(parseElfHeader(bytes)).toEqual(parsed)
  })
  it('never throws', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        parseElfHeader(bytes)
        parseElfHeader(Uint8Array.from([0x7f, 0x45, 0x4c, 0x46, ...bytes]))
      }),
      { numRuns: 10_000 },
    )
  })
})
