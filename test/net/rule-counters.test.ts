import fc from 'fast-check'
import { expect, it } from 'vitest'
import { movedCounters, parseStopCounters } from '../../src/net/rule-counters.ts'
import { textOf } from '../checks/container/web.ts'
import { hostile } from './hostile.ts'

const captured = textOf('$ iptables-save -c')

it('reads what stops packets that are passed on', () =>
  expect(parseStopCounters(captured).map(({ table, rule }) => `${table}: ${rule}`)).toEqual([
    'filter: the policy of FORWARD',
    'filter: -A DOCKER-ISOLATION-STAGE-2 -o docker0 -j DROP',
  ]))
it('leaves out what INPUT drops, on its own or in a chain of its own', () =>
  expect(
    parseStopCounters(
      [
        '*filter',
        ':INPUT DROP [9:540]',
        ':guard - [0:0]',
        '[9:540] -A INPUT -j guard',
        '[9:540] -A guard -j REJECT',
      ].join('\n'),
    ),
  ).toEqual([]))
it('follows jumps and gotos from FORWARD', () =>
  expect(
    parseStopCounters(
      [
        '*filter',
        '[0:0] -A FORWARD -g a',
        '[0:0] -A a -p tcp -j b',
        '[7:420] -A b -m limit --limit 1/sec -j DROP',
      ].join('\n'),
    ),
  ).toEqual([{ table: 'filter', rule: '-A b -m limit --limit 1/sec -j DROP', packets: 7 }]))
it('tells what moved, rules that stand twice together', () => {
  const counters = (...packets: number[]) =>
    packets.map((count) => ({ table: 'filter', rule: '-A a -j DROP', packets: count }))
  expect(movedCounters(counters(1, 2), counters(1, 5))).toEqual(counters(3))
  expect(movedCounters(counters(1, 2), counters(1, 2))).toEqual([])
  expect(movedCounters([], counters(4)), 'a rule that is new may have counted before').toEqual([])
})
it('never throws, and ends', () =>
  fc.assert(
    fc.property(hostile(captured, ['-j FORWARD', '-A FORWARD -j ', '[1:1] ', ':FORWARD DROP ']), (text) => {
      for (const { packets } of movedCounters([], parseStopCounters(text))) expect(packets).toBeGreaterThan(0)
      parseStopCounters(text)
    }),
    { numRuns: 10_000 },
  ))
