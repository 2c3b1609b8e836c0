import { describe, expect, it } from 'vitest'
import { HOPS } from '../../../src/diagnose/trace/hops.ts'
import type { Hop, TraceReport } from '../../../src/diagnose/trace/model.ts'
import { trace } from '../../../src/diagnose/trace/trace.ts'
import { UnknownContainer } from '../../../src/diagnose/unknown-container.ts'
import type { WayAsked } from '../../../src/facts/settings.ts'
import type { Host } from '../../../src/hosts/host.ts'
import { memoryHost, type Readings } from '../../../src/hosts/memory.ts'
import { InputError } from '../../../src/model/errors.ts'
import { type Source, sourceKey } from '../../../src/model/source.ts'
import {
  answering,
  edited,
  failing,
  LIST,
  listed,
  listens,
  networksWith,
  proc,
  silent,
  stopped,
  textOf,
  web,
} from '../../checks/container/web.ts'

const TARGET: WayAsked = { to: { host: '10.77.0.1', port: 8080 } }
const SAVED = '$ iptables-save'
const NFT = '$ nft -j list ruleset'
const LINKS = '$ ip -j -d addr show'
const denied = { state: 'denied', reason: 'permission denied', durationMs: 0 } as const

const follow = (host: Host, way: WayAsked = TARGET, container = 'web'): Promise<TraceReport> =>
  trace(host, {
    settings: { profile: 'docker', container, way },
    timeoutS: 10,
    version: '0.0.0',
    signal: new AbortController().signal,
  })
const traced = (changes: Readings = {}, way?: WayAsked): Promise<TraceReport> =>
  follow(memoryHost({ ...web, ...changes }), way)
const hopOf = ({ hops }: TraceReport, id: string): Hop | undefined => hops.find((hop) => hop.id === id)
const inState = ({ hops }: TraceReport, state: Hop['state']): string[] =>
  hops.filter((hop) => hop.state === state).map(({ id }) => id)

/** A rule at the head of a chain. */
const rule = (text: string): Readings => edited(SAVED, /^(-A FORWARD -j DOCKER-USER)$/m, `${text}\n$1`)

/** Rules at the head of a table's chain. */
const first = (table: string, ...rules: readonly string[]): Readings =>
  edited(SAVED, new RegExp(`^\\*${table}$([^]*?)^(?=-A|COMMIT)`, 'm'), `*${table}$1${rules.join('\n')}\n`)
/** A table of iptables with one chain, which the recorded host does not have. */
const table = (name: string, ...rules: readonly string[]): Readings =>
  edited(SAVED, /^/, `*${name}\n:PREROUTING ACCEPT [0:0]\n${rules.join('\n')}\nCOMMIT\n`)
const both = (...changes: readonly ((of: string) => string)[]): Readings => ({
  [SAVED]: changes.reduce((text, change) => change(text), textOf(SAVED)),
})

/** A table of nft with a base chain of its own. */
const nftTable = (
  hook: object,
  rules: readonly (readonly object[])[],
  family = 'inet',
  sets: readonly object[] = [],
): Readings => {
  const at = { family, table: 'own' }
  const entries = [
    { table: { family, name: 'own', handle: 9 } },
    ...sets.map((set) => ({ set: { ...at, ...set } })),
    { chain: { ...at, name: 'guard', handle: 1, type: 'filter', policy: 'accept', ...hook } },
    ...rules.map((expr, handle) => ({ rule: { ...at, chain: 'guard', handle: handle + 2, expr } })),
  ]
  const text = entries.map((entry) => `, ${JSON.stringify(entry)}`).join('')
  return edited(NFT, /\]\}\s*$/, `${text}]}`)
}
const port = (right: number): object => ({
  match: { op: '==', left: { payload: { protocol: 'tcp', field: 'dport' } }, right },
})
const DROP = { drop: null }
/** A rule before the one that translates. */
const translation = (text: string): Readings =>
  edited(SAVED, /^(-A POSTROUTING -s 172\.17\.0\.0\/16 .*)$/m, `${text}\n$1`)
