import { expect, it } from 'vitest'
import check from '../../../checks/firewall/forward-policy.ts'
import { carriedOut } from '../../../src/fix/automatic.ts'
import { toShell } from '../../../src/fix/shell.ts'
import { finds, judge, passes, skips, testCheck, unknown } from '../../../src/testing.ts'
import { ordinaryUser, recordedHost, stopped, withRules } from './host.ts'

const healthy = recordedHost()
const first = (rule: string) =>
  withRules((rules) => rules.replace('-A FORWARD -j DOCKER-USER', `${rule}\n-A FORWARD -j DOCKER-USER`))
const cured = { '$ iptables-save': healthy['$ iptables-save'] ?? null }

testCheck(check, {
  'as the engine wrote them': passes(healthy),
  'a DROP for somebody else’s addresses': passes(first('-A FORWARD -s 192.168.50.0/24 -j DROP')),
  'a limit that nobody can foresee': passes(first('-A FORWARD -m limit --limit 5/sec -j DROP')),
  'a bare DROP in DOCKER-USER': finds('dropped', recordedHost('docker-user-drop'), {
    says: 'DOCKER-USER -j DROP',
    after: {},
  }),
  'name servers blocked': finds('dropped', first('-A FORWARD -p udp -m udp --dport 53 -j DROP'), {
    says: /DNS queries .* --dport 53 -j DROP/,
    after: {},
  }),
  'a REJECT before the engine’s rules': finds(
    'rejected',
    first('-A FORWARD -j REJECT --reject-with icmp-host-prohibited'),
    {
      says: 'icmp-host-prohibited',
      after: {},
    },
  ),
  'the rules flushed, the policy DROP left': finds('policy', recordedHost('filter-flushed'), {
    after: cured,
  }),
  'a comment that would need quoting': finds(
    'dropped',
    first('-A FORWARD -m comment --comment "all of it" -j DROP'),
  ),
  'a published port closed by a rule about it': finds(
    'portClosed',
    first('-A FORWARD -i eth0 -p tcp -m conntrack --ctorigdstport 8081 --ctdir ORIGINAL -j DROP'),
    { says: /port 8081 of web is published, .* --ctorigdstport 8081/, after: cured },
  ),
  'published ports closed to some': passes(
    withRules((rules) =>
      rules.replace(
        '-A DOCKER-USER -j RETURN',
        '-A DOCKER-USER -m conntrack --ctstate RELATED,ESTABLISHED -j RETURN\n-A DOCKER-USER ! -s 192.0.2.0/24 -i eth0 -j DROP\n-A DOCKER-USER -j RETURN',
      ),
    ),
  ),
  'published ports closed to all': finds(
    'dropped',
    first('-A FORWARD -i eth0 -m conntrack --ctstate NEW -j DROP'),
    { says: 'to port 8081 of web', after: {} },
  ),
  'no engine runs': skips(stopped),
  'an ordinary user': unknown(ordinaryUser),
})

it('deletes a rule only where it still is, and says that something adds it at boot', async () => {
  const outcome = await judge(check, recordedHost('docker-user-drop'))
  const [found] = Array.isArray(outcome) ? outcome : []
  const shell = found?.fix ? toShell(found.fix) : ''
  expect(shell).toContain(
    'while iptables -w -t filter -C DOCKER-USER -j DROP 2>/dev/null; do iptables -w -t filter -D DOCKER-USER -j DROP; done',
  )
  expect(shell).toContain('# Find what adds the rule at boot')
})

it.each([
  ['1.4.21', 'iptables'],
  ['1.8.9 (legacy)', 'iptables-legacy'],
])('has the program that iptables %s brings delete it: %s', async (version, program) => {
  const host = withRules(
    (rules) => rules.replace(/v1\S+ \(nf_tables\)/g, `v${version}`),
    recordedHost('docker-user-drop'),
  )
  const outcome = await judge(check, host)
  const [found] = Array.isArray(outcome) ? outcome : []
  expect(found?.fix?.steps[0]).toMatchObject({ kind: 'iptables', program })
})

it('takes no rule out that closes nothing but published ports: it was written on purpose', async () => {
  const outcome = await judge(check, first('-A FORWARD -i eth0 -m conntrack --ctstate NEW -j DROP'))
  const [found] = Array.isArray(outcome) ? outcome : []
  expect(found?.fix && carriedOut(found.fix).steps).toEqual([])
})
