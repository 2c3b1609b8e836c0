import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import check from '../../../checks/registry/rate-limit.ts'
import { allowanceIn } from '../../../src/facts/hub-allowance.ts'
import type { Readings } from '../../../src/hosts/memory.ts'
import { finds, passes, skips, testCheck, unknown } from '../../../src/testing.ts'
import { answers, CLIENT_CONFIG, inUse, refused, registry, silent } from './host.ts'

const ASKED =
  'probe HEAD https://registry-1.docker.io/v2/ratelimitpreview/test/manifests/latest with a token of https://auth.docker.io/token?service=registry.docker.io&scope=repository:ratelimitpreview/test:pull'
const OWN = '203.0.113.7'
const link = { ifname: 'eth0', flags: ['UP'], addr_info: [{ family: 'inet', local: OWN, prefixlen: 24 }] }

const hub = (answer: Readings[string]): Readings => ({
  ...inUse,
  '$ ip -j -d addr show': JSON.stringify([link]),
  [ASKED]: answer,
})
/** As Docker Hub answers. @see https://github.com/docker/hub-feedback/issues/2464 */
const allowed = (remaining: number, source = OWN, status = 200): Readings[string] =>
  answers(status, '', {
    'ratelimit-limit': '100;w=21600',
    'ratelimit-remaining': `${remaining};w=21600`,
    'docker-ratelimit-source': source,
  })
const MIRROR = 'https://mirror.example'

testCheck(check, {
  'most is left': passes(hub(allowed(76)), { says: '76 of 100 pulls left' }),
  'a tenth is left': passes(hub(allowed(10))),
  'no limit at all': passes(hub(answers(200)), { says: 'no limit' }),
  'little is left': finds('low', hub(allowed(9)), { says: 'only 9 of 100 images' }),
  'nothing is left': finds('exhausted', hub(allowed(0)), { says: `${OWN} pull nothing more` }),
  'refused, without a word of the limit': finds('exhausted', hub(answers(429))),
  'nothing is left for the office': finds('sharedExhausted', hub(allowed(0, '198.51.100.1')), {
    says: '198.51.100.1 pull nothing more without a login: all 100 pulls in 6 hours',
  }),
  'nothing is left for the neighbourhood': finds(
    'sharedExhausted',
    hub(allowed(0, '2001:db8:801:2000::', 429)),
  ),
  'a login is what counts': skips({
    ...hub(allowed(0)),
    '/root/.docker/': ['config.json'],
    [CLIENT_CONFIG]: '{"auths": {"https://index.docker.io/v1/": {}}}',
  }),
  'a mirror stands in': skips({
    ...hub(allowed(0)),
    '/etc/docker/daemon.json': JSON.stringify({ 'registry-mirrors': [MIRROR] }),
    ...registry(MIRROR, answers(401)),
  }),
  'a mirror that is out of reach': finds('exhausted', {
    ...hub(allowed(0)),
    '/etc/docker/daemon.json': JSON.stringify({ 'registry-mirrors': [MIRROR] }),
    ...registry(MIRROR, refused),
  }),
  'behind a proxy': skips({
    ...hub(allowed(0)),
    '/etc/docker/daemon.json': JSON.stringify({ proxies: { 'https-proxy': 'socks5://p.example' } }),
  }),
  'Docker Hub is out of reach': skips(hub(silent('dns', 'ENOTFOUND', 'no such name'))),
  'a page in between': skips(hub(answers(503))),
  'nothing recorded': unknown({}),
})

describe('allowanceIn', () => {
  it('makes no number of what is none', () =>
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.nat(600), (limit, remaining, status) => {
        const headers = { 'ratelimit-limit': limit, 'ratelimit-remaining': remaining }
        const allowance = allowanceIn({ ok: true, status, headers, timings: {} })
        if (allowance.state !== 'counted') return
        for (const count of [allowance.limit, allowance.remaining, allowance.hours])
          expect(Number.isSafeInteger(count)).toBe(true)
      }),
      { numRuns: 10_000 },
    ))
})
