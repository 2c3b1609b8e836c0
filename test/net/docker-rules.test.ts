import { describe, expect, test } from 'vitest'
import { layoutOfRules, layoutOfVersion } from '../../src/net/docker-layout.ts'
import { type DockerBridge, dockerRuleSet, missingDockerRules } from '../../src/net/docker-rules.ts'
import { parseIptablesSave } from '../../src/net/iptables-save.ts'
import { dockerRules, fixture } from './fixture.ts'

const DOCKER0: DockerBridge = { name: 'docker0', subnets: ['172.17.0.0/16'] }
const DUAL: DockerBridge = { name: 'docker0', subnets: ['172.17.0.0/16', '2001:db8:1::/64'] }

const RECORDED = Object.entries(dockerRules).flatMap(([version, situations]) =>
  Object.entries(situations)
    .filter(([situation]) => situation !== 'iptables-false')
    .map(([situation, texts]) => ({ version, situation, ...texts })),
)
const text = (version: string) => dockerRules[version]?.fwd0?.iptables ?? ''
const without = (version: string, ...patterns: RegExp[]) =>
  parseIptablesSave(
    text(version)
      .split('\n')
      .filter((line) => !patterns.some((pattern) => pattern.test(line)))
      .join('\n'),
  )
const kinds = (missing: readonly { readonly kind: string }[]) => [...new Set(missing.map(({ kind }) => kind))]

describe('rules just written by dockerd lack nothing', () => {
  test.each(RECORDED)('$version, $situation', ({ version, situation, iptables, ip6tables }) => {
    const bridge = situation.startsWith('ipv6') ? DUAL : DOCKER0
    for (const uplink of [{}, { uplink: 'eth0' }]) {
      expect(missingDockerRules(parseIptablesSave(iptables), version, [bridge], uplink)).toEqual([])
      expect(
        missingDockerRules(parseIptablesSave(ip6tables), version, [bridge], { ...uplink, family: 6 }),
      ).toEqual([])
    }
  })

  test('whatever the engine calls its version, or when the rules are of another', () => {
    for (const { iptables } of RECORDED) {
      for (const version of [
        undefined,
        'dev',
        '',
        '1.13.1',
        '20.10.24+dfsg1',
        '28.0.0',
        '28.3.1',
        '30.1.0-rc.1',
      ]) {
        expect(missingDockerRules(parseIptablesSave(iptables), version, [DOCKER0])).toEqual([])
      }
    }
  })

  test('a host with containers', () => {
    const rules = parseIptablesSave(fixture('debian-12-docker-20.10/iptables-save.txt'))
    expect(missingDockerRules(rules, '20.10.24+dfsg1', [DOCKER0], { uplink: 'eth0' })).toEqual([])
  })

  test('with rules of an administrator among them', () => {
    const own = text('29.7.2')
      .replace('-A FORWARD -j DOCKER-USER', '-A FORWARD -j ufw-before-forward\n-A FORWARD -j DOCKER-USER')
      .replace('-A PREROUTING', '-A PREROUTING -p tcp --dport 9 -j REDIRECT --to-ports 10\n-A PREROUTING')
    expect(missingDockerRules(parseIptablesSave(own), '29.7.2', [DOCKER0])).toEqual([])
  })

  test('with userland-proxy off, or an address to masquerade as', () => {
    const rules = text('27.5.1')
      .replace('! -d 127.0.0.0/8 ', '')
      .replace(
        '-s 172.17.0.0/16 ! -o docker0 -j MASQUERADE',
        '-s 172.17.0.0/16 ! -o docker0 -j SNAT --to-source 10.0.0.9',
      )
    expect(missingDockerRules(parseIptablesSave(rules), '27.5.1', [DOCKER0], { uplink: 'eth0' })).toEqual([])
  })

  test('28.0.0, whose bridges are in an ipset', () => {
    const rules = parseIptablesSave(`*filter
:FORWARD DROP [0:0]
:DOCKER - [0:0]
:DOCKER-ISOLATION-STAGE-1 - [0:0]
:DOCKER-ISOLATION-STAGE-2 - [0:0]
:DOCKER-USER - [0:0]
-A FORWARD -j DOCKER-USER
-A FORWARD -m set --match-set docker-ext-bridges-v4 dst -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A FORWARD -j DOCKER-ISOLATION-STAGE-1
-A FORWARD -m set --match-set docker-ext-bridges-v4 dst -j DOCKER
-A FORWARD -i docker0 -j ACCEPT
COMMIT
*nat
:PREROUTING ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
:POSTROUTING ACCEPT [0:0]
:DOCKER - [0:0]
-A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER
-A OUTPUT ! -d 127.0.0.0/8 -m addrtype --dst-type LOCAL -j DOCKER
-A POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE
COMMIT
`)
    expect(missingDockerRules(rules, '28.0.0', [DOCKER0])).toEqual([])
  })

  test('networks that have no way out, are not masqueraded, or have no IPv4', () => {
    const others: DockerBridge[] = [
      { name: 'br-internal', subnets: ['172.30.0.0/16'], internal: true },
      { name: 'br-v6', subnets: ['fd00:1::/64'] },
    ]
    expect(missingDockerRules(parseIptablesSave(text('29.7.2')), '29.7.2', [DOCKER0, ...others])).toEqual([])
    const plain = without('29.7.2', /MASQUERADE/)
    expect(missingDockerRules(plain, '29.7.2', [{ ...DOCKER0, masquerade: false }])).toEqual([])
  })
})

