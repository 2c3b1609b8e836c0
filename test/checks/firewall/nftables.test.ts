import { expect, it } from 'vitest'
import check from '../../../checks/firewall/nftables.ts'
import { toShell } from '../../../src/fix/shell.ts'
import { finds, judge, passes, skips, testCheck, unknown } from '../../../src/testing.ts'
import { firewalldHost, ordinaryUser, recordedHost, stopped } from './host.ts'

const healthy = recordedHost()
const broken = recordedHost('nft-table-drop')

/** The recorded table, with a rule that drops in place of its policy. */
const dropping = {
  ...broken,
  '$ nft -j list ruleset': String(broken['$ nft -j list ruleset']).replace(
    '"policy": "drop"}}',
    '"policy": "accept"}}, {"rule": {"family": "inet", "table": "hardening", "chain": "forward", "handle": 9, "expr": [{"drop": null}]}}',
  ),
}

/** A rule about a port, in a chain that a verdict map leads to. */
const aimed = {
  ...broken,
  '$ nft -j list ruleset': String(broken['$ nft -j list ruleset']).replace(
    '"policy": "drop"}}',
    `"policy": "accept"}}, {"chain": {"family": "inet", "table": "hardening", "name": "ev", "handle": 8}},
    {"rule": {"family": "inet", "table": "hardening", "chain": "ev", "handle": 11, "expr": [{"match": {"op": "==", "left": {"payload": {"protocol": "tcp", "field": "dport"}}, "right": 80}}, {"drop": null}]}},
    {"rule": {"family": "inet", "table": "hardening", "chain": "forward", "handle": 9, "expr": [{"vmap": {"key": {"payload": {"protocol": "tcp", "field": "dport"}}, "data": {"set": [[80, {"jump": {"target": "ev"}}]]}}}]}}`,
  ),
}

testCheck(check, {
  'a drop behind a verdict map, in the chain where it stands': finds('rule', aimed, {
    says: /"tcp dport 80 drop" of chain ev /,
    after: {},
  }),
  'only the tables of iptables': passes(healthy),
  'firewalld, which accepts what was translated': passes(firewalldHost()),
  'firewalld, with the bridge in another zone': finds('rule', firewalldHost('firewalld-zone-public'), {
    says: 'inet firewalld',
    after: {},
  }),
  'a table of its own with policy drop': finds('policy', broken, { says: 'inet hardening', after: {} }),
  'a table of its own with a drop': finds('rule', dropping, { says: 'hardening', after: {} }),
  'nft is not installed': skips({ ...healthy, 'stat /usr/sbin/nft': null }),
  'no engine runs': skips(stopped),
  'an ordinary user': unknown(ordinaryUser),
})

it('lets bridges through once, in words that an nft before 1.0.3 knows too', async () => {
  const outcome = await judge(check, broken)
  const [found] = Array.isArray(outcome) ? outcome : []
  const shell = found?.fix ? toShell(found.fix) : ''
  expect(shell).toContain(`|| nft insert rule inet hardening forward iifname '"br-*"' accept`)
  expect(shell).toContain(`nft list chain inet hardening forward | grep -qF -- 'oifname "docker0" accept'`)
  expect(shell).not.toContain('{')
})

it('does not open all containers where a rule is about a port, and warns before it is taken out', async () => {
  const outcome = await judge(check, aimed)
  const found = Array.isArray(outcome) ? outcome : [outcome]
  const fix = found.find(({ message }) => message.includes('port 8081 of web'))?.fix
  const shell = fix ? toShell(fix) : ''
  expect(shell).toContain('nft insert rule inet hardening ev position 11')
  expect(shell).not.toContain('"br-*"')
})
