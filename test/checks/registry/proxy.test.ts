import check from '../../../checks/registry/proxy.ts'
import type { Readings } from '../../../src/hosts/memory.ts'
import type { ProbeAnswer } from '../../../src/model/source.ts'
import { finds, passes, testCheck, unknown } from '../../../src/testing.ts'
import { answers, CLIENT_CONFIG, certs, engine, hub, inUse, refused, silent } from './host.ts'

const PROXY = 'http://p.example:3128'
const REG = 'reg.example:5443'
const MIRROR = 'http://10.9.8.7:5000'
const there: ProbeAnswer = { ok: true, timings: { tcp: 1 } }
const base: Readings = { ...inUse, ...certs({}), 'probe tcp://p.example:3128': there }

const daemonJson = (proxies: object, more: object = {}): Readings => ({
  ...base,
  '/etc/docker/daemon.json': JSON.stringify({ proxies, ...more }),
})
const both = { 'http-proxy': PROXY, 'https-proxy': PROXY }
const given = (value: string): Readings => ({
  ...base,
  [CLIENT_CONFIG]: JSON.stringify({ proxies: { default: { httpProxy: value, httpsProxy: value } } }),
})
/** What a registry with TLS answers directly, and what the proxy says. */
const asked = (direct: ProbeAnswer, through: ProbeAnswer): Readings => ({
  ...certs({ [REG]: ['ca.crt'] }),
  [`probe tcp://${REG}`]: direct,
  [`probe proxy://p.example:3128/https://${REG}/v2/`]: through,
})
const info = { HttpProxy: PROXY, HttpsProxy: PROXY, NoProxy: '' }
const UNIT = '/etc/systemd/system/docker.service'
const DROP_IN = `${UNIT}.d/http-proxy.conf`
const SYSTEMD: Readings = {
  'stat /run/systemd/system': {
    type: 'directory',
    mode: 0o755,
    uid: 0,
    gid: 0,
    size: 0,
    mtimeMs: 0,
    ino: 1,
    dev: 1,
  },
}
/** A service of systemd's, and an engine that has, or has not, what it says. */
const service = (variables: string, running: object): Readings => ({
  ...base,
  ...engine([], running),
  ...SYSTEMD,
  [`${UNIT}.d/`]: ['http-proxy.conf'],
  [DROP_IN]: `[Service]\nEnvironment=${variables}\n`,
})
const BOTH_SET = `"HTTP_PROXY=${PROXY}" "HTTPS_PROXY=${PROXY}"`

/** Docker Hub is out of reach, and a shell has a proxy that answers so. */
const shell = (through: ProbeAnswer, value = PROXY): Readings => ({
  ...base,
  ...hub(silent('tcp', 'TIMEOUT')),
  'env HTTPS_PROXY': value,
  'probe proxy://p.example:3128/https://registry-1.docker.io/v2/': through,
})

