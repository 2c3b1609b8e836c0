import check from '../../../checks/network/bridge-netfilter.ts'
import { finds, passes, skips, testCheck, unknown } from '../../../src/testing.ts'
import { bareHost, DENIED, daemonJson, dockerHost, engine } from './host.ts'

const at = (value: string | null) => ({ '/proc/sys/net/bridge/bridge-nf-call-iptables': value })
const old = engine({ version: '20.10.24+dfsg1' })
const noProxy = daemonJson({ 'userland-proxy': false })

testCheck(check, {
  on: passes({ ...dockerHost, ...old, ...at('1\n') }),
  'off, as for virtual machines, and a new engine': passes(
    { ...dockerHost, ...at('0\n') },
    { says: 'nothing here needs it' },
  ),
  'not loaded, and a new engine': passes({ ...dockerHost, ...at(null) }),
  'not loaded, and no engine yet': skips({ ...bareHost, ...at(null), ...noProxy }),
  'off, and an old engine': finds('off', { ...dockerHost, ...old, ...at('0\n') }),
  'not loaded, and no userland proxy': finds('off', { ...dockerHost, ...noProxy, ...at(null) }),
  'off, and containers shall not reach each other': finds('ineffective', {
    ...dockerHost,
    ...daemonJson({ icc: false }),
    ...at('0\n'),
  }),
  'off, and a swarm': finds(
    'ineffective',
    { ...dockerHost, ...at('0\n') },
    { settings: { profile: 'swarm' } },
  ),
  denied: unknown({ ...dockerHost, '/proc/sys/net/bridge/bridge-nf-call-iptables': DENIED }),
})
