import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { rulesListed, verboseTable } from '../../../src/diagnose/paste/iptables-list.ts'
import { parseIptablesSave } from '../../../src/net/iptables-save.ts'
import { fixture } from '../../net/fixture.ts'
import { hostile } from '../../net/hostile.ts'

const captured = (name: string): string => fixture(`net/iptables-list/${name}.txt`)
/** What is logged stops nobody, and the listing does not tell it as it was written. */
const rulesIn = (text: string | null): string[] =>
  (text ?? '')
    .split('\n')
    .flatMap((line) => (line.startsWith('-A') ? [line.replace(/ -j LOG .*/, ' -j LOG')] : []))

describe('a listing says the same as iptables -S', () => {
  for (const backend of ['nft', 'legacy'])
    for (const table of ['filter', 'nat'])
      it.each(['', '-numbered'])(`${backend} ${table}%s`, (how) => {
        const rules = captured(`${backend}-${table}-rules`)
        const listed = rulesListed(captured(`${backend}-${table}${how}`))
        expect(rulesIn(listed)).toEqual(rulesIn(rules))
        const policies = (text: string | null) => (text ?? '').match(/^-P .*$/gm)
        expect(policies(listed)).toEqual(policies(rules))
      })
  it('as older versions print protocols', () =>
    expect(
      rulesListed(
        'Chain FORWARD (policy ACCEPT 12K packets, 3M bytes)\n pkts bytes target prot opt in out source destination\n  12K   3M DROP  tcp  --  eth0 * 0.0.0.0/0 0.0.0.0/0  tcp dpt:80\n 0 0 DROP !udp -- * * 10.0.0.1 0.0.0.0/0\n 0 0 DROP all -- * * 0.0.0.0/0 !10.0.0.0/8',
      ),
    ).toBe(
      '-P FORWARD ACCEPT\n-A FORWARD -i eth0 -p tcp -m tcp --dport 80 -j DROP\n-A FORWARD -s 10.0.0.1/32 ! -p udp -j DROP\n-A FORWARD ! -d 10.0.0.0/8 -j DROP',
    ))
  it.each([
    ['/*  */', '--comment ""'],
    ['/* no -j ACCEPT here */', '--comment "no -j ACCEPT here"'],
  ])('with the comment %s, its target', (comment, option) => {
    const text = `Chain FORWARD (policy ACCEPT 0 packets, 0 bytes)\n pkts bytes target prot opt in out source destination\n 0 0 DROP all -- * * 0.0.0.0/0 0.0.0.0/0 ${comment}`
    const listed = rulesListed(text)
    expect(listed).toContain(`-A FORWARD -m comment ${option} -j DROP`)
    expect(
      parseIptablesSave(`*filter\n${listed}\nCOMMIT\n`).tables.filter?.chains.FORWARD?.rules[0]?.target,
    ).toBe('DROP')
  })
})

describe('what is not understood is no listing', () => {
  it.each([
    ['without interfaces', captured('nft-filter-brief')],
    [
      'a match that nobody here reads',
      captured('nft-filter').replace('tcp dpt:80', 'tcp dpt:80 owner UID match 1000'),
    ],
    ['names for addresses', captured('nft-filter').replace(/0\.0\.0\.0\/0/g, 'anywhere')],
    ['the end cut off', captured('nft-filter').replace(/Chain DOCKER \([\s\S]*/, '')],
    ['no header', captured('nft-filter').replace(/^Chain.*$/gm, '')],
    ['nothing', ''],
  ])('%s', (_, text) => expect(rulesListed(text)).toBeNull())
})

it.each([
  ['iptables -L -n -v', 'filter'],
  ['iptables -nvL', 'filter'],
  ['iptables -t nat -nvL --line-numbers', 'nat'],
  ['iptables -L -vn -t nat', 'nat'],
  ['iptables --list --numeric --verbose', 'filter'],
  ['iptables -L -n', null],
  ['iptables -L -v', null],
  ['iptables -L FORWARD -n -v', null],
  ['iptables -nvL DOCKER-USER', null],
  ['iptables -S', null],
  ['ip6tables -L -n -v', null],
  ['iptables -L -n -v -Z', null],
])('%s lists the table %s', (command, table) => expect(verboseTable(command)).toBe(table))

it('never throws, and what it says is read as rules', () =>
  fc.assert(
    fc.property(
      hostile(captured('nft-filter'), ['tcp dpt:', ' /* ', ' */', '[goto]', ' -- ', '!', '*']),
      (text) => {
        const rules = rulesListed(text)
        if (rules !== null)
          expect(parseIptablesSave(`*filter\n${rules}\nCOMMIT\n`).tables).toHaveProperty('filter')
      },
    ),
    { numRuns: 3_000 },
  ))
