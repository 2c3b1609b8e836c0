import check from '../../../checks/firewall/engine-rules.ts'
import { finds, passes, skips, testCheck, unknown } from '../../../src/testing.ts'
import { configuredWith, ordinaryUser, recordedHost, stopped, withRules } from './host.ts'

const untranslated = withRules((rules) => rules.replace(/^-A POSTROUTING .*\n/gm, ''))

testCheck(check, {
  'nothing said': passes(recordedHost()),
  'iptables off, and somebody else translates': passes(configuredWith({ iptables: false })),
  'iptables off': finds('noTranslation', configuredWith({ iptables: false }, untranslated), {
    says: '"iptables"',
  }),
  "iptables off by a flag of Debian's script": finds(
    'noTranslation',
    { ...untranslated, '/etc/default/docker': 'DOCKER_OPTS=--iptables=false\n' },
    { after: {} },
  ),
  'ip-masq off': finds('noTranslation', configuredWith({ 'ip-masq': false }, untranslated), {
    says: '"ip-masq"',
  }),
  'icc off': finds('noTalk', configuredWith({ icc: false })),
  'no engine runs': skips(stopped),
  'an ordinary user': unknown(ordinaryUser),
})
