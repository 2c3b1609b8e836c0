import fc from 'fast-check'
import { expect, it } from 'vitest'
import { parseLocalAddresses } from '../../src/net/fib-trie.ts'
import { PID, textOf } from '../checks/container/web.ts'
import { hostile } from './hostile.ts'

const captured = textOf(`/proc/${PID}/net/fib_trie`)

it('reads the addresses of a namespace, each once, without loopback', () =>
  expect(parseLocalAddresses(captured)).toEqual(['172.17.0.2']))
it('takes no broadcast address and no network for an address', () =>
  expect(
    parseLocalAddresses('  |-- 10.0.0.255\n     /32 link BROADCAST\n  |-- 10.0.0.0\n     /24 link UNICAST\n'),
  ).toEqual([]))
it('reads a leaf that is a network and an address', () =>
  expect(parseLocalAddresses('  |-- 10.0.0.4\n     /30 link UNICAST\n     /32 host LOCAL\n')).toEqual([
    '10.0.0.4',
  ]))
it('never throws', () =>
  fc.assert(
    fc.property(hostile(captured, ['/32 host LOCAL', '|-- ']), (text) => {
      for (const address of parseLocalAddresses(text)) expect(address).toMatch(/^\d+\.\d+\.\d+\.\d+$/)
    }),
    { numRuns: 10_000 },
  ))
