import { describe, expect, it } from 'vitest'
import { type Flow, ruleText, wayOf } from '../../src/net/fib.ts'
import { parseIpRoutesText, parseIpRulesText } from '../../src/net/ip-text.ts'

const MAIN = ['0: from all lookup local', '32766: from all lookup main', '32767: from all lookup default']
const ROUTES = [
  'default via 10.77.0.1 dev eth0',
  'default via 10.9.0.1 dev wlan0 metric 600',
  '172.17.0.0/16 dev docker0 scope link',
]
const OUT: Flow = { src: '172.17.0.2', dst: '198.51.100.7', iif: 'docker0' }
const BACK: Flow = { src: '198.51.100.7', dst: '172.17.0.2', iif: 'eth0' }

const way = (flow: Flow, rules: readonly string[] = [], routes: readonly string[] = []): string => {
  const found = wayOf(
    flow,
    parseIpRulesText([...rules, ...MAIN].join('\n'), 4),
    parseIpRoutesText([...ROUTES, ...routes].join('\n'), 4),
  )
  if (found.kind === 'none') return 'none'
  return found.kind === 'route' ? `${found.route.dev}` : `${found.how} by ${ruleText(found.rule)}`
}

describe('the way of a packet', () => {
  const cases: readonly [string, string, string][] = [
    ['takes the best default route', way(OUT), 'eth0'],
    ['takes the longest prefix', way(BACK), 'docker0'],
    [
      'obeys a rule before main',
      way(OUT, ['100: from 172.16.0.0/12 lookup 100'], ['default dev tun0 table 100']),
      'tun0',
    ],
    [
      'ends in a table without a way out',
      way(OUT, ['100: from 172.16.0.0/12 lookup 100'], ['unreachable default table 100']),
      'unreachable by from 172.16.0.0/12 lookup 100 priority 100',
    ],
    [
      'is refused by a rule',
      way(OUT, ['100: from all iif docker0 prohibit']),
      'prohibit by from all iif docker0 prohibit priority 100',
    ],
    ['goes on where a table has no route', way(OUT, ['100: from all lookup 100']), 'eth0'],
    [
      'goes on after throw',
      way(BACK, ['100: from all lookup 52'], ['default dev tun0 table 52', 'throw 172.16.0.0/12 table 52']),
      'docker0',
    ],
    [
      'passes over short prefixes, as wg-quick has it',
      way(
        BACK,
        ['100: from all lookup main suppress_prefixlength 0', '101: not from all fwmark 0xca6c lookup 51820'],
        ['default dev wg0 table 51820'],
      ),
      'docker0',
    ],
    [
      'takes the tunnel of wg-quick',
      way(
        OUT,
        ['100: from all lookup main suppress_prefixlength 0', '101: not from all fwmark 0xca6c lookup 51820'],
        ['default dev wg0 table 51820'],
      ),
      'wg0',
    ],
    ['does not match a rule for a mark', way(OUT, ['100: from all fwmark 0x1 prohibit']), 'eth0'],
    ['does not match a rule for a user', way(OUT, ['100: from all uidrange 1000-1000 prohibit']), 'eth0'],
    ['jumps', way(OUT, ['100: from all goto 32000', '200: from all prohibit']), 'eth0'],
  ]
  for (const [name, found, expected] of cases) it(name, () => expect(found).toBe(expected))

  it('ends nowhere without a route', () => {
    expect(wayOf(OUT, [], [])).toEqual({ kind: 'none' })
  })
})
