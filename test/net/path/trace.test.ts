import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseIptablesSave } from '../../../src/net/iptables-save.ts'
import { parseNftRuleset } from '../../../src/net/nftables.ts'
import { ParseError } from '../../../src/net/parse-error.ts'
import {
  traceDestinationNat,
  traceForward,
  traceInput,
  traceLocalDestinationNat,
  traceRouted,
  traceSourceNat,
} from '../../../src/net/path/trace.ts'
import { dockerRules, fixture } from '../fixture.ts'
import { hostile, hostileRuns } from '../hostile.ts'
import { ANSWER, filter, HOST, OUTGOING, PUBLISHED, recorded, SIBLING } from './scene.ts'

const HEALTHY = Object.entries(dockerRules).flatMap(([version, situations]) =>
  Object.entries(situations)
    .filter(([situation]) => situation !== 'iptables-false')
    .map(([situation, { iptables }]) => ({
      name: `docker ${version}, ${situation}`,
      rules: parseIptablesSave(iptables),
    })),
)

describe("rules that docker has just written let containers' traffic through", () => {
  test.each(HEALTHY)('$name', ({ rules }) => {
    const firewall = { iptables: [rules] }
    for (const packet of [OUTGOING, ANSWER, SIBLING]) {
      expect(traceRouted(firewall, packet, HOST).verdict).toBe('accept')
    }
    expect(traceSourceNat(firewall, OUTGOING, HOST)).toMatchObject({ verdict: 'masquerade' })
    expect(traceSourceNat(firewall, SIBLING, HOST)).toMatchObject({ verdict: 'none' })
  })

  test('ports that are not published are closed where docker closes them', () => {
    for (const { name, rules } of HEALTHY) {
      const { verdict, rule } = traceForward({ iptables: [rules] }, { ...PUBLISHED, dport: 22 }, HOST)
      if (/docker (28|29)/.test(name)) expect(rule?.raw).toBe('-A DOCKER ! -i docker0 -o docker0 -j DROP')
      else expect(verdict).toBe(name.includes('fwd0') ? 'drop' : 'accept')
    }
  })
})

describe('a recorded host with docker 20.10', () => {
  test('healthy: everything gets through, and the published port is translated', () => {
    const firewall = recorded('')
    for (const packet of [OUTGOING, ANSWER, PUBLISHED, SIBLING]) {
      expect(traceRouted(firewall, packet, HOST)).toMatchObject({
        verdict: 'accept',
        byPolicy: false,
        blockers: [],
      })
    }
    expect(traceSourceNat(firewall, OUTGOING, HOST).rule?.raw).toBe(
      '-A POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE',
    )
    const asked = { ...PUBLISHED, dst: '10.77.0.2', dport: 8081 }
    expect(traceDestinationNat(firewall, asked, HOST)).toMatchObject({
      verdict: 'dnat',
      nat: { to: '172.17.0.2', port: 80 },
    })
    expect(traceDestinationNat(firewall, { ...asked, dport: 8082 }, HOST).verdict).toBe('none')
    expect(traceLocalDestinationNat(firewall, { ...asked, oif: 'lo' }, HOST).verdict).toBe('dnat')
  })

  test('filter rules flushed: the policy of FORWARD drops', () => {
    for (const packet of [OUTGOING, ANSWER, PUBLISHED, SIBLING]) {
      expect(traceForward(recorded('filter-flushed'), packet, HOST)).toMatchObject({
        verdict: 'drop',
        byPolicy: true,
        hook: 'forward',
        chain: { backend: 'iptables-nft', table: 'filter', chain: 'FORWARD' },
      })
    }
  })

  test('a DROP in DOCKER-USER is named', () => {
    expect(traceForward(recorded('docker-user-drop'), OUTGOING, HOST)).toMatchObject({
      verdict: 'drop',
      byPolicy: false,
      rule: { chain: 'DOCKER-USER', position: 1, raw: '-A DOCKER-USER -j DROP', line: expect.any(Number) },
    })
  })

  test('a table of nft that iptables does not show', () => {
    expect(traceForward(recorded('nft-table-drop'), OUTGOING, HOST)).toMatchObject({
      verdict: 'drop',
      chain: { backend: 'nftables', family: 'inet', table: 'hardening' },
    })
  })

  test('rules of the backend that iptables was switched away from still drop', () => {
    const trace = traceForward(recorded('iptables-switched-legacy'), OUTGOING, HOST)
    expect(trace).toMatchObject({ verdict: 'drop', chain: { backend: 'iptables-nft' } })
  })
})

