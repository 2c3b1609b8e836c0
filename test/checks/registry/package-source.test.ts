import check from '../../../checks/registry/package-source.ts'
import type { Readings } from '../../../src/hosts/memory.ts'
import type { Stat } from '../../../src/model/source.ts'
import { finds, passes, skips, testCheck, unknown } from '../../../src/testing.ts'
import { answers, configured, refused, silent } from './host.ts'

const program: Stat = { type: 'file', mode: 0o755, uid: 0, gid: 0, size: 1, mtimeMs: 0, ino: 1, dev: 1 }
const bare: Readings = {
  ...configured(null),
  'env **': null,
  '$ dockerd --version': null,
  '/sbin/**': null,
  '/snap/**': null,
  '/bin/**': null,
}
const debian: Readings = {
  ...bare,
  '/etc/os-release': 'ID=debian\nVERSION_ID="12"\nVERSION_CODENAME=bookworm\n',
  'stat /usr/bin/apt-get': program,
  'stat /etc/debian_version': program,
}
const rocky: Readings = {
  ...bare,
  '/etc/os-release': 'ID="rocky"\nID_LIKE="rhel centos fedora"\nVERSION_ID="9.4"\n',
  'stat /usr/bin/dnf': program,
}
const DEBIAN = 'https://download.docker.com/linux/debian/dists/bookworm/InRelease'
const CENTOS = 'https://download.docker.com/linux/centos/'
const MIRROR = 'https://mirror.example/docker-ce/linux/debian'

const LIST = '/etc/apt/sources.list.d/docker.list'
const listed = (host: Readings, url = MIRROR, suite = 'bookworm'): Readings => ({
  ...host,
  '/etc/apt/sources.list.d/': ['docker.list'],
  [LIST]: `deb [arch=amd64] ${url} ${suite} stable\n`,
})
const asked = (url: string, answer: Readings[string]): Readings => ({ [`probe ${url}`]: answer })
const mirror = (answer: Readings[string], suite = 'bookworm'): Readings =>
  asked(`${MIRROR}/dists/${suite}/InRelease`, answer)
const blocked = silent('tls', 'ECONNRESET', 'the connection was cut')

testCheck(check, {
  'Docker’s own answers': passes({ ...debian, ...asked(DEBIAN, answers(200)) }, { says: DEBIAN }),
  'the configured mirror answers': passes({ ...listed(debian), ...mirror(answers(200)) }),
  'an rpm host': passes({ ...rocky, ...asked(CENTOS, answers(200)) }),
  'an engine is there': skips({ ...debian, 'stat /usr/bin/dockerd': program }),
  'Docker has nothing for this release': skips({ ...debian, ...asked(DEBIAN, answers(404)) }),
  'a distribution that Docker has nothing for': skips({
    ...bare,
    '/etc/os-release': 'ID=alpine\nVERSION_ID=3.20.1\n',
    'stat /sbin/apk': program,
  }),
  'blocked, where the distribution has an engine too': finds(
    'officialBlocked',
    { ...debian, ...asked(DEBIAN, blocked) },
    { says: 'the connection was cut', after: { 'stat /usr/bin/dockerd': program } },
  ),
  'blocked, where it has none': finds('unreachable', { ...rocky, ...asked(CENTOS, blocked) }),
  'blocked, and it is configured': finds('unreachable', {
    ...listed(debian, 'https://download.docker.com/linux/debian'),
    ...asked(DEBIAN, blocked),
  }),
  'the mirror is down, and Docker’s own answers': finds(
    'configuredDown',
    { ...listed(debian), ...mirror(refused), ...asked(DEBIAN, answers(200)) },
    { says: `${MIRROR} in ${LIST}` },
  ),
  'the mirror is down, and Docker’s own too': finds('unreachable', {
    ...listed(debian),
    ...mirror(answers(502)),
    ...asked(DEBIAN, blocked),
  }),
  'a release that is not served': finds(
    'notServed',
    {
      ...listed(debian, MIRROR, 'kali-rolling'),
      ...mirror(answers(404), 'kali-rolling'),
      ...asked(DEBIAN, answers(200)),
    },
    { says: 'nothing for the release kali-rolling' },
  ),
  'through apt’s proxy': passes({
    ...debian,
    '/etc/apt/apt.conf.d/': ['80proxy'],
    '/etc/apt/apt.conf.d/80proxy': 'Acquire::http::Proxy "http://p.example:3128/";\n',
    [`probe proxy://p.example:3128/${DEBIAN}`]: answers(200),
  }),
  'a proxy that wants a login': unknown({
    ...debian,
    'env HTTPS_PROXY': 'http://p.example:3128',
    [`probe proxy://p.example:3128/${DEBIAN}`]: answers(407),
  }),
  'a proxy that cannot be asked': unknown({ ...debian, 'env HTTPS_PROXY': 'socks5://p.example' }),
  'nothing recorded': unknown({}),
})
