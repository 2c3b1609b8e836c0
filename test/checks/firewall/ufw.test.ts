import check from '../../../checks/firewall/ufw.ts'
import type { Readings } from '../../../src/hosts/memory.ts'
import { finds, passes, skips, testCheck, unknown } from '../../../src/testing.ts'
import { configuredWith, ordinaryUser, recordedHost, stopped, ufwHost, withRules } from './host.ts'

/** 8081, which the recorded container publishes, is allowed too. */
const allowed = (host: Readings = ufwHost()): Readings =>
  withRules(
    (rules) =>
      rules.replace(
        '-A ufw-user-input -p tcp -m tcp --dport 22',
        '-A ufw-user-input -p tcp -m tcp --dport 8081 -j ACCEPT\n-A ufw-user-input -p tcp -m tcp --dport 22',
      ),
    host,
  )
const rules = (host: Readings): Readings => ({ '$ iptables-save': host['$ iptables-save'] ?? null })

const ufwFiles: Readings = {
  '/etc/ufw/ufw.conf': ufwHost()['/etc/ufw/ufw.conf'] ?? null,
  '/etc/default/ufw': ufwHost()['/etc/default/ufw'] ?? null,
}
const builtins: Readings = {
  '/etc/default/ufw': String(ufwFiles['/etc/default/ufw']).replace(
    'MANAGE_BUILTINS=no',
    'MANAGE_BUILTINS=yes',
  ),
}
const noEngineRules = configuredWith({ iptables: false }, ufwHost('ufw-no-engine-rules'))
const forwarding = withRules((text) => text.replace(':FORWARD DROP', ':FORWARD ACCEPT'), noEngineRules)

testCheck(check, {
  'not installed': skips(recordedHost()),
  'switched off': passes(
    { ...recordedHost(), ...ufwFiles, '/etc/ufw/ufw.conf': 'ENABLED=no\n' },
    { says: 'off' },
  ),
  'on, and says what is so': passes(allowed()),
  'a published port gets past it': finds('bypass', ufwHost(), {
    says: '8081/tcp of web',
    after: rules(allowed()),
  }),
  'a web server that is published gets past it, as is meant': passes(
    JSON.parse(JSON.stringify(ufwHost()).replaceAll('8081', '443')) as Readings,
  ),
  'past it, and closed in DOCKER-USER': passes(
    withRules(
      (text) =>
        text.replace(
          '-A DOCKER-USER',
          '-A DOCKER-USER -i eth0 -m conntrack --ctstate NEW -j DROP\n-A DOCKER-USER',
        ),
      ufwHost(),
    ),
  ),
  'the engine writes no rules, and ufw forwards nothing': finds('blocksForward', noEngineRules, {
    says: /policy of filter FORWARD/,
    after: rules(forwarding),
  }),
  'the engine writes no rules, and ufw forwards': passes(forwarding),
  'a rule in before.rules': finds(
    'blocksForward',
    allowed(
      withRules(
        (text) =>
          text
            .replace(
              '-A FORWARD -j DOCKER-USER',
              '-A FORWARD -j ufw-before-forward\n-A FORWARD -j DOCKER-USER',
            )
            .replace('-A ufw-before-forward -j ufw-user-forward', '-A ufw-before-forward -i docker0 -j DROP'),
        ufwHost(),
      ),
    ),
    { says: /-i docker0 -j DROP/, after: rules(allowed()) },
  ),
  'it has flushed the engine’s rules': finds(
    'flushesEngine',
    { ...ufwHost('ufw-manages-builtins'), ...builtins },
    { says: 'MANAGE_BUILTINS', after: {} },
  ),
  'it will flush them': finds('flushesAtReload', { ...allowed(), ...builtins }),
  'the rules flushed by somebody else': passes({ ...recordedHost('filter-flushed'), ...ufwFiles }),
  'no engine runs': skips({ ...stopped, ...ufwFiles }),
  'an ordinary user': unknown({ ...ordinaryUser, ...ufwFiles }),
})