describe('verdicts', () => {
  test('the first rule that matches decides, here before any of docker', () => {
    const firewall = filter(
      'ACCEPT',
      '-A FORWARD -j REJECT --reject-with icmp-host-prohibited',
      '-A FORWARD -i docker0 -j ACCEPT',
    )
    expect(traceForward(firewall, OUTGOING)).toMatchObject({ verdict: 'reject', rule: { position: 1 } })
  })

  test('a drop that may not come to pass is not claimed, but told', () => {
    const firewall = filter('ACCEPT', '-A FORWARD -m recent --update --seconds 60 --name X --rsource -j DROP')
    const trace = traceForward(firewall, OUTGOING)
    expect(trace).toMatchObject({
      verdict: 'undecided',
      blockers: [{ verdict: 'drop', rule: { position: 1 } }],
    })
    expect(trace).not.toHaveProperty('rule')
  })

  test('a drop is claimed when nothing that may come to pass lets the packet through', () => {
    const firewall = filter('ACCEPT', '-A FORWARD -m limit --limit 1/s -j REJECT', '-A FORWARD -j DROP')
    expect(traceForward(firewall, OUTGOING)).toMatchObject({ verdict: 'drop', rule: { position: 2 } })
  })

  test('whichever way it gets accepted, it is accepted', () => {
    const firewall = filter(
      'DROP',
      '-A FORWARD -m set --match-set ok src -j ACCEPT',
      '-A FORWARD -i docker0 -j ACCEPT',
    )
    expect(traceForward(firewall, OUTGOING).verdict).toBe('accept')
  })

  test('an accept that may not come to pass, before a policy that drops', () => {
    const firewall = filter('DROP', '-A FORWARD -m set --match-set ok src -j ACCEPT')
    expect(traceForward(firewall, OUTGOING)).toMatchObject({
      verdict: 'undecided',
      blockers: [{ verdict: 'drop' }],
    })
  })

  test('a program in user space may do anything', () => {
    expect(traceForward(filter('ACCEPT', '-A FORWARD -j NFQUEUE --queue-num 1'), OUTGOING).verdict).toBe(
      'undecided',
    )
    expect(traceForward(filter('DROP', '-A FORWARD -j NFQUEUE --queue-num 1'), OUTGOING).verdict).toBe(
      'undecided',
    )
  })

  test('logging decides nothing', () => {
    const firewall = filter('ACCEPT', '-A FORWARD -j LOG --log-prefix "[UFW BLOCK] "')
    expect(traceForward(firewall, OUTGOING)).toMatchObject({
      verdict: 'accept',
      byPolicy: true,
      path: [{ match: 'yes' }],
    })
  })

  test('no rules at all: accepted', () => {
    expect(traceForward({}, OUTGOING)).toMatchObject({ verdict: 'accept', byPolicy: true, path: [] })
  })

  test('what one backend accepts the other may drop', () => {
    const legacy = filter('DROP').iptables ?? []
    const nft = filter('ACCEPT', '-A FORWARD -j ACCEPT').iptables ?? []
    expect(traceForward({ iptables: [...nft, ...legacy] }, OUTGOING)).toMatchObject({
      verdict: 'drop',
      byPolicy: true,
    })
  })

  test('IPv6 packets meet the rules of ip6tables only', () => {
    const { iptables = [] } = filter('DROP')
    const packet = { iif: 'docker0', oif: 'eth0', src: 'fd00::2', dst: '2001:db8::1' }
    expect(traceForward({ iptables }, packet).verdict).toBe('accept')
    expect(traceForward({ ip6tables: iptables }, packet).verdict).toBe('drop')
  })
})

