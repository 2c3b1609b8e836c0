import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  mergeInterfaces,
  parseIpInterfacesJson,
  parseIpRoutesJson,
  parseIpRulesJson,
} from '../../src/net/ip-json.ts'
import { parseIpInterfacesText, parseIpRoutesText, parseIpRulesText } from '../../src/net/ip-text.ts'
import { ParseError } from '../../src/net/parse-error.ts'
import { defaultRoutes } from '../../src/net/route.ts'
import { fixture } from './fixture.ts'
import { hostile, hostileRuns } from './hostile.ts'

describe('interfaces', () => {
  const host = (name: string) => fixture(`debian-12-docker-20.10/${name}`)
  const interfaces = mergeInterfaces(
    parseIpInterfacesJson(host('ip-addr.json')),
    parseIpInterfacesJson(host('ip-link.json')),
  )
  const named = (name: string) => interfaces.find((entry) => entry.name === name)

  test('a bridge has addresses with their networks, and a kind', () => {
    expect(named('docker0')).toMatchObject({
      kind: 'bridge',
      up: true,
      mtu: 1500,
      addresses: expect.arrayContaining([
        { family: 4, address: '172.17.0.1', prefix: 16, network: '172.17.0.0/16', scope: 'global' },
      ]),
    })
  })

  test("a container's veth is a port of its bridge, and its far end is an index in another namespace", () => {
    const veth = interfaces.find((entry) => entry.master === 'docker0')
    expect(veth).toMatchObject({
      kind: 'veth',
      link: { index: expect.any(Number), netnsId: expect.any(Number) },
    })
  })

  test('the far end of a veth in the same namespace has a name', () => {
    const links = parseIpInterfacesJson(fixture('net/ip-link.json'))
    expect(links.find((entry) => entry.name === 'eth0')).toMatchObject({
      kind: 'veth',
      link: { name: 'peer0' },
      mtu: 1400,
    })
    expect(links.map((entry) => entry.kind)).toEqual([
      undefined,
      'bridge',
      'veth',
      'veth',
      'veth',
      'veth',
      'vxlan',
      'tun',
      'bridge',
    ])
  })

  test('up and carrier are two things', () => {
    const links = parseIpInterfacesJson(fixture('net/ip-link.json'))
    expect(links.find((entry) => entry.name === 'docker0')).toMatchObject({ up: true, carrier: false })
    expect(links.find((entry) => entry.name === 'veth0b')).toMatchObject({ up: false, carrier: false })
  })

  test('objects without a name, as old versions print, are left out', () => {
    expect(parseIpInterfacesJson('[{},{},{"ifname":"eth0"}]')).toEqual([
      { name: 'eth0', flags: [], up: false, carrier: false, addresses: [] },
    ])
  })

  test.each([
    ['ip addr', 'net/ip-addr'],
    ['ip -d link', 'net/ip-link'],
  ])('%s without -j says the same', (_, name) => {
    const known = (list: ReturnType<typeof parseIpInterfacesText>) =>
      list.map((entry) => ({ ...entry, state: entry.state }))
    expect(known(parseIpInterfacesText(fixture(`${name}.txt`)))).toEqual(
      known(parseIpInterfacesJson(fixture(`${name}.json`))),
    )
  })

  test('ip -o addr has the same addresses', () => {
    const addresses = (list: ReturnType<typeof parseIpInterfacesText>) =>
      list.flatMap((entry) =>
        entry.addresses.filter((a) => a.family === 4).map((a) => `${entry.name} ${a.address}/${a.prefix}`),
      )
    expect(addresses(parseIpInterfacesText(fixture('net/ip-o-addr.txt')))).toEqual(
      addresses(parseIpInterfacesJson(fixture('net/ip-addr.json'))),
    )
  })

  test('text of iproute2 4.11: a veth whose far end is in another namespace, a point-to-point link', () => {
    const text = `5: veth1d2a3b4@if4: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue master docker0 state UP group default
    link/ether 5a:bc:19:35:ec:66 brd ff:ff:ff:ff:ff:ff link-netnsid 0
    inet6 fe80::58bc:19ff:fe35:ec66/64 scope link
       valid_lft forever preferred_lft forever
6: tun0: <POINTOPOINT,MULTICAST,NOARP,UP,LOWER_UP> mtu 1500 qdisc pfifo_fast state UNKNOWN group default qlen 100
    link/none
    inet 10.8.0.6 peer 10.8.0.5/32 scope global tun0
       valid_lft forever preferred_lft forever
`
    expect(parseIpInterfacesText(text)).toMatchObject([
      {
        name: 'veth1d2a3b4',
        master: 'docker0',
        link: { index: 4, netnsId: 0 },
        mac: '5a:bc:19:35:ec:66',
        state: 'UP',
      },
      { name: 'tun0', addresses: [{ address: '10.8.0.6', prefix: 32, peer: '10.8.0.5' }] },
    ])
  })
})