testCheck(check, {
  'a shell has one that helps': finds('notSet', shell(answers(200)), { says: 'HTTPS_PROXY' }),
  'a shell has one that helps, under systemd': finds(
    'notSet',
    { ...shell(answers(200)), ...SYSTEMD },
    { after: {} },
  ),
  'every login has one that helps, with a password': finds(
    'notSet',
    {
      ...shell(answers(407)),
      ...SYSTEMD,
      'env HTTPS_PROXY': null,
      '/etc/environment': 'https_proxy="http://***@p.example:3128"\n',
    },
    { says: '/etc/environment' },
  ),
  'a shell has one that does not help either': passes(shell(answers(503))),
  'a shell has one of its own': passes(shell(there, 'http://127.0.0.1:8118')),
  'a shell has one, and a mirror stands in': passes({
    ...shell(answers(200)),
    '/etc/docker/daemon.json': JSON.stringify({ 'registry-mirrors': [MIRROR] }),
    [`probe ${MIRROR}/v2/`]: answers(200),
  }),
  'a shell has one, and the engine gets there without': passes({
    ...base,
    'env HTTPS_PROXY': PROXY,
  }),
  none: passes(base),
  'one that answers': passes(daemonJson(both)),
  "Docker Desktop's own": passes({
    ...base,
    ...engine([], { HttpProxy: 'http.docker.internal:3128', HttpsProxy: 'http.docker.internal:3128' }),
  }),
  'without its scheme': passes(daemonJson({ 'https-proxy': 'p.example:3128' })),
  'by TLS, with a certificate that only the engine knows': passes({
    ...daemonJson({ 'https-proxy': 'https://p.example:3128' }),
    'probe tls://p.example:3128': silent('tls', 'SELF_SIGNED_CERT_IN_CHAIN'),
  }),
  'it gets to the registry': passes({ ...daemonJson(both), ...asked(there, answers(200)) }),
  'it wants a login, which the engine may have': passes({
    ...daemonJson(both),
    ...asked(there, answers(407)),
  }),
  'the registry answers neither way': passes({ ...daemonJson(both), ...asked(refused, answers(503)) }),
  'NO_PROXY covers the registry': passes({
    ...daemonJson({ ...both, 'no-proxy': '.example' }),
    ...certs({ [REG]: ['ca.crt'] }),
  }),
  'what is no URL': finds('badValue', daemonJson({ 'https-proxy': 'ftp://p.example' })),
  'it refuses': finds(
    'unreachable',
    { ...daemonJson(both), 'probe tcp://p.example:3128': refused },
    {
      says: 'ECONNREFUSED',
    },
  ),
  'its name does not resolve': finds('unreachable', {
    ...daemonJson(both),
    'probe tcp://p.example:3128': silent('dns', 'ENOTFOUND'),
  }),
  'https:// where it answers no handshake': finds('unreachable', {
    ...daemonJson({ 'https-proxy': 'https://p.example:3128' }),
    'probe tls://p.example:3128': silent('tls', 'TIMEOUT'),
  }),
  'https:// where it speaks plain HTTP': finds(
    'speaksPlain',
    {
      ...daemonJson({ 'https-proxy': 'https://p.example:3128' }),
      'probe tls://p.example:3128': silent('tls', 'ERR_SSL_WRONG_VERSION_NUMBER'),
    },
    { after: {} },
  ),
  'https:// with a password where it speaks plain HTTP': finds('speaksPlain', {
    ...daemonJson({ 'https-proxy': 'https://u:***@p.example:3128' }),
    'probe tls://p.example:3128': silent('tls', 'ERR_SSL_WRONG_VERSION_NUMBER'),
  }),
  'it does not get to a registry that answers': finds(
    'notBypassed',
    { ...daemonJson(both), ...asked(there, answers(403)) },
    { says: 'reg.example:5443 answers' },
  ),
  'it does not get to a mirror over plain HTTP': finds('notBypassed', {
    ...daemonJson(both, { 'registry-mirrors': [MIRROR] }),
    [`probe ${MIRROR}/v2/`]: answers(200),
    [`probe proxy://p.example:3128/${MIRROR}/v2/`]: answers(502),
  }),
  'set in a drop-in': finds(
    'notBypassed',
    { ...service(BOTH_SET, info), ...asked(there, answers(403)) },
    {
      after: {
        [`${UNIT}.d/`]: ['http-proxy.conf', 'zz-no-proxy.conf'],
        ...engine([], { ...info, NoProxy: 'reg.example' }),
      },
    },
  ),
  'corrected, and not restarted': finds(
    'notBypassed',
    { ...service(`${BOTH_SET} NO_PROXY=reg.example`, info), ...asked(there, answers(403)) },
    { after: engine([], { ...info, NoProxy: 'reg.example' }) },
  ),
  'set for a service without systemd': finds(
    'notBypassed',
    {
      ...base,
      ...engine([], info),
      '/etc/default/docker': `export HTTP_PROXY=${PROXY}\nexport HTTPS_PROXY=${PROXY}\n`,
      ...asked(there, answers(501)),
    },
    { says: 'NO_PROXY lacks it', after: engine([], { ...info, NoProxy: 'reg.example' }) },
  ),
  'set, and not in force': finds('notInForce', service(BOTH_SET, {}), {
    says: DROP_IN,
    after: engine([], info),
  }),
  'set and in force': passes(service(BOTH_SET, info)),
  'containers are given one that answers': passes(given(PROXY)),
  'containers are given a name that only they can resolve': passes({
    ...given('http://squid:3128'),
    'probe tcp://squid:3128': silent('dns', 'ENOTFOUND'),
  }),
  'containers are given one that is not there': finds('containersUnreachable', {
    ...given(PROXY),
    'probe tcp://p.example:3128': silent('tcp', 'EHOSTUNREACH'),
  }),
  'containers are given the host’s own': finds('containersLoopback', {
    ...given('http://127.0.0.1:3128'),
    'probe tcp://127.0.0.1:3128': there,
  }),
  'not asked': unknown({
    ...daemonJson(both),
    'probe tcp://p.example:3128': { state: 'notRecorded', reason: 'not asked', durationMs: 0 },
  }),
})