describe('jumps', () => {
  test('RETURN and the end of a chain go back to the caller', () => {
    const firewall = filter(
      'ACCEPT',
      '-A FORWARD -j A',
      '-A FORWARD -j B',
      '-A FORWARD -j DROP',
      '-A A -j RETURN',
      '-A A -j ACCEPT',
      '-A B -s 1.2.3.4 -j ACCEPT',
    )
    expect(traceForward(firewall, OUTGOING)).toMatchObject({ verdict: 'drop', rule: { position: 3 } })
    expect(traceForward(firewall, { ...OUTGOING, src: '1.2.3.4' }).verdict).toBe('accept')
  })

  test('RETURN in a base chain is its policy', () => {
    expect(
      traceForward(filter('DROP', '-A FORWARD -j RETURN', '-A FORWARD -j ACCEPT'), OUTGOING),
    ).toMatchObject({ verdict: 'drop', byPolicy: true })
  })

  test("goto goes back to the caller's caller", () => {
    const firewall = filter('DROP', '-A FORWARD -g A', '-A FORWARD -j ACCEPT', '-A A -s 1.2.3.4 -j ACCEPT')
    expect(traceForward(firewall, OUTGOING)).toMatchObject({ verdict: 'drop', byPolicy: true })
  })

  test('a RETURN that may happen leaves both ways open', () => {
    const firewall = filter(
      'ACCEPT',
      '-A FORWARD -j A',
      '-A A -m set --match-set ok src -j RETURN',
      '-A A -j DROP',
    )
    expect(traceForward(firewall, OUTGOING).verdict).toBe('undecided')
    const closed = filter(
      'DROP',
      '-A FORWARD -j A',
      '-A A -m set --match-set ok src -j RETURN',
      '-A A -j DROP',
    )
    expect(traceForward(closed, OUTGOING).verdict).toBe('drop')
  })

  test('loops and chains that are not there end', () => {
    expect(
      traceForward(filter('DROP', '-A FORWARD -j A', '-A A -j B', '-A B -j A', '-A B -j A'), OUTGOING)
        .verdict,
    ).toBe('undecided')
    expect(traceForward(filter('DROP', '-A FORWARD -j NONESUCH'), OUTGOING).verdict).toBe('undecided')
  })

  test('marks are carried along', () => {
    const mark = '-A FORWARD -i docker0 -j MARK --set-xmark 0x1/0xff'
    expect(
      traceForward(filter('DROP', mark, '-A FORWARD -m mark --mark 0x1/0x1 -j ACCEPT'), OUTGOING).verdict,
    ).toBe('accept')
    expect(
      traceForward(filter('DROP', '-A FORWARD -m mark --mark 0x1/0x1 -j ACCEPT'), OUTGOING).verdict,
    ).toBe('drop')
    const perhaps = '-A FORWARD -m statistic --mode random --probability 0.5 -j MARK --set-xmark 0x1/0xff'
    expect(
      traceForward(filter('DROP', perhaps, '-A FORWARD -m mark --mark 0x1/0x1 -j ACCEPT'), OUTGOING).verdict,
    ).toBe('undecided')
  })
})

