import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  broadcastOf,
  contains,
  firstFree,
  formatCidr,
  isLoopback,
  networkOf,
  overlaps,
  parseCidr,
} from '../../src/net/cidr.ts'
import { hostile, hostileRuns } from './hostile.ts'

const format = (text: string) => {
  const cidr = parseCidr(text)
  return cidr && formatCidr(cidr)
}

describe('parseCidr', () => {
  test.each([
    ['172.17.0.1/16', '172.17.0.0/16'],
    ['10.1.2.3', '10.1.2.3/32'],
    ['0.0.0.0/0', '0.0.0.0/0'],
    ['192.168.1.0/255.255.255.0', '192.168.1.0/24'],
    ['FD00:0:0::1/64', 'fd00::/64'],
    ['fe80::1%eth0', 'fe80::1/128'],
  ])('%s is %s', (text, expected) => {
    expect(format(text)).toBe(expected)
  })

  test.each([
    '',
    'default',
    'all',
    '10.0.0.0/33',
    '10.0.0.0/',
    '10.0.0.0/8/8',
    '10.0.0.0/-1',
    '010.0.0.1',
    '127.1',
    '1.2.3.256',
    '10.0.0.0/255.0.255.0',
    'fd00::/129',
    ':::',
  ])('%s is no block', (text) => {
    expect(parseCidr(text)).toBeUndefined()
  })

  test('never throws', () => {
    hostileRuns(
      fc.property(hostile('172.17.0.0/255.255.0.0 fd00::1/64', ['::', '/', '%']), (text) => {
        parseCidr(text)
      }),
    )
  })
})

describe('questions about blocks', () => {
  test('contains', () => {
    expect(contains('172.16.0.0/12', '172.17.0.0/16')).toBe(true)
    expect(contains('172.17.0.0/16', '172.17.0.2')).toBe(true)
    expect(contains('172.17.0.0/16', '172.16.0.0/12')).toBe(false)
    expect(contains('::/0', '10.0.0.1')).toBe(false)
    expect(contains('default', '10.0.0.1')).toBe(false)
  })

  test('overlaps, in whichever direction', () => {
    expect(overlaps('172.17.0.0/16', '172.16.0.0/12')).toBe(true)
    expect(overlaps('172.17.9.0/24', '172.17.0.0/16')).toBe(true)
    expect(overlaps('172.17.0.0/16', '172.18.0.0/16')).toBe(false)
  })

  test('network, broadcast and loopback', () => {
    expect(networkOf('172.17.0.1', 16)).toBe('172.17.0.0/16')
    expect(networkOf('nonsense', 16)).toBeUndefined()
    expect(broadcastOf('10.77.0.2/24')).toBe('10.77.0.255')
    expect(broadcastOf('10.77.0.2/32')).toBeUndefined()
    expect(['127.0.0.53', '::1', '::ffff:127.0.0.1', '127.0.0.1%lo'].every(isLoopback)).toBe(true)
    expect(['128.0.0.1', 'fe80::1', 'localhost'].some(isLoopback)).toBe(false)
  })

  test('a block contains what it overlaps, or is contained in it', () => {
    const cidr = fc
      .tuple(fc.ipV4(), fc.integer({ min: 0, max: 32 }))
      .map(([address, bits]) => `${address}/${bits}`)
    fc.assert(
      fc.property(cidr, cidr, (a, b) => overlaps(a, b) === (contains(a, b) || contains(b, a))),
      { numRuns: 10_000 },
    )
  })
})

describe('firstFree', () => {
  test('starts with the first block of the first range', () => {
    expect(firstFree(16, [])).toBe('172.16.0.0/16')
    expect(firstFree(24, [], ['10.0.0.0/8'])).toBe('10.0.0.0/24')
  })

  test('steps over blocks of any size that are taken', () => {
    expect(firstFree(16, ['172.16.0.0/16', '172.17.5.1/16', '172.18.9.0/24', 'fd00::/8', 'junk'])).toBe(
      '172.19.0.0/16',
    )
    expect(firstFree(24, ['172.16.0.0/12'])).toBe('192.168.0.0/24')
    expect(firstFree(16, ['172.16.0.0/12', '192.168.0.0/16', '0.0.0.0/1'])).toBeUndefined()
  })

  test('finds none where none fits', () => {
    expect(firstFree(8, [], ['172.16.0.0/12'])).toBeUndefined()
    expect(firstFree(33, [])).toBeUndefined()
  })

  test('what it finds lies in a range, has the size asked for, and overlaps nothing', () => {
    const taken = fc.array(
      fc
        .tuple(fc.integer({ min: 0, max: 255 }), fc.integer({ min: 8, max: 32 }))
        .map(([b, bits]) => `172.${b}.3.0/${bits}`),
    )
    fc.assert(
      fc.property(taken, fc.constantFrom(16, 20, 24), (list, bits) => {
        const free = firstFree(bits, list, ['172.16.0.0/12'])
        if (free === undefined) return
        expect(contains('172.16.0.0/12', free)).toBe(true)
        expect(free.endsWith(`/${bits}`)).toBe(true)
        expect(list.some((block) => overlaps(block, free))).toBe(false)
      }),
      { numRuns: 10_000 },
    )
  })
})