describe('routes', () => {
  const routes = parseIpRoutesJson(fixture('net/ip-route.json'))
  const to = (dst: string) => routes.find((route) => route.dst === dst)

  test('the default route is a block like any other', () => {
    expect(defaultRoutes(routes)).toEqual([
      {
        family: 4,
        dst: '0.0.0.0/0',
        type: 'unicast',
        table: 'main',
        gateway: '10.77.0.1',
        dev: 'eth0',
        metric: 100,
        flags: [],
        nexthops: [],
      },
    ])
  })

  test('a route that leads nowhere has a type, and any route a table', () => {
    expect(routes[0]).toMatchObject({ type: 'unreachable', dst: '0.0.0.0/0', table: '100' })
    expect(to('10.66.0.0/16')).toMatchObject({ type: 'blackhole', table: 'main' })
    expect(to('10.77.0.2/32')).toMatchObject({ type: 'local', table: 'local', dev: 'eth0' })
  })

  test('several ways: the first stands for the route', () => {
    expect(to('10.99.0.0/16')).toMatchObject({
      gateway: '10.77.0.1',
      dev: 'eth0',
      nexthops: [{ weight: 1 }, { gateway: '10.77.0.3' }],
    })
  })

  test('default of IPv6 is known by its gateway, its preference, or the command', () => {
    expect(parseIpRoutesJson('[{"dst":"default","gateway":"fe80::1","dev":"eth0","flags":[]}]')[0]?.dst).toBe(
      '::/0',
    )
    expect(parseIpRoutesText('default via fe80::1 dev eth0 proto ra metric 1024 pref medium')[0]?.dst).toBe(
      '::/0',
    )
    expect(parseIpRoutesText('unreachable default dev lo metric 4294967295 error -101', 6)[0]?.dst).toBe(
      '::/0',
    )
    expect(
      parseIpRoutesJson('[{"dst":"default","via":{"family":"inet6","host":"fe80::1"},"dev":"eth0"}]', 4)[0],
    ).toMatchObject({ gateway: 'fe80::1' })
  })

  test('ip route without -j says the same, and more flags', () => {
    const text = parseIpRoutesText(fixture('net/ip-route.txt'))
    expect(text.map((route) => ({ ...route, flags: [] }))).toEqual(
      routes.map((route) => ({ ...route, flags: [] })),
    )
    expect(text.find((route) => route.dst === '172.17.0.0/16')?.flags).toEqual(['linkdown'])
  })

  test('a destination may be shortened by old versions', () => {
    expect(parseIpRoutesText('172.16/12 dev tun0')[0]?.dst).toBe('172.16.0.0/12')
  })

  test('reads the routes of a recorded docker host', () => {
    expect(
      parseIpRoutesJson(fixture('debian-12-docker-20.10/ip-route.json')).map((route) => route.dst),
    ).toContain('172.17.0.0/16')
  })
})

describe('routing rules', () => {
  const rules = parseIpRulesJson(fixture('net/ip-rule.json'))

  test('select by source, destination, interface and mark', () => {
    expect(rules[1]).toEqual({
      family: 4,
      priority: 100,
      not: false,
      from: '172.16.0.0/12',
      other: [],
      action: 'lookup',
      table: '100',
    })
    expect(rules[2]).toMatchObject({
      to: '10.0.0.0/8',
      iif: 'docker0',
      fwmark: { value: 1, mask: 255 },
      table: '200',
    })
    expect(rules[3]).toMatchObject({ not: true, oif: 'eth0', suppressPrefixLength: 0 })
    expect(rules[4]).toMatchObject({ from: '10.9.9.0/24', action: 'prohibit' })
    expect(rules[5]).toMatchObject({
      protocol: 'tcp',
      other: expect.arrayContaining([expect.stringContaining('dport 80')]),
    })
  })

  test('ip rule without -j says the same', () => {
    const comparable = (list: typeof rules) => list.map((rule) => ({ ...rule, other: rule.other.length > 0 }))
    expect(comparable(parseIpRulesText(fixture('net/ip-rule.txt')))).toEqual(comparable(rules))
  })

  test('a rule may skip ahead', () => {
    expect(parseIpRulesText('10:\tfrom all goto 200')[0]).toMatchObject({ action: 'goto', target: 200 })
    expect(parseIpRulesJson('[{"priority":10,"src":"all","goto":200}]')[0]).toMatchObject({
      action: 'goto',
      target: 200,
    })
  })
})

describe('what is no JSON', () => {
  test.each([parseIpInterfacesJson, parseIpRoutesJson, parseIpRulesJson])('is a ParseError: %o', (parse) => {
    expect(() => parse('Option "-j" is unknown, try "ip -help".')).toThrow(ParseError)
    expect(() => parse('{"ifname":"eth0"}')).toThrow(ParseError)
    expect(parse('')).toEqual([])
    expect(parse('[null,1,"x",[],{}]')).toEqual([])
  })

  test('nothing but a ParseError is ever thrown', () => {
    const texts = hostile(fixture('net/ip-rule.json') + fixture('net/ip-route.json'))
    const values = fc.jsonValue({ maxDepth: 4 }).map((value) => JSON.stringify([value]))
    hostileRuns(
      fc.property(fc.oneof(texts, values, oddObjects), (text) => {
        for (const parse of [parseIpInterfacesJson, parseIpRoutesJson, parseIpRulesJson])
          onlyParseErrors(() => parse(text))
      }),
    )
  })

  test('text of no known form is skipped', () => {
    const texts = hostile(
      fixture('net/ip-addr.txt') + fixture('net/ip-route.txt') + fixture('net/ip-rule.txt'),
      ['inet ', ' via ', 'nexthop', ' lookup '],
    )
    hostileRuns(
      fc.property(texts, (text) => {
        parseIpInterfacesText(text)
        parseIpRoutesText(text)
        parseIpRulesText(text)
      }),
    )
  })
})

const oddValue = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom('eth0', '10.0.0.1', 'default', 8, 'all'),
)
const oddKey = fc.constantFrom(
  'ifname',
  'flags',
  'addr_info',
  'dst',
  'src',
  'srclen',
  'local',
  'prefixlen',
  'priority',
  'nexthops',
  'via',
  'metrics',
  'linkinfo',
  'fwmark',
  'goto',
  '__proto__',
)
const oddObjects = fc.array(fc.dictionary(oddKey, oddValue)).map((value) => JSON.stringify(value))

function onlyParseErrors(action: () => unknown): void {
  try {
    action()
  } catch (error) {
    expect(error).toBeInstanceOf(ParseError)
  }
}
