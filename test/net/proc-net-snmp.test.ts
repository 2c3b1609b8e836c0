import fc from 'fast-check'
import { expect, it } from 'vitest'
import { parseSnmpNumber } from '../../src/net/proc-net-snmp.ts'
import { textOf } from '../checks/container/web.ts'
import { hostile } from './hostile.ts'

const captured = textOf('/proc/net/snmp')

it.each([
  ['Ip', 'Forwarding', 1],
  ['Ip', 'DefaultTTL', 64],
  ['Icmp', 'NoSuchNumber', null],
  ['Sctp', 'OutDestUnreachs', null],
])('%s %s is %s', (protocol, name, value) => expect(parseSnmpNumber(captured, protocol, name)).toBe(value))
it('reads what this host has sent', () =>
  expect(parseSnmpNumber('Icmp: InMsgs OutDestUnreachs\nIcmp: 4 7\n', 'Icmp', 'OutDestUnreachs')).toBe(7))
it('never throws', () =>
  fc.assert(
    fc.property(hostile(captured, ['Icmp: ', 'OutDestUnreachs']), (text) => {
      const value = parseSnmpNumber(text, 'Icmp', 'OutDestUnreachs')
      if (value !== null) expect(Number.isSafeInteger(value)).toBe(true)
    }),
    { numRuns: 10_000 },
  ))
