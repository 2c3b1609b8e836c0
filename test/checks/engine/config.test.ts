import check from '../../../checks/engine/config.ts'
import type { Readings } from '../../../src/hosts/memory.ts'
import { missing } from '../../../src/model/reading.ts'
import { finds, passes, testCheck, unknown } from '../../../src/testing.ts'
import { api, captured, host, statOf, stopped } from '../engine-host.ts'

const FILE = '/etc/docker/daemon.json'
const LISTING = { '/etc/docker/': ['daemon.json'] }
const down: Readings = { ...stopped, '$ dockerd --version': host['$ dockerd --version'] ?? null, ...LISTING }
const folders = {
  'stat /var/run': statOf('directory', 0o755),
  'stat /etc/docker': statOf('directory', 0o755),
}
const withFile = (text: string): Readings => ({ ...down, ...folders, [FILE]: text })
const cured = { after: {} }
const utf16 = Buffer.from(`\uFEFF${captured('daemon.json.txt')}`, 'utf16le')
const newer = (version: string): Readings => ({
  '$ dockerd --version': `Docker version ${version}, build abc\n`,
})
const running = (changed: string): Readings => ({
  ...host,
  [FILE]: captured('daemon.json.txt').replace(/"log-driver": "json-file"/, `$&, ${changed}`),
})

/** What the engine says of itself once it has read the file. */
const informed = (more: object): Readings => ({
  [api('/info')]: {
    status: 200,
    headers: {},
    body: JSON.stringify({ ...JSON.parse(captured('docker-info.json')), ...more }),
  },
})

testCheck(check, {
  'as recorded': passes(host),
  'no file': passes({ ...host, [FILE]: null }),
  'engine down, file right': passes(down),
  'line ends of Windows': passes(withFile('{\r\n\t"debug": true\r\n}\r\n')),
  'a comma too many': finds('syntax', withFile('{\n  "debug": true,\n}\n'), {
    ...cured,
    says: /line 2: .*does not start with it/,
  }),
  'a comma too few': finds('syntax', withFile('{\n  "debug": true\n  "mtu": 1400\n}\n'), cured),
  'a comment': finds('syntax', withFile('{\n  // mine\n  "debug": true\n}\n'), cured),
  'single quotes': finds('syntax', withFile("{\n  'debug': true\n}\n")),
  'broken after the start': finds(
    'syntax',
    { ...host, ...LISTING, [FILE]: '{"storage-driver": "overlay2",}' },
    { ...cured, says: /the next start of the engine will fail/ },
  ),
  'not JSON at all': finds('syntax', withFile('debug: true\n')),
  empty: finds('empty', withFile(''), cured),
  'UTF-16': finds(
    'encoding',
    {
      ...withFile(utf16.toString('utf8')),
      [`base64 ${FILE}`]: utf16.toString('base64'),
    },
    { after: {} },
  ),
  'a folder': finds(
    'notAFile',
    { ...down, [FILE]: missing('failed', 'is not a file but a directory') },
    { ...cured, says: /directory/ },
  ),
  'a misspelt key': finds('unknownKey', withFile('{"registry_mirrors": ["http://10.77.0.1:5000"]}'), {
    ...cured,
    says: /registry_mirrors/,
  }),
  'a key of nobody': finds('unknownKey', withFile('{"frobnicate": 1}')),
  'a removed key': finds(
    'removedKey',
    {
      ...withFile('{"graph": "/srv/docker"}'),
      ...newer('28.1.1'),
      'stat /srv/docker': null,
      'stat /srv': statOf('directory', 0o755),
    },
    cured,
  ),
  'a deprecated key': finds(
    'doubtful',
    {
      ...withFile('{"graph": "/srv/docker"}'),
      'stat /srv/docker': null,
      'stat /srv': statOf('directory', 0o755),
    },
    cured,
  ),
  'a text where a list belongs': finds(
    'wrongType',
    withFile('{"registry-mirrors": "http://10.77.0.1:5000"}'),
    { ...cured, says: /must be a list/ },
  ),
  'several errors, the first that the engine complains of before the others': finds(
    'unknownKey',
    withFile(
      '{\n  "log-opts": {"max-size": 10, "max-file": 3},\n  "registry_mirrors": ["http://10.77.0.1:5000"],\n  "dns": "8.8.8.8"\n}\n',
    ),
    { ...cured, says: /line 3: .*registry_mirrors/ },
  ),
  "a flag's name": finds('singular', withFile('{"registry-mirror": ["http://10.77.0.1:5000"]}'), cured),
  'a runtime that nobody defined': finds('badRuntime', withFile('{"default-runtime": "nvidia"}')),
  'an address that is none': finds('badValue', withFile('{"dns": ["not an address"]}')),
  'an option of logging that is none': finds(
    'badLogging',
    withFile('{"log-driver": "json-file", "log-opts": {"max-sise": "10m"}}'),
  ),
  'a driver that is gone': finds('badDriver', {
    ...withFile('{"storage-driver": "aufs"}'),
    ...newer('28.1.1'),
  }),
  'a mirror with a path': finds(
    'badRegistry',
    withFile('{"registry-mirrors": ["http://10.77.0.1:5000/v2/x"]}'),
  ),
  'an address of a network': finds('badNetwork', withFile('{"bip": "172.26.0.0/16"}')),
  'certificates that do not exist': finds('badSecurity', {
    ...withFile(
      '{"tlsverify": true, "tlscacert": "/etc/docker/ca.pem", "tlscert": "/etc/docker/cert.pem", "tlskey": "/etc/docker/key.pem"}',
    ),
    'stat /etc/docker/ca.pem': null,
  }),
  'certificates that this user cannot see': passes({
    ...withFile('{"tlsverify": true}'),
    '/root/**': missing('denied', 'permission denied'),
  }),
  'a key twice': finds('doubtful', withFile('{"debug": true, "debug": false}')),
  'a name with letters swapped': finds(
    'misnamed',
    {
      ...host,
      [FILE]: null,
      '/etc/docker/': ['deamon.json', 'key.json'],
      '/etc/docker/deamon.json': captured('daemon.json.txt'),
    },
    cured,
  ),
  'a backup beside it': passes({
    ...host,
    [FILE]: null,
    '/etc/docker/': ['daemon.json.bak', 'certs.d/', 'key.json'],
  }),
  'a mirror that was added since': finds(
    'notLoaded',
    {
      ...host,
      [FILE]: '{"registry-mirrors": ["http://10.77.0.1:5000", "https://mirror.example.org"]}',
    },
    {
      after: informed({
        RegistryConfig: { Mirrors: ['http://10.77.0.1:5000/', 'https://mirror.example.org/'] },
      }),
      says: /mirror\.example\.org/,
    },
  ),
  'a registry that was added since': finds(
    'notLoaded',
    { ...host, [FILE]: '{"insecure-registries": ["10.77.0.9:5000"]}' },
    { after: informed({ RegistryConfig: { IndexConfigs: { '10.77.0.9:5000': { Secure: false } } } }) },
  ),
  'a registry with a scheme': passes({
    ...host,
    [FILE]: '{"insecure-registries": ["http://10.77.0.1:5000", "10.0.0.0/8"]}',
  }),
  'a log driver that waits for a restart': finds(
    'pending',
    { ...host, [FILE]: '{"log-driver": "local"}' },
    { after: informed({ LoggingDriver: 'local' }) },
  ),
  'what other checks speak of': passes(running('"hosts": ["tcp://0.0.0.0:2375"]')),
  'not to be read': unknown({ ...host, [FILE]: missing('denied', 'permission denied') }),
  'nothing recorded': unknown({}),
})
