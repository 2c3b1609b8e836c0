import check from '../../../checks/registry/tls.ts'
import type { Readings } from '../../../src/hosts/memory.ts'
import type { ProbeAnswer } from '../../../src/model/source.ts'
import { finds, passes, skips, testCheck, unknown } from '../../../src/testing.ts'
import { answers, CLIENT_CONFIG, certs, engine, inUse, refused, registry, silent } from './host.ts'

const REG = 'reg.example:5443'
const FOLDER = `/etc/docker/certs.d/${REG}`

const certificate = {
  subject: 'CN=reg.example',
  issuer: 'CN=Example Root',
  names: ['reg.example'],
  validFrom: '2026-01-01T00:00:00.000Z',
  validTo: '2027-01-01T00:00:00.000Z',
}
const showing = (changed: Partial<typeof certificate> = {}): ProbeAnswer => ({
  ...answers(401),
  certificate: { ...certificate, ...changed },
})
const rejected = (code: string, message = '', changed: Partial<typeof certificate> = {}): ProbeAnswer => ({
  ...silent('tls', code, message),
  certificate: { ...certificate, ...changed },
})

const host = (answer: ProbeAnswer, files: readonly string[] = ['ca.crt'], more: Readings = {}): Readings => ({
  ...inUse,
  ...certs({ [REG]: files }),
  ...registry(`https://${REG}`, answer),
  ...more,
})
const UNKNOWN_CA = rejected(
  'SELF_SIGNED_CERT_IN_CHAIN',
  'the chain ends in an authority that this host does not trust',
)
const hubIntercepted = {
  'probe https://registry-1.docker.io/v2/ trusting /etc/docker/certs.d/registry-1.docker.io': rejected(
    'SELF_SIGNED_CERT_IN_CHAIN',
    'no',
    { issuer: 'CN=Corporate Inspection' },
  ),
}

/** A folder without a port, where nothing listens at 443, on a host whose services an init script starts. */
const portless = {
  ...inUse,
  ...certs({ 'reg.example': ['ca.crt'] }),
  ...registry('https://reg.example', refused),
  'stat /run/**': null,
}
const LOG = 'end /var/log/docker.log'
const distrusted = (name: string): string =>
  `level=error msg="Handler for POST /v1.41/images/create returned error: Get \\"https://${name}/v2/\\": x509: certificate signed by unknown authority"\n`

/** What a text says was refused. */
const refusedBy = (name: string) => ({
  settings: {
    refused: { ports: [], plugins: [], mounts: [], registries: { plain: [], others: [name] } },
  },
})