describe('what is gone is found', () => {
  const VERSIONS = Object.keys(dockerRules)

  test.each(VERSIONS)('%s: filter rules flushed', (version) => {
    const missing = missingDockerRules(
      without(version, /^-A (FORWARD|DOCKER)(?!.*(DNAT|RETURN|dst-type))/),
      version,
      [DOCKER0],
    )
    expect(kinds(missing)).toEqual(expect.arrayContaining(['filter-jump', 'filter-rule']))
    expect(missing.map(({ rule }) => rule)).toContain('-A FORWARD -j DOCKER-USER')
  })

  test.each(VERSIONS)('%s: everything flushed and deleted', (version) => {
    const missing = missingDockerRules(parseIptablesSave(''), version, [DOCKER0])
    expect(kinds(missing)).toEqual([
      'filter-chain',
      'filter-jump',
      'filter-rule',
      'nat-chain',
      'nat-jump',
      'masquerade',
    ])
  })

  test.each(VERSIONS)('%s: only MASQUERADE gone', (version) => {
    const missing = missingDockerRules(without(version, /MASQUERADE/), version, [DOCKER0])
    expect(missing).toEqual([
      {
        kind: 'masquerade',
        table: 'nat',
        chain: 'POSTROUTING',
        rule: '-A POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE',
        bridge: 'docker0',
      },
    ])
  })

  test.each(VERSIONS)('%s: nat flushed', (version) => {
    const missing = missingDockerRules(
      without(version, /PREROUTING|OUTPUT|MASQUERADE|docker0 -j RETURN/),
      version,
      [DOCKER0],
    )
    expect(kinds(missing)).toEqual(['nat-jump', 'masquerade'])
  })

  test.each(VERSIONS)('%s: any single chain, jump or rule that matters', (version) => {
    const lines = text(version).split('\n')
    const matters = /^-A (?!DOCKER-USER|DOCKER-ISOLATION-STAGE|DOCKER )|^:DOCKER/
    const idle = /-i docker0 -o docker0 -j ACCEPT/
    for (const [index, line] of lines.entries()) {
      if (!matters.test(line) || idle.test(line)) continue
      const name = /^:(\S+)/.exec(line)?.[1]
      const rest = lines.filter(
        (other, at) => at !== index && !(name !== undefined && other.startsWith(`-A ${name} `)),
      )
      const missing = missingDockerRules(parseIptablesSave(rest.join('\n')), version, [DOCKER0])
      expect(missing.length, `${version} without ${line}`).toBeGreaterThan(0)
    }
  })

  test('the recorded host whose filter rules were flushed', () => {
    const rules = parseIptablesSave(fixture('debian-12-docker-20.10/filter-flushed/iptables-save.txt'))
    expect(kinds(missingDockerRules(rules, '20.10.24+dfsg1', [DOCKER0]))).toEqual([
      'filter-jump',
      'filter-rule',
    ])
  })

  test("a second bridge's rules", () => {
    const second: DockerBridge = { name: 'br-0123456789ab', subnets: ['172.18.0.0/16'] }
    const missing = missingDockerRules(parseIptablesSave(text('29.7.2')), '29.7.2', [DOCKER0, second])
    expect(missing.every(({ bridge }) => bridge === second.name)).toBe(true)
    expect(missing.map(({ rule }) => rule)).toContain('-A DOCKER-BRIDGE -o br-0123456789ab -j DOCKER')
    expect(kinds(missing)).toEqual(['filter-rule', 'masquerade'])
  })

  test('DOCKER-USER behind the rules that accept', () => {
    const swapped = text('29.7.2').replace(
      '-A FORWARD -j DOCKER-USER\n-A FORWARD -j DOCKER-FORWARD',
      '-A FORWARD -j DOCKER-FORWARD\n-A FORWARD -j DOCKER-USER',
    )
    expect(missingDockerRules(parseIptablesSave(swapped), '29.7.2', [DOCKER0])).toMatchObject([
      { kind: 'filter-order' },
    ])
  })

  test('masquerading on another interface only, when the uplink is known', () => {
    const rules = parseIptablesSave(text('29.7.2').replace('-s 172.17.0.0/16 ! -o docker0 -j', '-o wg0 -j'))
    expect(kinds(missingDockerRules(rules, '29.7.2', [DOCKER0], { uplink: 'eth0' }))).toEqual(['masquerade'])
    expect(missingDockerRules(rules, '29.7.2', [DOCKER0], { uplink: 'wg0' })).toEqual([])
    expect(missingDockerRules(rules, '29.7.2', [DOCKER0])).toEqual([])
  })
})

describe('layouts', () => {
  test.each([
    ['1.13.1', 'before 18.09'],
    ['20.10.24+dfsg1', '18.09 to 28.0.0'],
    ['27.5.1', '18.09 to 28.0.0'],
    ['28.0.0', '18.09 to 28.0.0'],
    ['28.0.1', '28.0.1 to 28.5'],
    ['28.5.2+dfsg4', '28.0.1 to 28.5'],
    ['29.0.0', '29.0 and later'],
    ['library-import', undefined],
  ])('%s has that of %s', (version, versions) => {
    expect(layoutOfVersion(version)?.versions).toBe(versions)
  })

  test.each(Object.keys(dockerRules))('the rules of %s tell their layout', (version) => {
    expect(layoutOfRules(parseIptablesSave(text(version)))).toBe(layoutOfVersion(version))
  })

  test('of two backends, the one with docker in it is taken', () => {
    const sets = ['iptables-legacy-save.txt', 'iptables-nft-save.txt'].map((name) =>
      parseIptablesSave(fixture(`debian-12-docker-20.10/${name}`)),
    )
    expect(dockerRuleSet(sets)).toBe(sets[1])
    expect(dockerRuleSet([parseIptablesSave('')])).toBeUndefined()
  })
})
