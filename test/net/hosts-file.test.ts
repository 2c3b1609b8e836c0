import fc from 'fast-check'
import { expect, test } from 'vitest'
import { addressesOf, parseHosts } from '../../src/net/hosts-file.ts'
import { fixture } from './fixture.ts'
import { hostile, hostileRuns } from './hostile.ts'

const HOSTS = `127.0.0.1\tlocalhost
::1 localhost ip6-localhost # IPv6
# 10.0.0.1 gone
10.0.0.2 Db.example.org db#x

10.0.0.3
nonsense name
`

test('an entry is an address and its names', () => {
  expect(parseHosts(HOSTS)).toEqual([
    { address: '127.0.0.1', names: ['localhost'], line: 1, text: '127.0.0.1\tlocalhost' },
    {
      address: '::1',
      names: ['localhost', 'ip6-localhost'],
      line: 2,
      text: '::1 localhost ip6-localhost # IPv6',
    },
    { address: '10.0.0.2', names: ['Db.example.org', 'db'], line: 4, text: '10.0.0.2 Db.example.org db#x' },
  ])
})

test('a name is looked up without regard to case', () => {
  expect(addressesOf(parseHosts(HOSTS), 'LOCALHOST')).toEqual(['127.0.0.1', '::1'])
  expect(addressesOf(parseHosts(HOSTS), 'db.example.org')).toEqual(['10.0.0.2'])
  expect(addressesOf(parseHosts(HOSTS), 'gone')).toEqual([])
})

test('reads a recorded file', () => {
  expect(addressesOf(parseHosts(fixture('debian-12-docker-20.10/hosts.txt')), 'localhost')).toContain(
    '127.0.0.1',
  )
})

test('never throws', () => {
  hostileRuns(
    fc.property(hostile(HOSTS), (text) => {
      parseHosts(text)
    }),
  )
})