const unanswered: Readings = {
  'probe tcp://203.0.113.10:80 inside 383': silent,
  ...Object.fromEntries(
    ['$ iptables-save --counters', '/proc/self/net/snmp', proc('task/383/net/snmp')].map((key) => [key, '']),
  ),
}

describe('a whole way', () => {
  it('has every hop, in and out, and a word about each', async () => {
    const report = await traced()
    expect(report.verdict).toBe('whole')
    expect(inState(report, 'ok')).toEqual(HOPS.map(({ id }) => id))
    expect(report.container).toMatchObject({
      ...{ name: 'web', address: '172.17.0.2', network: 'bridge' },
      ...{ port: '80/tcp', published: '0.0.0.0:8081' },
    })
    expect(hopOf(report, 'mtu')?.message).toBe('1500 bytes arrive at 10.77.0.1')
  })
  it.each(['172.17.0.1', '10.77.0.2'])('is whole to this host itself, by %s', async (host) => {
    const report = await traced(
      { [`probe tcp://${host}:8088 inside 383`]: answering },
      { to: { host, port: 8088 } },
    )
    expect(inState(report, 'broken')).toEqual([])
    expect(hopOf(report, 'route-out')?.message).toBe('it is this host itself')
  })
  it('asks no name server for what its own file knows', async () => {
    const report = await traced(
      {
        [proc('root/etc/hosts')]: '127.0.0.1 localhost\n172.17.0.1 host.docker.internal\n',
        'probe tcp://172.17.0.1:8088 inside 383': answering,
      },
      { to: { host: 'host.docker.internal', port: 8088 } },
    )
    expect(hopOf(report, 'outside')?.message).toBe('connected to host.docker.internal:8088')
  })
  it.each<[string, WayAsked]>([
    ['the port of the container', { port: 80 }],
    ['the port as the host has it', { port: 8081 }],
    ['from a neighbour', { from: '10.77.0.1' }],
    ['from a block of addresses', { from: '10.0.0.0/8' }],
    ['from this host', { from: 'localhost' }],
  ])('is whole for %s', async (_, way) => {
    expect(inState(await traced({}, { ...TARGET, ...way }), 'broken')).toEqual([])
  })
})

