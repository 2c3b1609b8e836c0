import fc from 'fast-check'
import { expect, it } from 'vitest'
import { nftStopCounters } from '../../src/net/nft-counters.ts'
import { parseNftRuleset } from '../../src/net/nftables.ts'
import { ParseError } from '../../src/net/parse-error.ts'
import { movedCounters, type StopCounter } from '../../src/net/rule-counters.ts'
import { fixture } from './fixture.ts'
import { hostile } from './hostile.ts'

const captured = fixture('net/nft-counters.json')
const counted = (text: string): StopCounter[] => nftStopCounters(parseNftRuleset(text))
const inWords = (text: string): string[] =>
  counted(text).map(({ table, chain, rule }) => `${table} ${chain}: ${rule}`)

it('reads what stops packets that are passed on, by its own counter, by the one of its policy, by a named one', () =>
  expect(inWords(captured)).toEqual([
    'inet edge forward: ct count over 20 counter log prefix "edge: " reject with icmpx admin-prohibited',
    'inet edge forward: the policy of forward',
    'inet edge web: limit rate over 5 kbytes/second counter drop',
    'inet edge web: quota over 10 mbytes counter drop',
    'inet edge forward: ct state invalid counter name "refused" drop or ip daddr @blocked counter name "refused" reject with icmp port-unreachable',
    'bridge ports input: ip protocol igmp counter drop',
  ]))
it('leaves out a counter that counts before all is asked, and a named one that is used by a rule which accepts', () => {
  expect(captured).toMatch(/"counter": \{[^}]*\}\}, \{"ct count"/)
  expect(inWords(captured).join('\n')).not.toMatch(/counter ct count|shared/)
})
it('leaves out iptables-nft, which iptables-save shows', () =>
  expect(inWords(fixture('net/nft-compat.json'))).toEqual([]))

it('leaves out hooks that see what is for this host, and what asks for IPv6', () => {
  const table = (hook: string, expr: string): string =>
    `{"nftables": [{"table": {"family": "inet", "name": "t", "handle": 1}}, {"chain": {"family": "inet", "table": "t", "name": "c", "handle": 1, "type": "filter", "hook": "${hook}", "prio": 0, "policy": "accept"}}, {"rule": {"family": "inet", "table": "t", "chain": "c", "handle": 2, "expr": [${expr}, {"counter": {"packets": 1, "bytes": 40}}, {"drop": null}]}}]}`
  const match = (left: string, right: string): string =>
    `{"match": {"op": "==", "left": ${left}, "right": ${right}}}`
  const ssh = match('{"payload": {"protocol": "tcp", "field": "dport"}}', '22')
  expect(inWords(table('forward', ssh))).toEqual(['inet t c: tcp dport 22 counter drop'])
  expect(inWords(table('prerouting', ssh))).toEqual([])
  expect(inWords(table('forward', match('{"meta": {"key": "nfproto"}}', '"ipv6"')))).toEqual([])
})

it('tells which moved', () => {
  const after = captured
    .replace(/(\{"ct count": \{"val": 20, "inv": true\}\}, \{"counter": \{"packets": )0/, '$13')
    .replace(/("name": "refused", "table": "edge", "handle": \d+, "packets": )0/, '$12')
  expect(
    movedCounters(counted(captured), counted(after)).map(({ rule, packets }) => [packets, rule]),
  ).toEqual([
    [3, expect.stringContaining('ct count over 20')],
    [2, expect.stringContaining('"refused"')],
  ])
  expect(movedCounters(counted(after), counted(captured)), 'counters that began anew').toEqual([])
})
it('never throws but for what is no listing', () =>
  fc.assert(
    fc.property(
      hostile(captured, [
        '{"jump": {"target": "web"}}',
        '"@blocked"',
        '{"counter": "__proto__"}',
        '"drop": null',
      ]),
      (text) => {
        try {
          for (const { packets } of counted(text)) expect(packets).toEqual(expect.any(Number))
        } catch (error) {
          expect(error).toBeInstanceOf(ParseError)
        }
      },
    ),
    { numRuns: 3_000 },
  ))
