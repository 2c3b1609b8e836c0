import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { tcpTarget } from '../../src/facts/client-reach.ts'
import { isAnyAddress, isLoopback, parseTcpListeners } from '../../src/facts/tcp-listeners.ts'

const captured = (name: string): string =>
  readFileSync(new URL(`../fixtures/debian-12-docker-20.10/${name}`, import.meta.url), 'utf8')

it('reads IPv4', () =>
  expect(parseTcpListeners(captured('proc-net-tcp.txt'))).toEqual([{ address: '0.0.0.0', port: 8081 }]))
it('reads IPv6', () =>
  expect(
    parseTcpListeners(captured('proc-net-tcp6.txt')).map(({ address, port }) => `${address} ${port}`),
  ).toEqual([':: 8088', ':: 8090', ':: 8081']))
it.each([
  ['0100007F:0947', '127.0.0.1', 2375],
  ['00000000000000000000000001000000:0948', '::1', 2376],
  ['0000000000000000FFFF00000100007F:0947', '127.0.0.1', 2375],
  ['B80D0120000000000000000001000000:0947', '2001:db8:0:0:0:0:0:1', 2375],
])('reads %s', (local, address, port) =>
  expect(parseTcpListeners(`0: ${local} 00000000:0000 0A a b c d e 77 1`)).toEqual([{ address, port }]),
)
it('reads unconnected UDP sockets, and no connected ones', () =>
  expect(
    parseTcpListeners(
      '0: 00000000:0035 00000000:0000 07 a b\n1: 0100007F:0400 0100007F:0035 01 a b\n2: 00000000:0050 00000000:0000 0A a b',
      'udp',
    ),
  ).toEqual([{ address: '0.0.0.0', port: 53 }]))
it('tells loopback and every address', () => {
  expect(['127.8.0.1', '::1', '10.0.0.1'].map(isLoopback)).toEqual([true, true, false])
  expect(['', '0.0.0.0', '::', '10.0.0.1'].map(isAnyAddress)).toEqual([true, true, true, false])
})
it('never throws', () =>
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('0', 'A', 'F', ':', ' ', '\n', '0A', 'x') }), (text) => {
      for (const { port } of parseTcpListeners(text)) expect(port).toBeLessThan(65_536)
    }),
    { numRuns: 10_000 },
  ))
it.each([
  ['tcp://127.0.0.1:2375', { name: '127.0.0.1', port: 2375 }],
  ['tcp://[::1]:2376', { name: '::1', port: 2376 }],
  ['tcp://', { name: 'localhost', port: 2375 }],
  ['10.0.0.5:2375', { name: '10.0.0.5', port: 2375 }],
  ['nonsense', null],
  ['ssh://me@host', null],
])('understands %s', (host, target) => expect(tcpTarget(host)).toEqual(target))
