import check from '../../../checks/registry/registries.ts'
import type { Readings } from '../../../src/hosts/memory.ts'
import type { ProbeAnswer } from '../../../src/model/source.ts'
import { finds, passes, skips, testCheck, unknown } from '../../../src/testing.ts'
import { answers, CLIENT_CONFIG, certs, engine, inUse, refused, registry, silent } from './host.ts'

const REG = 'reg.example:5443'
const PLAIN = '10.9.8.7:5000'
const basic = answers(401, '', { 'www-authenticate': 'Basic realm="Registry"' })
const bearer = answers(401, '', { 'www-authenticate': 'Bearer realm="https://reg.example/token"' })
const file = (name: string) => `/etc/docker/certs.d/${name}`

const host = (answer: ProbeAnswer, more: Readings = {}): Readings => ({
  ...inUse,
  ...certs({ [REG]: ['ca.crt'] }),
  ...registry(`https://${REG}`, answer),
  ...more,
})
const insecure = (entry: string, more: Readings): Readings => ({
  ...inUse,
  ...certs({}),
  '/etc/docker/daemon.json': JSON.stringify({ 'insecure-registries': [entry] }),
  ...more,
})
const login = (names: object): Readings => ({ [CLIENT_CONFIG]: JSON.stringify({ auths: names }) })
const ann: Readings = {
  identity: {
    uid: 0,
    gid: 0,
    user: 'root',
    groups: [0],
    pid: 1,
    sudo: { user: 'ann', uid: 1000, gid: 1000 },
  },
  '/etc/passwd': 'root:x:0:0:root:/root:/bin/bash\nann:x:1000:1000::/home/ann:/bin/bash\n',
  '/home/**': null,
}

/** What a text says was refused. */
const refusedBy = (name: string) => ({
  settings: {
    refused: { ports: [], plugins: [], mounts: [], registries: { plain: [], others: [name] } },
  },
})

testCheck(check, {
  'none is set up': skips({ ...inUse, ...certs({}) }),
  'none is set up, and a text names one': unknown({ ...inUse, ...certs({}) }, refusedBy(PLAIN)),
  'a text names one that nothing here leads to': unknown(host(basic, login({ [REG]: {} })), refusedBy(PLAIN)),
  'a text speaks of Docker Hub': skips({ ...inUse, ...certs({}) }, refusedBy('registry-1.docker.io')),
  'an engine elsewhere': skips(host(refused, engine([], { OperatingSystem: 'Docker Desktop' }))),
  'only images are named so': skips({
    ...inUse,
    ...certs({}),
    ...engine(['ghcr.io/team/app:1']),
    ...registry('https://ghcr.io', refused),
  }),
  'a login of long ago': skips({
    ...inUse,
    ...certs({}),
    ...login({ [REG]: {} }),
    ...registry(`https://${REG}`, refused),
  }),
  'open to all': passes(host(answers(200))),
  'a token for everybody': passes(host(bearer)),
  'a name and password that root has': passes(host(basic, login({ [REG]: { auth: '***' } }))),
  'a name and password that the user has': passes(
    host(basic, {
      ...ann,
      '/home/ann/.docker/config.json': JSON.stringify({ auths: { [`https://${REG}/v2/`]: {} } }),
    }),
  ),
  'a helper knows the password': passes(
    host(basic, { [CLIENT_CONFIG]: JSON.stringify({ credHelpers: { [REG]: 'pass' } }) }),
  ),
  'a store may know it': passes(host(basic, { [CLIENT_CONFIG]: JSON.stringify({ credsStore: 'pass' }) })),
  'the environment may say it': passes(host(basic, { 'env DOCKER_AUTH_CONFIG': '{}' })),
  'somebody can pull from it': passes(host(basic, engine([`${REG}/app:1`]))),
  "root's logins may not be seen": passes(
    host(basic, {
      ...ann,
      identity: { uid: 1000, gid: 1000, user: 'ann', groups: [1000], pid: 1 },
      'env HOME': '/home/ann',
      [CLIENT_CONFIG]: { state: 'denied', reason: 'permission denied', durationMs: 0 },
    }),
  ),
  'nobody has a login': finds('loginMissing', host(basic), { says: /reg\.example:5443 .*root has none/ }),
  'neither the user nor root has a login': finds('loginMissing', host(basic, ann), { says: 'ann or root' }),
  'plain HTTP, and listed': passes(insecure(PLAIN, registry(`http://${PLAIN}`, answers(200)))),
  'TLS of any kind, and listed': passes(insecure(PLAIN, registry(`http://${PLAIN}`, answers(400)))),
  'listed without a port, and at port 80': passes(
    insecure('reg.example', {
      ...registry('https://reg.example', refused),
      ...registry('http://reg.example', answers(200)),
    }),
  ),
  'a mirror': skips({
    ...insecure(PLAIN, registry(`http://${PLAIN}`, refused)),
    '/etc/docker/daemon.json': JSON.stringify({
      'insecure-registries': [PLAIN],
      'registry-mirrors': [`http://${PLAIN}/`],
    }),
  }),
  'listed, on this host itself': skips(insecure('localhost:5000', {})),
  'listed, in one list for many hosts': finds(
    'notAnswering',
    insecure(PLAIN, registry(`http://${PLAIN}`, refused)),
  ),
  'listed, and images of it are here': finds(
    'unreachable',
    insecure(PLAIN, { ...registry(`http://${PLAIN}`, refused), ...engine([`${PLAIN}/app:1`]) }),
  ),
  stopped: finds('unreachable', host(refused), { says: `${file(REG)}) does not answer: no connection` }),
  'its name does not resolve': finds('unreachable', host(silent('dns', 'ENOTFOUND'))),
  hangs: finds('unreachable', host({ ...silent('tcp', 'TIMEOUT'), stage: 'http' })),
  'logged in, with images of it': finds('unreachable', {
    ...inUse,
    ...certs({}),
    ...login({ [REG]: {} }),
    ...engine([`${REG}/app:1`]),
    ...registry(`https://${REG}`, refused),
  }),
  'a folder for port 443 beside the right one': passes({
    ...host(answers(200)),
    ...certs({ [REG]: ['ca.crt'], 'reg.example': ['ca.crt'] }),
    ...registry('https://reg.example', refused),
  }),
  'speaks plain HTTP': finds('plainHttp', host(silent('tls', 'ERR_SSL_WRONG_VERSION_NUMBER')), {
    after: registry(`http://${REG}`, answers(200)),
  }),
  broken: finds('broken', host(answers(502)), { says: 'HTTP 502' }),
  'its certificate is in the way': unknown(host(silent('tls', 'CERT_HAS_EXPIRED'))),
  'behind a proxy': unknown(
    host(refused, { '/etc/docker/daemon.json': '{"proxies": {"https-proxy": "http://p.example:3128"}}' }),
  ),
})
