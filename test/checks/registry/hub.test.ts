import check from '../../../checks/registry/hub.ts'
import type { Readings } from '../../../src/hosts/memory.ts'
import { finds, passes, testCheck, unknown } from '../../../src/testing.ts'
import { answers, configured, hub, refused, registry, silent } from './host.ts'

const MIRROR = 'https://mirror.example'
const bare = configured(null)
/** Behind a proxy that answers so when it is asked for Docker Hub. */
const behind = (through: Readings[string], direct: Readings = hub(refused)): Readings => ({
  ...configured({ proxies: { 'https-proxy': 'http://p.example:3128' } }),
  ...direct,
  'probe proxy://p.example:3128/https://registry-1.docker.io/v2/': through,
  'probe proxy://p.example:3128/https://auth.docker.io/token?service=registry.docker.io': through,
})
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
  'the proxy gets there': passes(behind(answers(200)), { says: 'proxy gets there' }),
  'the proxy refuses, whatever answers directly': finds(
    'unreachable',
    behind(answers(403), hub(answers(401), answers(200))),
    { says: "through the engine's proxy: HTTP 403" },
  ),
  'the proxy refuses, and a mirror stands in': passes({
    ...behind(answers(403)),
    '/etc/docker/daemon.json': JSON.stringify({
      'registry-mirrors': [MIRROR],
      proxies: { 'https-proxy': 'http://p.example:3128', 'no-proxy': 'mirror.example' },
    }),
    ...registry(MIRROR, answers(401)),
  }),
  'not through the proxy': passes({
    ...behind(answers(403), hub(answers(401), answers(200))),
    '/etc/docker/daemon.json': JSON.stringify({
      proxies: { 'https-proxy': 'http://p.example:3128', 'no-proxy': 'docker.io' },
    }),
  }),
  'the proxy wants a login, which the engine may have': unknown(behind(answers(407))),
  'the proxy is not one that can be asked': unknown({
    ...behind(answers(200)),
    '/etc/docker/daemon.json': JSON.stringify({ proxies: { 'https-proxy': 'socks5://p.example' } }),
  }),
  'nothing recorded': unknown({}),
})
