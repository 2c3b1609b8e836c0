import check from '../../../checks/network/dns.ts'
import { OFFLINE } from '../../../src/engine/reader.ts'
import { finds, passes, testCheck, unknown } from '../../../src/testing.ts'
import { statOf } from '../engine-host.ts'
import { bareHost, daemonJson } from './host.ts'

const asked = (server: string) => `probe dns://${server}/registry-1.docker.io`
const yes = (...servers: readonly string[]) =>
  Object.fromEntries(servers.map((server) => [asked(server), { ok: true, code: 'ENOTFOUND', timings: {} }]))
const no = (...servers: readonly string[]) =>
  Object.fromEntries(
    servers.map((server) => [
      asked(server),
      { ok: false, stage: 'dns', code: 'TIMEOUT', message: `${server} does not answer`, timings: {} },
    ]),
  )
const offline = (...servers: readonly string[]) =>
  Object.fromEntries(
    servers.map((server) => [asked(server), { state: 'notRecorded', reason: OFFLINE, durationMs: 0 }]),
  )
const resolv = (...servers: readonly string[]) => ({
  ...bareHost,
  '/etc/resolv.conf': servers.map((server) => `nameserver ${server}\n`).join(''),
})
const RESOLVED = { '/run/systemd/resolve/resolv.conf': 'nameserver 10.77.0.1\n' }
const RESOLVED_UNIT = { 'stat /usr/lib/systemd/system/systemd-resolved.service': statOf('file', 0o644) }
const RESOLVED_RUNS = {
  'stat /sys/fs/cgroup/system.slice/systemd-resolved.service': statOf('directory', 0o755),
}
const MASKED_UNIT = {
  'stat /etc/systemd/system/systemd-resolved.service': statOf('character', 0o666, 0, 0, {
    realPath: '/dev/null',
  }),
}
const GOOGLE = ['8.8.8.8', '8.8.4.4']