testCheck(check, {
  'no registry but Docker Hub': skips({ ...inUse, '/etc/docker/certs.d/': null }),
  'a certificate that is trusted': passes(host(showing())),
  'a text names that registry': passes(host(showing()), refusedBy(REG)),
  'a text names a registry that nothing here leads to': unknown(host(showing()), refusedBy('10.9.8.7:5443')),
  'a certificate of three months, renewed a month before its end': passes(
    host(showing({ validFrom: '2026-03-20T00:00:00Z', validTo: '2026-06-20T00:00:00Z' })),
  ),
  'a certificate of a week': passes(
    host(showing({ validFrom: '2026-05-29T00:00:00Z', validTo: '2026-06-05T00:00:00Z' })),
  ),
  'a registry that may be spoken to without verification': skips({
    ...host(UNKNOWN_CA, []),
    '/etc/docker/daemon.json': JSON.stringify({ 'insecure-registries': [REG] }),
    ...registry(`http://${REG}`, answers(400)),
  }),
  'a pair of client certificate and key': passes(host(showing(), ['ca.crt', 'client.cert', 'client.key'])),
  'a hosts.toml says by itself what is trusted': skips({ ...inUse, ...certs({ [REG]: ['hosts.toml'] }) }),
  'no certificate of its authority': finds('untrusted', host(UNKNOWN_CA, []), { says: 'CN=Example Root' }),
  'an authority in no PEM': finds(
    'untrusted',
    host(silent('tls', 'ERR_NO_CERTIFICATE', 'holds no certificate')),
  ),
  'an authority of the chain has expired': finds('untrusted', host(rejected('CERT_HAS_EXPIRED')), {
    says: 'authority in its chain has expired',
  }),
  'the intermediate is not sent': finds('incomplete', host(rejected('UNABLE_TO_VERIFY_LEAF_SIGNATURE'))),
  expired: finds('expired', host(rejected('CERT_HAS_EXPIRED', '', { validTo: '2026-05-01T00:00:00.000Z' })), {
    says: /expired on 2026-05-01 .*2026-06-01/,
  }),
  'not valid yet, or the clock is behind': finds(
    'notYetValid',
    host(rejected('CERT_NOT_YET_VALID', '', { validFrom: '2026-09-01T00:00:00.000Z' })),
    { says: 'from 2026-09-01' },
  ),
  'for another name': finds(
    'wrongName',
    host(rejected('ERR_TLS_CERT_ALTNAME_INVALID', '', { names: ['other.example'] })),
    { says: 'other.example' },
  ),
  'expires soon': finds('expiresSoon', host(showing({ validTo: '2026-06-08T00:00:00Z' })), {
    says: 'in 6 days',
  }),
  'a client certificate without its key': finds(
    'halfPair',
    host(showing(), ['ca.crt', 'client.cert'], {
      [`${FOLDER}/client.cert`]: 'one',
      [`${FOLDER}/ca.crt`]: 'two',
    }),
    { says: 'no client.key' },
  ),
  'a key without its certificate': finds('halfPair', host(showing(), ['ca.crt', 'client.key']), {
    says: 'no client.cert',
  }),
  'a copy of the authority that is taken for a client certificate': finds(
    'halfPair',
    host(showing(), ['ca.crt', 'client.cert'], {
      [`${FOLDER}/client.cert`]: 'one',
      [`${FOLDER}/ca.crt`]: 'one',
    }),
    { after: certs({ [REG]: ['ca.crt'] }) },
  ),
  'the folder lacks the port': finds(
    'wrongFolder',
    {
      ...inUse,
      ...certs({ 'reg.example': ['ca.crt'] }),
      ...registry('https://reg.example', refused),
      ...registry(`https://${REG}`, UNKNOWN_CA),
      ...engine([`${REG}/app:1`]),
    },
    { after: { ...certs({ [REG]: ['ca.crt'] }), ...registry(`https://${REG}`, showing()) } },
  ),
  'folders with and without the port': passes({
    ...host(showing()),
    ...certs({ 'reg.example': ['ca.crt'], [REG]: ['ca.crt'] }),
    ...registry('https://reg.example', refused),
  }),
  'a folder without port, and nothing listens at 443': finds('nothingThere', {
    ...inUse,
    ...certs({ 'reg.example': ['ca.crt'] }),
    ...registry('https://reg.example', refused),
  }),
  "the folder lacks the port, as a pull in the engine's log tells": finds(
    'wrongFolder',
    { ...portless, [LOG]: distrusted(REG) },
    { says: REG, after: { ...certs({ [REG]: ['ca.crt'] }), ...registry(`https://${REG}`, showing()) } },
  ),
  'the log names two ports': finds('nothingThere', {
    ...portless,
    [LOG]: distrusted(REG) + distrusted('reg.example:5000'),
  }),
  'a login, perhaps of long ago, to a registry that is not trusted': finds('unverified', {
    ...inUse,
    ...certs({}),
    [CLIENT_CONFIG]: JSON.stringify({ auths: { [REG]: {}, 'https://index.docker.io/v1/': {} } }),
    ...registry(`https://${REG}`, UNKNOWN_CA),
  }),
  'a login to a registry that is gone': skips({
    ...inUse,
    ...certs({}),
    [CLIENT_CONFIG]: JSON.stringify({ auths: { [REG]: {} } }),
    ...registry(`https://${REG}`, silent('dns', 'ENOTFOUND')),
  }),
  'a login, and images of it': finds('untrusted', {
    ...inUse,
    ...certs({}),
    ...engine([`${REG}/app:1`]),
    [CLIENT_CONFIG]: JSON.stringify({ auths: { [REG]: {} } }),
    ...registry(`https://${REG}`, UNKNOWN_CA),
  }),
  'an engine elsewhere': skips({ ...host(UNKNOWN_CA), ...engine([], { OperatingSystem: 'Docker Desktop' }) }),
  'a snap': skips({
    ...host(UNKNOWN_CA),
    ...engine([], { DockerRootDir: '/var/snap/docker/common/var-lib-docker' }),
  }),
  'a rootless engine': skips({ ...host(UNKNOWN_CA), ...engine([], { SecurityOptions: ['name=rootless'] }) }),
  'images are named so, and may have been loaded': finds('unverified', {
    ...inUse,
    ...certs({}),
    ...engine([`${REG}/app:1`, 'team/app:1', 'docker.io/library/alpine:3', 'localhost:5000/x:1']),
    ...registry(`https://${REG}`, UNKNOWN_CA),
  }),
  'images of a registry that cannot be reached': skips({
    ...inUse,
    ...certs({}),
    ...engine(['ghcr.io/team/app:1']),
    ...registry('https://ghcr.io', silent('tcp', 'TIMEOUT')),
  }),
  'somebody opens connections to Docker Hub': finds(
    'intercepted',
    { ...host(showing()), ...hubIntercepted },
    {
      says: 'CN=Corporate Inspection',
    },
  ),
  'a mirror stands in for Docker Hub': passes({
    ...host(showing()),
    ...hubIntercepted,
    '/etc/docker/daemon.json': JSON.stringify({ 'registry-mirrors': ['http://m.example'] }),
    ...registry('http://m.example', answers(200)),
  }),
  'behind a proxy': unknown({
    ...host(UNKNOWN_CA),
    '/etc/docker/daemon.json': JSON.stringify({ proxies: { 'https-proxy': 'http://p.example:3128' } }),
  }),
  'the proxy is not used for it': finds('untrusted', {
    ...host(UNKNOWN_CA),
    '/etc/docker/daemon.json': JSON.stringify({
      proxies: { 'https-proxy': 'http://p.example:3128', 'no-proxy': '.corp.example,reg.example' },
    }),
  }),
  'the registry does not answer': unknown(host(refused)),
  'certs.d may not be read': unknown({
    ...inUse,
    '/etc/docker/certs.d/': { state: 'denied', reason: 'permission denied', durationMs: 0 },
  }),
})