describe('the first hop that stops packets', () => {
  it.each<[hop: string, says: string, changes: Readings, way?: WayAsked]>([
    ['running', 'status 3', stopped('Exited (3) 1 minute ago', { Status: 'exited', ExitCode: 3 })],
    ['listening', '127.0.0.1:80', { [proc('net/tcp')]: listens('0100007F:0050'), [proc('net/tcp6')]: null }],
    ['bridge', 'docker0', edited(LINKS, '"ifname":"docker0"', '"ifname":"gone0"')],
    ['attached', 'nothing', edited(LINKS, '"master":"docker0",', '')],
    [
      'route',
      'from 172.16.0.0/12',
      {
        '$ ip -j -4 rule show':
          '[{"priority":0,"src":"all","table":"local"},{"priority":100,"src":"172.16.0.0","srclen":12,"table":"100"},{"priority":32766,"src":"all","table":"main"}]',
        ...edited(
          '$ ip -j -4 route show table all',
          '[{',
          '[{"type":"unreachable","dst":"default","table":"100"},{',
        ),
      },
    ],
    ['conntrack', '262144', { '/proc/sys/net/netfilter/nf_conntrack_count': '262144\n' }],
    ['address', '172.17.0.2:80', { 'probe tcp://172.17.0.2:80': silent }],
    [
      'published',
      '127.0.0.1',
      listed({ Ports: [{ IP: '127.0.0.1', PrivatePort: 80, PublicPort: 8081, Type: 'tcp' }] }),
    ],
    ['nat', '172.17.0.7', edited(SAVED, '--to-destination 172.17.0.2:80', '--to-destination 172.17.0.7:80')],
    ['forwarding', 'eth0 does not forward', { '/proc/sys/net/ipv4/conf/eth0/forwarding': '0\n' }],
    ['filter-in', '-A FORWARD -p tcp -j DROP', rule('-A FORWARD -p tcp -j DROP')],
    [
      'filter-in',
      '-A FORWARD -s 10.77.0.1/32 -j REJECT',
      rule('-A FORWARD -s 10.77.0.1/32 -j REJECT'),
      { from: '10.77.0.1' },
    ],
    [
      'filter-in',
      'inet hardening',
      edited(
        NFT,
        /\]\}\s*$/,
        ', {"table": {"family": "inet", "name": "hardening", "handle": 9}}, {"chain": {"family": "inet", "table": "hardening", "name": "forward", "handle": 1, "type": "filter", "hook": "forward", "prio": 0, "policy": "drop"}}]}',
      ),
    ],
    ['port', '10.77.0.2:8081', { 'probe tcp://10.77.0.2:8081': failing('ECONNREFUSED') }],
    ['route-out', '172.17.0.0/16', {}, { to: { host: '172.17.200.1', port: 80 } }],
    ['filter-out', '--dport 8080 -j DROP', rule('-A FORWARD -i docker0 -p tcp -m tcp --dport 8080 -j DROP')],
    [
      'filter-out',
      '-A INPUT -i docker0 -p tcp -m tcp --dport 8088 -j DROP',
      edited(
        SAVED,
        '-A FORWARD -j DOCKER-USER',
        '-A INPUT -i docker0 -p tcp -m tcp --dport 8088 -j DROP\n-A FORWARD -j DOCKER-USER',
      ),
      { to: { host: '10.77.0.2', port: 8088 } },
    ],
    ['nat-out', 'MASQUERADE', edited(SAVED, /^-A POSTROUTING -s 172\.17\.0\.0\/16 .*\n/m, '')],
    [
      'nat-out',
      '-d 203.0.113.0/24 -j RETURN',
      {
        ...unanswered,
        ...translation('-A POSTROUTING -s 172.17.0.0/16 -d 203.0.113.0/24 -j RETURN'),
        'probe tcp://203.0.113.10:80': answering,
      },
      { to: { host: '203.0.113.10', port: 80 } },
    ],
    [
      'nat-out',
      'leaves as 10.99.9.9',
      {
        ...unanswered,
        ...translation('-A POSTROUTING -s 172.17.0.0/16 -j SNAT --to-source 10.99.9.9'),
        'probe tcp://203.0.113.10:80': answering,
      },
      { to: { host: '203.0.113.10', port: 80 } },
    ],
    [
      'dns',
      '10.77.0.1',
      { 'probe dns://10.77.0.1/mirror.test inside 383': { ...silent, stage: 'dns' } },
      { to: { host: 'mirror.test', port: 80 } },
    ],
    [
      'outside',
      'not on this host',
      { 'probe tcp://10.77.0.1:8080 inside 383': silent, 'probe tcp://10.77.0.1:8080': silent, '**': null },
    ],
    ['mtu', 'vanish', { 'probe udp://10.77.0.1:33434/1500 inside 383': silent }],
  ])('%s: %s', async (hop, says, changes, way) => {
    const report = await traced(changes, { ...TARGET, ...way })
    expect(
      report.broken,
      report.hops.map(({ id, state, message }) => `${id} ${state} ${message}`).join('\n'),
    ).toBe(hop)
    const found = hopOf(report, hop)
    expect(found?.message).toContain(says)
    expect(found?.finding).toBeTruthy()
    const behind = report.hops.slice(report.hops.findIndex(({ id }) => id === hop) + 1)
    expect(behind.filter(({ state }) => state !== 'skipped')).toEqual([])
  })
  it('is explained by the check whose failure caused it, and cured by its cure', async () => {
    const flushed = edited(SAVED, /^-A (?:FORWARD|DOCKER-).*\n/gm, '')
    const hop = hopOf(await traced(flushed), 'filter-in')
    expect(hop?.message).toContain('policy of filter FORWARD')
    expect(hop?.causes?.map(({ check }) => check)).toEqual(['firewall/docker-chains'])
    expect(hop?.causes?.[0]?.fix?.shell).toContain('restart docker')
  })
  it('is not blamed on what concerns another container', async () => {
    const other = {
      Id: 'e'.repeat(64),
      Names: ['/other'],
      State: 'exited',
      Status: 'Created',
      NetworkSettings: { Networks: {} },
    }
    const trouble = {
      State: { Error: 'Bind for 0.0.0.0:9000 failed: port is already allocated' },
      Name: '/other',
      HostConfig: { PortBindings: { '90/tcp': [{ HostIp: '', HostPort: '9000' }] } },
    }
    const report = await traced({
      ...edited('$ ss -H -l -n -t -u -p', /^.*:8081 .*\n/gm, ''),
      ...stopped('Exited (3) 1 minute ago', { Status: 'exited', ExitCode: 3 }),
      ...listed({ State: 'exited', Status: 'Exited (3) 1 minute ago' }, other),
      [`GET unix:///var/run/docker.sock /containers/${'e'.repeat(64)}/json`]: {
        ...{ status: 200, headers: {} },
        body: JSON.stringify(trouble),
      },
    })
    expect(hopOf(report, 'running')?.causes).toBeUndefined()
  })
  it('is named by the rule with which two networks are kept apart', async () => {
    const net1 = {
      ...{ Name: 'net1', Id: 'f'.repeat(64), Driver: 'bridge', Scope: 'local' },
      IPAM: { Config: [{ Subnet: '172.18.0.0/16', Gateway: '172.18.0.1' }] },
    }
    const report = await traced(
      { ...listed({ Ports: [] }), ...networksWith((one) => one, net1) },
      { port: 80, from: '172.18.0.5' },
    )
    expect(report.broken).toBe('attached')
    expect(hopOf(report, 'attached')?.message).toContain('net1')
  })
})