describe('other hooks', () => {
  test('input: a container asks the host', () => {
    const firewall = filter('DROP', '-A INPUT -i lo -j ACCEPT', '-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT')
    const packet = {
      iif: 'docker0',
      src: '172.17.0.2',
      dst: '172.17.0.1',
      proto: 'tcp',
      dport: 8090,
      ctstate: 'new',
    } as const
    expect(traceInput(firewall, packet, HOST)).toMatchObject({
      verdict: 'drop',
      byPolicy: true,
      hook: 'input',
    })
    expect(traceInput(firewall, { ...packet, dport: 22 }, HOST).verdict).toBe('accept')
  })

  test('prerouting: docker 28 drops what is sent straight to a container, not what was published', () => {
    const rules = parseIptablesSave(
      '*raw\n:PREROUTING ACCEPT [0:0]\n-A PREROUTING -d 172.17.0.2/32 ! -i docker0 -j DROP\nCOMMIT\n',
    )
    const { original: _, ...direct } = PUBLISHED
    expect(traceRouted({ iptables: [rules] }, direct, HOST)).toMatchObject({
      verdict: 'drop',
      hook: 'prerouting',
      chain: { table: 'raw' },
    })
    expect(traceRouted({ iptables: [rules] }, PUBLISHED, HOST).verdict).toBe('accept')
    for (const packet of [SIBLING, ANSWER])
      expect(traceRouted({ iptables: [rules] }, packet, HOST).verdict).toBe('accept')
    const { original: __, ...answer } = ANSWER
    expect(traceRouted({ iptables: [rules] }, answer, HOST).verdict).toBe('undecided')
  })

  test('nat: missing, conditional and by range', () => {
    const nat = (...rules: string[]) => ({
      iptables: [parseIptablesSave(`*nat\n:POSTROUTING ACCEPT [0:0]\n${rules.join('\n')}\nCOMMIT\n`)],
    })
    expect(traceSourceNat(nat(), OUTGOING).verdict).toBe('none')
    expect(
      traceSourceNat(nat('-A POSTROUTING -m set --match-set x src -j MASQUERADE'), OUTGOING),
    ).toMatchObject({ verdict: 'undecided', possible: [{ verdict: 'nat' }] })
    expect(
      traceSourceNat(nat('-A POSTROUTING -o eth0 -j SNAT --to-source 10.77.0.2-10.77.0.5'), OUTGOING).nat,
    ).toEqual({ type: 'snat', to: '10.77.0.2-10.77.0.5' })
    expect(
      traceSourceNat(
        nat('-A POSTROUTING -s 172.17.0.0/16 -j RETURN', '-A POSTROUTING -j MASQUERADE'),
        OUTGOING,
      ).verdict,
    ).toBe('none')
  })
})

describe('nftables', () => {
  const ruleset = parseNftRuleset(fixture('net/nft-native.json'))
  const only = (name: string) => ({
    nftables: { tables: ruleset.tables.filter((table) => table.name === name) },
  })

  test("docker's own backend: verdict maps lead to the chains of the bridge", () => {
    const firewall = only('docker-bridges')
    for (const packet of [OUTGOING, ANSWER, SIBLING, PUBLISHED])
      expect(traceRouted(firewall, packet, HOST).verdict).toBe('accept')
    expect(traceForward(firewall, { ...PUBLISHED, dport: 22 }, HOST)).toMatchObject({
      verdict: 'drop',
      rule: { comment: 'UNPUBLISHED PORT DROP', handle: 10, chain: 'filter-forward-in__docker0' },
    })
    const { original: _, ...direct } = PUBLISHED
    expect(traceRouted(firewall, direct, HOST)).toMatchObject({
      verdict: 'drop',
      rule: { comment: 'DROP DIRECT ACCESS' },
    })
  })

  test('sets, ranges and states are understood', () => {
    const firewall = only('hardening')
    const by = (packet: typeof OUTGOING) =>
      traceForward(firewall, packet, HOST)
        .path.filter((step) => step.match === 'yes')
        .map((step) => step.rule.handle)
    expect(by(ANSWER)).toEqual([5])
    expect(by(OUTGOING)).toEqual([7])
    expect(by({ ...OUTGOING, iif: 'br-0123' })).toEqual([8])
    expect(by({ ...OUTGOING, iif: 'wg0', src: '10.9.9.9', dport: 8050 })).toEqual([10])
    expect(by({ ...OUTGOING, iif: 'wg0', src: '10.9.9.9', dport: 53, proto: 'udp' })).toEqual([12])
  })

  test('a drop of a named rule', () => {
    const packet = { ...OUTGOING, iif: 'wg0', src: '1.2.3.4', dst: '172.17.0.9' }
    expect(traceForward(only('hardening'), packet, HOST)).toMatchObject({
      verdict: 'drop',
      rule: { handle: 13, raw: 'ip daddr 172.17.0.0/16 tcp dport 80 counter drop' },
    })
  })

  test('source and destination NAT', () => {
    expect(traceSourceNat(only('nat2'), OUTGOING)).toMatchObject({
      verdict: 'masquerade',
      rule: { handle: 3 },
    })
    expect(traceDestinationNat(only('nat2'), { ...PUBLISHED, dport: 8080 })).toMatchObject({
      verdict: 'dnat',
      nat: { to: '172.17.0.2', port: 80 },
    })
    expect(traceDestinationNat(only('nat2'), { ...PUBLISHED, dport: 81 })).toMatchObject({
      verdict: 'redirect',
      nat: { port: 3128 },
    })
  })

  test('tables of iptables-nft are judged by what iptables-save shows; without it, what nft hides is undecided', () => {
    const nftables = parseNftRuleset(fixture('debian-12-docker-20.10/nft-ruleset.json'))
    expect(traceForward({ nftables }, OUTGOING, HOST).verdict).toBe('accept')
    expect(traceForward({ nftables }, ANSWER, HOST).verdict).toBe('undecided')
    expect(traceForward(recorded(''), ANSWER, HOST).path.map((step) => step.rule.backend)).not.toContain(
      'nftables',
    )
  })
})

