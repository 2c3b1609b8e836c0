import check from '../../../checks/registry/mirrors.ts'
import type { Readings } from '../../../src/hosts/memory.ts'
import { finds, passes, skips, testCheck, unknown } from '../../../src/testing.ts'
import { answers, configured, hub, refused, registry, silent } from './host.ts'

const A = 'https://mirror-a.example'
const B = 'http://10.9.8.7:5000'
const withMirrors = (mirrors: readonly string[], answering: Readings = {}, version?: string): Readings => ({
  ...configured({ 'registry-mirrors': mirrors }, version),
  ...answering,
})
const good = registry(A, answers(401))

testCheck(check, {
  'none configured': skips(configured(null)),
  'asks for a token, as Docker Hub does': passes(withMirrors([A], good)),
  'anonymous, with official images': passes(withMirrors([B], registry(B, answers(200), ['library/alpine']))),
  'an empty cache, and Docker Hub out of reach': passes(
    withMirrors([B], { ...registry(B, answers(200), []), ...hub(refused) }),
  ),
  'a path, from Docker 24 on': passes(withMirrors([`${A}/proxy`], registry(`${A}/proxy`, answers(200)))),
  'a path, before Docker 24': finds(
    'badUrl',
    withMirrors([`${A}/proxy`], registry(`${A}/proxy`, answers(200)), '23.0.6'),
    {
      says: 'may not have a path',
    },
  ),
  'no scheme': finds('badUrl', withMirrors(['mirror-a.example']), { says: 'must begin with' }),
  'text behind the URL': finds('badUrl', withMirrors([`${A},${B}`]), { says: 'text behind' }),
  'connection refused': finds('dead', withMirrors([A], registry(A, refused)), {
    says: 'no connection (ECONNREFUSED)',
  }),
  'the name does not resolve': finds('dead', withMirrors([A], registry(A, silent('dns', 'ENOTFOUND'))), {
    says: 'the name does not resolve',
  }),
  'a mirror that is known to be shut down': finds(
    'dead',
    withMirrors(
      ['https://hub-mirror.c.163.com'],
      registry('https://hub-mirror.c.163.com', silent('tcp', 'TIMEOUT')),
    ),
    { says: 'it is shut down' },
  ),
  'restricted to others': finds('dead', withMirrors([A], registry(A, answers(403))), { says: 'HTTP 403' }),
  'a web page': finds(
    'dead',
    withMirrors([A], registry(A, answers(200, '<html>', { 'content-type': 'text/html' }))),
    {
      says: 'web page',
    },
  ),
  'the first of two is dead': finds('oneDead', withMirrors([B, A], { ...registry(B, refused), ...good }), {
    says: /10\.9\.8\.7/,
  }),
  'http:// to a TLS port': finds(
    'wrongScheme',
    withMirrors([B], registry(B, answers(400, 'Client sent an HTTP request to an HTTPS server.\n'))),
    { after: registry('https://10.9.8.7:5000', answers(200)) },
  ),
  'https:// to a plain port': finds(
    'wrongScheme',
    withMirrors([A], registry(A, silent('tls', 'ERR_SSL_WRONG_VERSION_NUMBER'))),
    { after: registry('http://mirror-a.example', answers(200)) },
  ),
  'a private authority': finds(
    'untrusted',
    withMirrors(
      [A],
      registry(A, silent('tls', 'SELF_SIGNED_CERT_IN_CHAIN', 'self-signed certificate in chain')),
    ),
  ),
  'a registry of one’s own, and Docker Hub out of reach': finds(
    'lacksImages',
    withMirrors([B], {
      ...registry(B, answers(200), ['app', 'team/db']),
      ...hub(silent('dns', 'ENOTFOUND')),
    }),
  ),
  slow: finds('slow', withMirrors([A], registry(A, { ...answers(401), timings: { dns: 10, tcp: 4000 } }))),
  'behind a proxy': unknown({
    ...withMirrors([A], registry(A, refused)),
    '/etc/docker/daemon.json': JSON.stringify({
      'registry-mirrors': [A],
      proxies: { 'https-proxy': 'http://p:3128' },
    }),
  }),
  'not asked': unknown(withMirrors([A])),
})