testCheck(check, {
  'a server that answers': passes(
    { ...resolv('10.77.0.1'), ...yes('10.77.0.1') },
    { says: 'containers ask 10.77.0.1' },
  ),
  'systemd-resolved, and its list': passes(
    { ...resolv('127.0.0.53'), ...RESOLVED, ...yes('127.0.0.53', '10.77.0.1') },
    { says: 'from /run/systemd/resolve/resolv.conf' },
  ),
  'a local resolver, and dns in daemon.json': passes({
    ...resolv('127.0.0.53'),
    ...daemonJson({ dns: ['10.77.0.1'] }),
    ...yes('127.0.0.53', '10.77.0.1'),
  }),
  'no file, but a resolver of its own, and the public ones answer': passes({
    ...bareHost,
    ...yes('127.0.0.1', ...GOOGLE),
  }),
  'the local one and a real one': passes({
    ...resolv('127.0.0.1', '10.77.0.1'),
    ...yes('127.0.0.1', '10.77.0.1'),
  }),
  'IPv6 servers, and no IPv6 in containers': passes(
    { ...resolv('2001:db8::53'), ...yes('[2001:db8::53]', ...GOOGLE) },
    { says: "the engine's own list" },
  ),
  'no file': finds('noServer', { ...bareHost, ...no('127.0.0.1', ...GOOGLE) }, { says: 'leads nowhere' }),
  'no file, and systemd-resolved ran once': finds('noServer', {
    ...bareHost,
    ...RESOLVED,
    ...no('127.0.0.1', ...GOOGLE),
  }),
  'no file, and systemd-resolved is stopped': finds(
    'noServer',
    { ...bareHost, ...RESOLVED, ...RESOLVED_UNIT, ...no('127.0.0.1', ...GOOGLE) },
    { after: { ...resolv('127.0.0.53'), ...RESOLVED, ...yes('127.0.0.53', '10.77.0.1') } },
  ),
  'no file, and systemd-resolved runs': finds(
    'noServer',
    { ...bareHost, ...RESOLVED, ...RESOLVED_UNIT, ...RESOLVED_RUNS, ...no('127.0.0.1', ...GOOGLE) },
    { after: { ...resolv('127.0.0.53'), ...RESOLVED, ...yes('127.0.0.53', '10.77.0.1') } },
  ),
  'an empty file, offline': finds(
    'noServer',
    { ...resolv(), ...offline('127.0.0.1', ...GOOGLE) },
    { says: 'names no server' },
  ),
  'dns in daemon.json is the host itself': finds('loopbackInSettings', {
    ...resolv('10.77.0.1'),
    ...daemonJson({ dns: ['127.0.0.53'] }),
    ...yes('10.77.0.1'),
  }),
  'dns in daemon.json is the stub, and its upstream is known': finds(
    'loopbackInSettings',
    {
      ...resolv('127.0.0.53'),
      ...RESOLVED,
      ...daemonJson({ dns: ['127.0.0.53'] }),
      ...yes('127.0.0.53', '10.77.0.1'),
    },
    { after: {} },
  ),
  'the server is silent': finds(
    'noAnswer',
    { ...resolv('10.77.0.1'), ...no('10.77.0.1') },
    { says: '10.77.0.1 does not answer' },
  ),
  'systemd-resolved is stopped': finds(
    'noAnswer',
    { ...resolv('127.0.0.53'), ...RESOLVED, ...RESOLVED_UNIT, ...no('127.0.0.53', '10.77.0.1') },
    { after: { ...yes('127.0.0.53', '10.77.0.1') } },
  ),
  'systemd-resolved is masked': finds('noAnswer', {
    ...resolv('127.0.0.53'),
    ...RESOLVED_UNIT,
    ...MASKED_UNIT,
    ...no('127.0.0.53', ...GOOGLE),
  }),
  'systemd-resolved runs without its stub': finds(
    'noAnswer',
    {
      ...resolv('127.0.0.53'),
      ...RESOLVED,
      ...RESOLVED_UNIT,
      ...RESOLVED_RUNS,
      ...no('127.0.0.53'),
      ...yes('10.77.0.1'),
    },
    { after: { ...resolv('10.77.0.1'), ...yes('10.77.0.1') } },
  ),
  'systemd-resolved runs, and nobody answers it': finds('noAnswer', {
    ...resolv('127.0.0.53'),
    ...RESOLVED,
    ...RESOLVED_UNIT,
    ...RESOLVED_RUNS,
    ...no('127.0.0.53', '10.77.0.1'),
  }),
  "dns in daemon.json is silent, and the host's own answers": finds(
    'containersUnanswered',
    {
      ...resolv('10.77.0.1'),
      ...daemonJson({ dns: ['10.77.0.99'] }),
      ...yes('10.77.0.1'),
      ...no('10.77.0.99'),
    },
    { after: {} },
  ),
  "dns in daemon.json is silent, and the host's own is only for itself": finds('containersUnanswered', {
    ...resolv('127.0.0.1'),
    ...daemonJson({ dns: ['10.77.0.99'] }),
    ...yes('127.0.0.1'),
    ...no('10.77.0.99'),
  }),
  'only a local resolver, and the public ones are blocked': finds(
    'fallbackBlocked',
    { ...resolv('127.0.0.1'), ...yes('127.0.0.1'), ...no(...GOOGLE) },
    { says: 'told to ask 8.8.8.8, 8.8.4.4' },
  ),
  'only a local resolver, and NetworkManager knows the real one': finds(
    'fallbackBlocked',
    {
      ...resolv('127.0.1.1'),
      '/run/NetworkManager/no-stub-resolv.conf': 'nameserver 10.1.1.3\n',
      ...yes('127.0.1.1', '10.1.1.3'),
      ...no(...GOOGLE),
    },
    { after: {} },
  ),
  'only a local resolver, offline': finds('fallback', {
    ...resolv('127.0.0.1'),
    ...offline('127.0.0.1', ...GOOGLE),
  }),
  'only a local resolver, offline, and NetworkManager knows the real one': finds(
    'fallback',
    {
      ...resolv('127.0.1.1'),
      '/run/NetworkManager/no-stub-resolv.conf': 'nameserver 10.1.1.3\n',
      ...yes('127.0.1.1', '10.1.1.3'),
      ...offline(...GOOGLE),
    },
    { after: {} },
  ),
  'the second of two in daemon.json is silent': finds(
    'someSilent',
    {
      ...resolv('10.77.0.1'),
      ...daemonJson({ dns: ['10.77.0.1', '10.77.0.9'] }),
      ...yes('10.77.0.1'),
      ...no('10.77.0.9'),
    },
    { after: {} },
  ),
  'the second of two is silent': finds('someSilent', {
    ...resolv('10.77.0.1', '10.77.0.9'),
    ...yes('10.77.0.1'),
    ...no('10.77.0.9'),
  }),
  'nobody may be asked': unknown({ ...resolv('10.77.0.1'), ...offline('10.77.0.1') }, { says: OFFLINE }),
  'nothing recorded': unknown({}),
})
