import check from '../../../checks/firewall/docker-chains.ts'
import { finds, passes, skips, testCheck, unknown } from '../../../src/testing.ts'
import { configuredWith, ordinaryUser, recordedHost, stopped, withRules } from './host.ts'

const healthy = recordedHost()
const afterRestart = { '$ iptables-save': healthy['$ iptables-save'] ?? null }
const without = (pattern: RegExp) => withRules((rules) => rules.replace(pattern, ''))
const userBelow = (rule: string) =>
  withRules((rules) =>
    rules
      .replace('-A FORWARD -j DOCKER-USER\n', '')
      .replace(`${rule}\n`, `${rule}\n-A FORWARD -j DOCKER-USER\n`),
  )

testCheck(check, {
  'as the engine wrote them': passes(healthy, { says: 'for docker0' }),
  'an administrator’s rules among them': passes(
    withRules((rules) =>
      rules.replace(
        '-A FORWARD -j DOCKER-USER',
        '-A FORWARD -j DOCKER-USER\n-A FORWARD -s 10.0.0.0/8 -j ACCEPT',
      ),
    ),
  ),
  'iptables -F': finds('missingFilter', recordedHost('filter-flushed'), { after: afterRestart }),
  'iptables -t nat -F': finds('missingNat', without(/^-A (?:PREROUTING|OUTPUT|POSTROUTING) .*\n/gm), {
    after: afterRestart,
  }),
  'one rule gone': finds('missingMasquerade', without(/^-A POSTROUTING -s 172.17.0.0\/16 .*\n/m), {
    after: afterRestart,
    says: 'docker0',
  }),
  'DOCKER-USER below the isolation, as a restart with live-restore leaves it': passes(
    userBelow('-A FORWARD -j DOCKER-ISOLATION-STAGE-1'),
  ),
  'DOCKER-USER below what the engine accepts': finds(
    'wrongOrder',
    userBelow('-A FORWARD -o docker0 -j DOCKER'),
    {
      after: afterRestart,
    },
  ),
  'no engine runs': skips(stopped),
  'told to write none': skips(configuredWith({ iptables: false })),
  'an ordinary user': unknown(ordinaryUser, { says: 'only root may read it' }),
})
