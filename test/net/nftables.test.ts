import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { nftOwner } from '../../src/net/nft-owner.ts'
import { baseChains, parseNftRuleset } from '../../src/net/nftables.ts'
import { ParseError } from '../../src/net/parse-error.ts'
import { fixture } from './fixture.ts'
import { hostile, hostileRuns } from './hostile.ts'

const native = parseNftRuleset(fixture('net/nft-native.json'))
const compat = parseNftRuleset(fixture('net/nft-compat.json'))
const chain = (from: typeof native, table: string, name: string) =>
  from.tables.find((entry) => entry.name === table)?.chains.find((entry) => entry.name === name)

describe('parseNftRuleset', () => {
  test('finds tables with chains, sets and maps', () => {
    expect(native.version).toBe('1.0.6')
    expect(native.tables.map((table) => `${table.family} ${table.name}`)).toEqual([
      'inet hardening',
      'ip nat2',
      'ip docker-bridges',
    ])
    expect(native.tables[0]?.sets.allowed).toMatchObject({
      type: 'ipv4_addr',
      elements: [{ prefix: {} }, '192.168.1.1'],
    })
    expect(native.tables[2]?.sets['filter-forward-in-jumps']).toMatchObject({ map: 'verdict' })
  })

  test('a base chain has a hook, a priority and a policy', () => {
    expect(chain(native, 'hardening', 'forward')).toMatchObject({
      type: 'filter',
      hook: 'forward',
      prio: 0,
      policy: 'drop',
    })
    expect(chain(native, 'hardening', 'sub')).not.toHaveProperty('hook')
  })

  test('a rule has a handle, a place, a verdict and words', () => {
    expect(chain(native, 'docker-bridges', 'filter-forward-in__docker0')?.rules[3]).toMatchObject({
      handle: 10,
      position: 4,
      comment: 'UNPUBLISHED PORT DROP',
      verdict: { type: 'drop' },
      raw: 'counter drop',
    })
    expect(
      chain(native, 'hardening', 'forward')
        ?.rules.slice(0, 8)
        .map((rule) => rule.raw),
    ).toEqual([
      'ct state established,related accept',
      'iifname docker0 oifname { eth0, eth1 } accept',
      'iifname br-* accept',
      'ip saddr @allowed tcp dport { 80, 443, 8000-8100 } accept',
      'meta l4proto { tcp, udp } th dport 53 accept',
      'ip daddr 172.17.0.0/16 tcp dport 80 counter drop',
      'meta mark & 255 1 accept',
      expect.stringContaining('log prefix "x"'),
    ])
  })

  test('targets that only iptables understands are known by name', () => {
    expect(chain(compat, 'nat', 'POSTROUTING')?.rules[0]).toMatchObject({
      raw: 'oifname != docker0 ip saddr 172.17.0.0/16 counter MASQUERADE',
      verdict: { type: 'masquerade' },
    })
    expect(chain(compat, 'filter', 'FORWARD')?.rules[0]?.verdict).toEqual({
      type: 'jump',
      chain: 'DOCKER-USER',
    })
  })

  test('chains of a hook are listed in the order in which they run', () => {
    expect(baseChains(native, 'prerouting').map(({ chain: { name } }) => name)).toEqual([
      'raw-PREROUTING',
      'pre',
    ])
  })

  test('nothing loaded', () => {
    expect(parseNftRuleset('').tables).toEqual([])
    expect(parseNftRuleset('{"nftables": [{"metainfo": {"version": "1.0.6"}}]}').tables).toEqual([])
  })
})

describe('nftOwner', () => {
  test('tells iptables-nft, docker and others', () => {
    expect(compat.tables.map(nftOwner)).toEqual(['iptables', 'iptables', 'iptables'])
    expect(native.tables.map(nftOwner)).toEqual(['other', 'other', 'docker'])
  })

  test("a table named as iptables' own may be somebody else's", () => {
    const own = parseNftRuleset(
      JSON.stringify({
        nftables: [
          {
            chain: {
              family: 'ip',
              table: 'filter',
              name: 'forward',
              type: 'filter',
              hook: 'forward',
              prio: 0,
              policy: 'drop',
            },
          },
          { table: { family: 'inet', name: 'firewalld' } },
          { table: { family: 'ip', name: 'constructor' } },
        ],
      }),
    )
    expect(own.tables.map(nftOwner)).toEqual(['other', 'firewalld', 'other'])
  })

  test('tells the tables of recorded hosts', () => {
    const owners = (path: string) =>
      parseNftRuleset(fixture(`debian-12-docker-20.10/${path}`)).tables.map(
        (table) => `${table.name}: ${nftOwner(table)}`,
      )
    expect(owners('nft-ruleset.json')).toEqual(['nat: iptables', 'filter: iptables'])
    expect(owners('nft-table-drop/nft-ruleset.json')).toContain('hardening: other')
  })
})

describe('hostile input', () => {
  test('what is no rule set is a ParseError', () => {
    for (const text of ['nft: command not found', '[]', '{}', '{"nftables": {}}', 'null']) {
      expect(() => parseNftRuleset(text)).toThrow(ParseError)
    }
  })

  test('nothing but a ParseError is ever thrown', () => {
    const key = fc.constantFrom(
      'table',
      'chain',
      'rule',
      'set',
      'map',
      'family',
      'name',
      'expr',
      'elem',
      'handle',
      'match',
      'left',
      'right',
      'jump',
      'vmap',
      'xt',
      'log',
      'dnat',
      '__proto__',
    )
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { maxDepth: 6 },
        fc.constantFrom('x', 1, null, 'filter'),
        fc.dictionary(key, tie('tree')),
        fc.array(tie('tree'), { maxLength: 4 }),
      ),
    }))
    const odd = fc.array(tree, { maxLength: 6 }).map((nftables) => JSON.stringify({ nftables }))
    hostileRuns(
      fc.property(fc.oneof(odd, odd, hostile(fixture('net/nft-native.json'))), (text) => {
        try {
          parseNftRuleset(text).tables.forEach(nftOwner)
        } catch (error) {
          expect(error).toBeInstanceOf(ParseError)
        }
      }),
    )
  })

  test('deep nesting does not exhaust the stack', () => {
    const deep = `${'{"set":['.repeat(50_000)}${']}'.repeat(50_000)}`
    const rule = `{"family":"ip","table":"t","chain":"c","expr":[{"match":{"op":"==","left":1,"right":${deep}}}]}`
    expect(() => parseNftRuleset(`{"nftables":[{"rule":${rule}}]}`)).not.toThrow()
  })
})