describe('a hop that is warned of', () => {
  it('is the name server, where the target needs none', async () => {
    const dead = {
      'probe dns://10.77.0.1/registry-1.docker.io inside 383': { ...silent, stage: 'dns' } as const,
    }
    const report = await traced(dead)
    expect([report.verdict, inState(report, 'warned')]).toEqual(['whole', ['dns']])
  })
  it('is an exception from translation of which nothing sent has told anything', async () => {
    const report = await traced(translation('-A POSTROUTING -s 172.16.0.0/12 -d 203.0.113.0/24 -j ACCEPT'), {
      to: { host: '203.0.113.10', port: 80 },
      passive: true,
    })
    expect(inState(report, 'warned')).toEqual(['nat-out'])
    expect(hopOf(report, 'nat-out')?.message).toContain('-j ACCEPT')
  })
  it('is no exception from translation where answers come back', async () => {
    const report = await traced(
      {
        ...translation('-A POSTROUTING -s 172.16.0.0/12 -d 203.0.113.0/24 -j ACCEPT'),
        'probe tcp://203.0.113.10:80 inside 383': answering,
      },
      { to: { host: '203.0.113.10', port: 80 } },
    )
    expect(hopOf(report, 'nat-out')?.state).toBe('ok')
  })
  it('is a route back into its own bridge', async () => {
    const report = await traced({
      '$ ip -j -4 rule show':
        '[{"priority":0,"src":"all","table":"local"},{"priority":90,"src":"all","iif":"docker0","table":"77"},{"priority":32766,"src":"all","table":"main"}]',
      ...edited(
        '$ ip -j -4 route show table all',
        '[{',
        '[{"dst":"10.77.0.1","dev":"docker0","table":"77"},{',
      ),
    })
    expect(hopOf(report, 'route-out')?.message).toContain('back into docker0')
  })
})

describe('what could not be seen', () => {
  it('is said, and leaves the way undetermined', async () => {
    const report = await traced({ [SAVED]: denied, [NFT]: denied, [proc('root/sys/class/net/')]: denied })
    expect(report.verdict).toBe('undetermined')
    expect(inState(report, 'unseen')).toEqual(['attached', 'nat', 'filter-in', 'filter-out', 'nat-out'])
  })
  it('keeps no broken hop from being named', async () => {
    const report = await traced({ [SAVED]: denied, '/proc/sys/net/ipv4/conf/eth0/forwarding': '0\n' })
    expect(report.broken).toBe('forwarding')
  })
})

