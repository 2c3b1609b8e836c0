import check from '../../../checks/security/file-permissions.ts'
import type { Readings } from '../../../src/hosts/memory.ts'
import { missing } from '../../../src/model/reading.ts'
import { finds, passes, skips, testCheck, unknown } from '../../../src/testing.ts'
import { host, refusedTo, statOf, tester } from '../engine-host.ts'

const DAEMON_JSON = '/etc/docker/daemon.json'
const UNIT = '/usr/lib/systemd/system/docker.service'
const KEY = '/etc/docker/certs.d/reg.example:5000/client.key'
const CONFIG = '/home/tester/.docker/config.json'
const KEYRING = '/etc/apt/keyrings/docker.asc'
const hardening = { settings: { profile: 'hardening' } } as const

const packaged: Readings = {
  ...host,
  'stat /etc': statOf('directory', 0o755),
  'stat /usr': statOf('directory', 0o755),
  'stat /home': statOf('directory', 0o755),
  'stat /etc/docker': statOf('directory', 0o755),
  [`stat ${DAEMON_JSON}`]: statOf('file', 0o644),
  [`stat ${UNIT}`]: statOf('file', 0o644),
  [UNIT]: '[Service]\nExecStart=/usr/sbin/dockerd\n',
}
const asTester: Readings = {
  ...packaged,
  ...refusedTo(tester),
  '/etc/passwd': `${host['/etc/passwd']}tester:x:4242:4242::/home/tester:/bin/sh\n`,
  'stat /home/tester': statOf('directory', 0o755, 4242, 4242),
  'stat /home/tester/.docker': statOf('directory', 0o700, 4242, 4242),
  [`stat ${CONFIG}`]: statOf('file', 0o600, 4242, 4242),
  [CONFIG]: '{"auths": {"reg.example:5000": {"auth": "***"}}}',
}
const withKey = (mode: number, folder = 0o755): Readings => ({
  ...packaged,
  '/etc/docker/certs.d/': ['reg.example:5000/'],
  '/etc/docker/certs.d/reg.example:5000/': ['ca.crt', 'client.cert', 'client.key'],
  'stat /etc/docker/certs.d': statOf('directory', folder),
  'stat /etc/docker/certs.d/reg.example:5000': statOf('directory', 0o755),
  [`stat ${KEY}`]: statOf('file', mode),
})

const KEYRINGS = '/etc/apt/keyrings'
const withKeyring = (folder: number): Readings => ({
  ...packaged,
  'stat /etc/apt': statOf('directory', 0o755),
  [`stat ${KEYRINGS}`]: statOf('directory', folder),
  [`stat ${KEYRING}`]: statOf('file', 0o644),
})

