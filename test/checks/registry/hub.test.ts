import check from '../../../checks/registry/hub.ts'
import { finds, passes, testCheck, unknown } from '../../../src/testing.ts'
import { answers, configured, hub, refused, registry, silent } from './host.ts'

const MIRROR = 'https://mirror.example'
const bare = configured(null)
const mirrored = configured({ 'registry-mirrors': [MIRROR] })

testCheck(check, {
  'asks for a token': passes({ ...bare, ...hub(answers(401), answers(200)) }, { says: 'answers in' }),
  'out of reach, and a mirror stands in': passes(
    { ...mirrored, ...hub(refused), ...registry(MIRROR, answers(401)) },
    { says: `the mirror ${MIRROR} stands in` },
  ),
  'out of reach, and no mirror': finds('unreachable', { ...bare, ...hub(silent('tcp', 'TIMEOUT')) }),
  'out of reach, and the mirror too': finds('unreachable', {
    ...mirrored,
    ...hub(silent('dns', 'ENOTFOUND')),
    ...registry(MIRROR, refused),
  }),
  'the token service is blocked': finds('tokenBlocked', {
    ...bare,
    ...hub(answers(401), silent('tcp', 'ECONNRESET')),
  }),
  'IPv6 leads nowhere': finds('ipv6Broken', {
    ...bare,
    ...hub({ ...answers(401), failures: [{ address: '2600:1f18::1', code: 'ENETUNREACH' }] }, answers(200)),
  }),
  'behind a proxy': unknown({
    ...bare,
    ...hub(refused),
    '/etc/docker/daemon.json': JSON.stringify({ proxies: { 'https-proxy': 'http://proxy:3128' } }),
  }),
  'nothing recorded': unknown({}),
})