describe('what is sent', () => {
  const noting = (host: Host, read: Source[]): Host => ({
    kind: host.kind,
    read: (source, signal) => {
      read.push(source)
      return host.read(source, signal)
    },
  })
  it('is nothing where the user says so', async () => {
    const read: Source[] = []
    const report = await follow(noting(memoryHost(web), read), { ...TARGET, passive: true })
    expect(read.filter(({ kind }) => kind === 'probe').map(sourceKey)).toEqual([])
    expect(report.verdict).toBe('whole')
    expect(inState(report, 'skipped')).toEqual(['address', 'port', 'dns', 'outside'])
  })
  it('goes to the container and its target alone, and not behind a broken hop', async () => {
    const read: Source[] = []
    await follow(noting(memoryHost({ ...web, 'probe tcp://10.77.0.2:8081': silent }), read))
    expect(read.filter(({ kind }) => kind === 'probe').map(sourceKey)).toEqual([
      'probe tcp://172.17.0.2:80',
      'probe tcp://10.77.0.2:8081',
    ])
  })
})

describe('what cannot be traced', () => {
  it('a container that the engine has not, with the names that it has', async () => {
    const error = await follow(memoryHost(web), TARGET, 'nosuch').catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(UnknownContainer)
    expect(error instanceof UnknownContainer && error.known).toEqual(['hostnet', 'web'])
  })
  it('a peer without an address', async () => {
    const host = memoryHost({
      ...web,
      'probe dns://nosuch.test': { ok: false, code: 'ENOTFOUND', stage: 'dns', timings: {} },
    })
    await expect(follow(host, { from: 'nosuch.test' })).rejects.toThrow(InputError)
  })
  it('a host whose engine does not say what it has', async () => {
    await expect(follow(memoryHost({ ...web, [LIST]: denied }))).rejects.toThrow(/permission denied/)
  })
})

describe('before the forward hook', () => {
  it.each<[what: string, says: string, changes: Readings]>([
    ['raw', 'raw PREROUTING', table('raw', '-A PREROUTING -p tcp -m tcp --dport 8081 -j DROP')],
    [
      'mangle',
      'mangle PREROUTING',
      table('mangle', '-A PREROUTING -i eth0 -p tcp -m tcp --dport 8081 -j DROP'),
    ],
    ['nft', 'inet own', nftTable({ hook: 'prerouting', prio: -310 }, [[port(8081), DROP]])],
    [
      'nft, on the interface',
      'netdev own',
      nftTable({ hook: 'ingress', prio: 0, dev: 'eth0' }, [[port(8081), DROP]], 'netdev'),
    ],
    [
      'nft, by the policy',
      'policy of chain guard',
      nftTable({ hook: 'ingress', prio: 0, dev: 'eth0', policy: 'drop' }, []),
    ],
  ])('a rule of %s is named', async (_, says, changes) => {
    const report = await traced(changes, { from: '10.77.0.1' })
    expect(report.broken).toBe('filter-in')
    expect(hopOf(report, 'filter-in')?.message).toContain(says)
  })
  it.each<[what: string, changes: Readings]>([
    [
      'a port that the container has, and the host has not',
      table('raw', '-A PREROUTING -p tcp -m tcp --dport 80 -j DROP'),
    ],
    ['another interface', nftTable({ hook: 'ingress', prio: 0, dev: 'eth7', policy: 'drop' }, [])],
    [
      'what came in on the wrong interface',
      table('mangle', '-A PREROUTING -m rpfilter --validmark --invert -j DROP'),
    ],
    ['an address of another container', table('raw', '-A PREROUTING -d 172.18.0.2/32 ! -i br-1 -j DROP')],
  ])('%s does not concern it', async (_, changes) => {
    const report = await traced(changes)
    expect(hopOf(report, 'filter-in')).toMatchObject({ state: 'ok' })
    expect(report.verdict).toBe('whole')
  })
  it('an interface that nft does not tell is doubted', async () => {
    const report = await traced(nftTable({ hook: 'ingress', prio: 0, policy: 'drop' }, []))
    expect(hopOf(report, 'filter-in')).toMatchObject({ state: 'warned', finding: 'doubtful' })
  })
  it('what a rule there marks is known further on', async () => {
    const marks = (text: string): string =>
      `*mangle\n:PREROUTING ACCEPT [0:0]\n-A PREROUTING -i eth0 -p tcp -m tcp --dport 8081 -j MARK --set-xmark 0x7/0xffffffff\nCOMMIT\n${text}`
    const drops = (test: string) => (text: string) =>
      text.replace(/^(-A FORWARD -j DOCKER-USER)$/m, `-A FORWARD -i eth0 -m mark ${test} -j DROP\n$1`)
    expect((await traced(both(marks, drops('! --mark 0x7')))).verdict).toBe('whole')
    expect((await traced(both(marks, drops('--mark 0x7')))).broken).toBe('filter-in')
    expect((await traced(both(drops('! --mark 0x7')))).broken).toBe('filter-in')
  })
})