test('no rule set, however odd, makes a trace throw or run on', () => {
  const iptables = hostile(fixture('net/iptables-nft-save.txt'), [
    '-A FORWARD ',
    '-j DOCKER',
    '-g WEIRD',
    '\n:FORWARD DROP',
    '\n*filter\n',
    '-m ',
    '--mark 0x',
  ])
  fc.assert(
    fc.property(iptables, (text) => {
      const firewall = { iptables: [parseIptablesSave(`*filter\n:FORWARD DROP [0:0]\n${text}`)] }
      expect(['accept', 'drop', 'reject', 'undecided']).toContain(
        traceRouted(firewall, PUBLISHED, HOST).verdict,
      )
      traceSourceNat(firewall, OUTGOING, HOST)
    }),
    { numRuns: 10_000 },
  )
})

test('no nft rule set, however odd, makes a trace throw', () => {
  const key = fc.constantFrom(
    'match',
    'left',
    'right',
    'op',
    'meta',
    'payload',
    'ct',
    'fib',
    'key',
    'protocol',
    'field',
    'vmap',
    'data',
    'set',
    'concat',
    'jump',
    'target',
    'drop',
    'xt',
    'range',
    'prefix',
    'elem',
    'val',
  )
  const leaf = fc.constantFrom<unknown>(
    'ip',
    'tcp',
    'saddr',
    'dport',
    'iifname',
    '==',
    '!=',
    'in',
    '@s',
    'c',
    1,
    null,
    'state',
    '10.0.0.0/8',
  )
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { maxDepth: 6 },
      leaf,
      fc.dictionary(key, tie('tree'), { maxKeys: 4 }),
      fc.array(tie('tree'), { maxLength: 3 }),
    ),
  }))
  hostileRuns(
    fc.property(
      fc.array(tree, { maxLength: 5 }).map((expr) => JSON.stringify(expr)),
      (expr) => {
        const text = `{"nftables":[{"chain":{"family":"ip","table":"t","name":"c","hook":"forward","prio":0}},{"rule":{"family":"ip","table":"t","chain":"c","expr":${expr}}}]}`
        try {
          traceForward({ nftables: parseNftRuleset(text) }, OUTGOING, HOST)
        } catch (error) {
          expect(error).toBeInstanceOf(ParseError)
        }
      },
    ),
  )
})
