import { expect, it } from 'vitest'
import check from '../../../checks/security/remote-api.ts'
import { parseApiAddress } from '../../../src/facts/engine-addresses.ts'
import type { Readings } from '../../../src/hosts/memory.ts'
import { missing } from '../../../src/model/reading.ts'
import { finds, passes, testCheck, unknown } from '../../../src/testing.ts'
import { api, captured, host, statOf, stopped } from '../engine-host.ts'

const config = (value: Record<string, unknown>): Readings => ({
  ...host,
  '/etc/docker/daemon.json': JSON.stringify(value),
})
const unix = 'unix:///var/run/docker.sock'
const cured = { after: {} }
const warned = (warning: string): Readings => ({
  [api('/info')]: {
    status: 200,
    headers: {},
    body: JSON.stringify({ ...JSON.parse(captured('docker-info.json')), Warnings: [warning] }),
  },
})
const listening = (local: string): Readings => ({
  '/proc/net/tcp': `  sl\n   0: ${local} 00000000:0000 0A 0 0 0 0 0 77 1\n`,
})
const files = {
  tlscacert: '/etc/docker/ca.pem',
  tlscert: '/etc/docker/cert.pem',
  tlskey: '/etc/docker/key.pem',
}

testCheck(check, {
  'as recorded': passes(host, { says: /no TCP address/ }),
  'all addresses, no TLS': finds('exposed', config({ hosts: [unix, 'tcp://0.0.0.0:2375'] }), {
    ...cured,
    says: 'tcp://0.0.0.0:2375 (/etc/docker/daemon.json)',
  }),
  'one address of the network, no TLS': finds(
    'exposed',
    config({ hosts: [unix, 'tcp://10.77.0.2:2375'] }),
    cured,
  ),
  'by flag of an environment file': finds(
    'exposed',
    {
      ...host,
      '/etc/docker/daemon.json': null,
      '/etc/default/docker': 'DOCKER_OPTS="-H fd:// -H tcp://0.0.0.0:2375"\n',
    },
    { says: /\/etc\/default\/docker/, after: {} },
  ),
  'several by flag of a drop-in': finds(
    'exposed',
    {
      ...host,
      '/proc/1/comm': 'systemd\n',
      '/etc/docker/daemon.json': null,
      '/lib/systemd/system/docker.service': '[Service]\nExecStart=/usr/sbin/dockerd -H fd://\n',
      'stat /lib/systemd/system/docker.service': statOf('file', 0o644),
      '/etc/systemd/system/docker.service.d/': ['override.conf'],
      '/etc/systemd/system/docker.service.d/override.conf':
        '[Service]\nExecStart=\nExecStart=/usr/sbin/dockerd -H fd:// -H tcp://10.77.0.2:2375 -H=tcp://127.0.0.1:2375\n',
    },
    { says: /override\.conf/, after: {} },
  ),
  'by flag of the running process': finds('exposed', {
    ...host,
    '/proc/3800/cmdline': '/usr/sbin/dockerd\x00-H\x00tcp://[::]:2375\x00',
  }),
  'the engine itself warns': finds(
    'exposed',
    {
      ...host,
      ...warned(
        'WARNING: API is accessible on http://0.0.0.0:2375 without encryption.\n         Access to the remote API is equivalent to root access on the host.',
      ),
    },
    { says: /the running engine/ },
  ),
  'loopback, no TLS': finds('localOnly', config({ hosts: [unix, 'tcp://127.0.0.1:2375'] }), cured),
  'encrypted, but nobody is asked': finds(
    'unverified',
    config({ hosts: ['tcp://0.0.0.0:2376'], tls: true }),
    cured,
  ),
  'with certificates': passes(
    {
      ...config({ hosts: ['tcp://0.0.0.0:2376'], tlsverify: true, ...files }),
      ...Object.fromEntries(Object.values(files).map((path) => [`stat ${path}`, statOf('file', 0o600)])),
    },
    { says: /asks for a certificate/ },
  ),
  'with certificates that do not exist': finds('certificateMissing', {
    ...stopped,
    '/etc/docker/daemon.json': JSON.stringify({ hosts: ['tcp://127.0.0.1:2376'], tlsverify: true, ...files }),
  }),
  'with certificates that this user cannot see': passes({
    ...config({ hosts: ['tcp://0.0.0.0:2376'], tlsverify: true, ...files }),
    ...Object.fromEntries(
      Object.values(files).map((path) => [`stat ${path}`, missing('denied', 'permission denied')]),
    ),
  }),
  'another program on the port': finds('unexplained', { ...host, ...listening('00000000:0947') }),
  'a container on the port': finds('unexplained', {
    ...host,
    ...listening('00000000:0947'),
    [api('/containers/json?all=1')]: {
      status: 200,
      headers: {},
      body: JSON.stringify([{ Names: ['/socket-proxy'], Ports: [{ PublicPort: 2375, PrivatePort: 2375 }] }]),
    },
  }),
  'another program on the port, locally': passes({ ...host, ...listening('0100007F:0947') }),
  'daemon.json not to be read': unknown({
    ...host,
    '/etc/docker/daemon.json': missing('denied', 'permission denied'),
  }),
  'nothing recorded': unknown({}),
})

it.each([
  ['tcp://0.0.0.0:2375', 'all'],
  ['tcp://[::]:2376', 'all'],
  ['tcp://:2375', 'local'],
  ['tcp://localhost:2375', 'local'],
  ['tcp://[::1]:2375', 'local'],
  ['10.0.0.1:2375', 'some'],
  ['tcp://docker.example.org:2375/', 'some'],
])('places %s', (text, reach) => expect(parseApiAddress(text, 'x')?.reach).toBe(reach))
it.each(['unix:///var/run/docker.sock', 'fd://', '2375', ''])('passes over %j', (text) =>
  expect(parseApiAddress(text, 'x')).toBeNull(),
)