describe('what leads the port elsewhere', () => {
  it('a redirection to a port of this host is named', async () => {
    const rule = '-A PREROUTING -i eth0 -p tcp -m tcp --dport 8081 -j REDIRECT --to-ports 3128'
    const report = await traced(first('nat', rule))
    expect(report.broken).toBe('nat')
    expect(hopOf(report, 'nat')?.message).toContain(`port 3128 of this host instead of web`)
    expect(hopOf(report, 'nat')?.message).toContain(rule)
  })
})

describe('what may stop some packets', () => {
  const RECENT = '-A FORWARD -i eth0 -p tcp -m tcp --dport 80 -m recent --name b --set -j DROP'
  it.each<[what: string, says: string, changes: Readings]>([
    ['asks for the past', RECENT, rule(RECENT)],
    [
      'counts connections of a sender',
      'add @s { ip saddr ct count over 500 } counter reject',
      nftTable({ hook: 'forward', prio: -10 }, [
        [
          port(80),
          {
            set: {
              ...{ op: 'add', elem: { payload: { protocol: 'ip', field: 'saddr' } }, set: '@s' },
              stmt: [{ 'ct count': { val: 500, inv: true } }],
            },
          },
          { counter: { packets: 0, bytes: 0 } },
          { reject: null },
        ],
      ]),
    ],
  ])('%s: a warning, with the rule', async (_, says, changes) => {
    const report = await traced(changes, { ...TARGET, from: '10.77.0.1' })
    expect(report.verdict).toBe('whole')
    expect(hopOf(report, 'filter-in')).toMatchObject({ state: 'warned', finding: 'doubtful' })
    expect(hopOf(report, 'filter-in')?.message).toContain(says)
  })
  it('does not warn of somebody else who is kept out', async () => {
    const report = await traced(rule('-A FORWARD -s 192.0.2.7/32 -j DROP'))
    expect(hopOf(report, 'filter-in')?.state).toBe('ok')
  })
  it('warns where only some are let in', async () => {
    const report = await traced(
      rule('-A FORWARD -i eth0 ! -s 10.77.0.0/16 -m conntrack --ctstate NEW -j DROP'),
    )
    expect(hopOf(report, 'filter-in')).toMatchObject({ state: 'warned', finding: 'partly' })
  })
  it('of a block, tells of the part that is stopped', async () => {
    const half = rule('-A FORWARD -s 10.77.0.128/25 -j DROP')
    const part = hopOf(await traced(half, { from: '10.77.0.0/24' }), 'filter-in')
    expect(part).toMatchObject({ state: 'warned', finding: 'partly' })
    expect(part?.message).toContain('a part of them, as 10.77.0.128, is stopped')
    expect((await traced(half, { from: '10.77.0.128/26' })).broken).toBe('filter-in')
    expect(hopOf(await traced(half, { from: '10.77.0.0/25' }), 'filter-in')?.state).toBe('ok')
  })
})