testCheck(check, {
  'the folder of apt keys was made with the umask 077': finds('keyringUnreadable', withKeyring(0o700), {
    says: '/etc/apt/keyrings has mode 0700',
  }),
  'the folder of apt keys as it should be': passes(withKeyring(0o755)),
  'a folder of apt keys that lets pass, and is not listed': passes(withKeyring(0o711)),
  'nothing of an engine here': skips({ ...host, 'stat /etc/docker': null, 'stat /root/.docker': null }),
  'as packaged': passes(packaged, { says: '3 files and folders' }),
  'everybody may write daemon.json': finds(
    'writable',
    { ...packaged, [`stat ${DAEMON_JSON}`]: statOf('file', 0o666) },
    { says: `${DAEMON_JSON} has mode 0666` },
  ),
  'everybody may write into its folder': finds('writable', {
    ...packaged,
    'stat /etc/docker': statOf('directory', 0o777),
  }),
  'everybody may write it, and nobody gets there': passes({
    ...packaged,
    'stat /etc/docker': statOf('directory', 0o700),
    [`stat ${DAEMON_JSON}`]: statOf('file', 0o666),
  }),
  'a closed folder, seen by a user': passes({
    ...asTester,
    'stat /etc/docker': statOf('directory', 0o700),
    [`stat ${DAEMON_JSON}`]: missing('denied', 'permission denied'),
    [DAEMON_JSON]: missing('denied', 'permission denied'),
  }),
  'everybody may write a drop-in': finds(
    'writable',
    {
      ...packaged,
      '/etc/systemd/system/docker.service.d/': ['proxy.conf'],
      '/etc/systemd/system/docker.service.d/proxy.conf': '[Service]\n',
      'stat /etc/systemd/system/docker.service.d/proxy.conf': statOf('file', 0o646),
    },
    { says: 'proxy.conf' },
  ),
  'a masked unit leads to /dev/null, which is for everybody': passes({
    ...packaged,
    'stat /etc/systemd/system/docker.service': statOf('character', 0o666, 0, 0, { realPath: '/dev/null' }),
    '/etc/systemd/system/docker.service': '',
  }),
  'a drop-in that leads to /dev/null': passes({
    ...packaged,
    '/etc/systemd/system/docker.service.d/': ['proxy.conf'],
    'stat /etc/systemd/system/docker.service.d/proxy.conf': statOf('character', 0o666),
  }),
  'the key for a registry is for all': finds('keyReadable', withKey(0o644), { says: 'client.key' }),
  'the key for a registry is in a closed folder': passes(withKey(0o644, 0o700)),
  'the key for a registry is for root': passes(withKey(0o600)),
  'the key of the API is for all': finds('keyReadable', {
    ...packaged,
    [DAEMON_JSON]: '{"tlsverify": true, "tlskey": "/etc/docker/key.pem"}',
    'stat /etc/docker/key.pem': statOf('file', 0o644),
  }),
  'a keyring made under umask 077': finds('keyringUnreadable', {
    ...packaged,
    [`stat ${KEYRING}`]: statOf('file', 0o600),
  }),
  'a keyring for all': passes({ ...packaged, [`stat ${KEYRING}`]: statOf('file', 0o644) }),

  "the client's folder is its user's": passes(asTester),
  'after sudo docker login': finds(
    'clientDenied',
    {
      ...asTester,
      'stat /home/tester/.docker': statOf('directory', 0o700),
      [`stat ${CONFIG}`]: missing('denied', 'permission denied'),
      [CONFIG]: missing('denied', 'permission denied'),
    },
    {
      says: '/home/tester/.docker belongs to root',
      after: {},
    },
  ),
  "the file alone is root's": finds(
    'clientDenied',
    { ...asTester, [`stat ${CONFIG}`]: statOf('file', 0o600) },
    { says: `${CONFIG} belongs to root`, after: {} },
  ),
  'the folder can be read alone': finds(
    'clientReadOnly',
    { ...asTester, 'stat /home/tester/.docker': statOf('directory', 0o755) },
    { after: {} },
  ),
  "root's, and the user's group may write": passes({
    ...asTester,
    'stat /home/tester/.docker': statOf('directory', 0o770, 0, 4242),
  }),
  "after su, HOME is somebody else's": passes({ ...asTester, 'env HOME': '/home/other' }),
  'logins for all to read': finds('loginsReadable', {
    ...asTester,
    'stat /home/tester/.docker': statOf('directory', 0o755, 4242, 4242),
    [`stat ${CONFIG}`]: statOf('file', 0o644, 4242, 4242),
  }),
  'logins for all to read, in a closed home': passes({
    ...asTester,
    'stat /home/tester': statOf('directory', 0o750, 4242, 4242),
    'stat /home/tester/.docker': statOf('directory', 0o755, 4242, 4242),
    [`stat ${CONFIG}`]: statOf('file', 0o644, 4242, 4242),
  }),
  'no logins in the file': passes({
    ...asTester,
    'stat /home/tester/.docker': statOf('directory', 0o755, 4242, 4242),
    [`stat ${CONFIG}`]: statOf('file', 0o644, 4242, 4242),
    [CONFIG]: '{"auths": {"reg.example:5000": {}}, "credsStore": "pass"}',
  }),

  "an administrator's own file, for the audit": finds(
    'foreignOwner',
    { ...packaged, [`stat ${DAEMON_JSON}`]: statOf('file', 0o644, 4242, 4242) },
    hardening,
  ),
  "an administrator's own file": passes({
    ...packaged,
    [`stat ${DAEMON_JSON}`]: statOf('file', 0o644, 4242, 4242),
  }),
  "a group's file, for the audit": finds(
    'groupWritable',
    { ...packaged, [`stat ${DAEMON_JSON}`]: statOf('file', 0o664, 0, 100) },
    { ...hardening, says: 'members of users' },
  ),
  "of the engine's own group, for the audit": passes(
    { ...packaged, [`stat ${DAEMON_JSON}`]: statOf('file', 0o664, 0, 106) },
    hardening,
  ),
  'not recorded': unknown({}),
  'permissions not recorded': unknown({
    ...packaged,
    [`stat ${DAEMON_JSON}`]: missing('notRecorded', 'not recorded'),
  }),
})
