import check from '../../../checks/engine/service.ts'
import type { Readings } from '../../../src/hosts/memory.ts'
import { missing } from '../../../src/model/reading.ts'
import { finds, passes, skips, testCheck, unknown } from '../../../src/testing.ts'
import { api, captured, host, statOf } from '../engine-host.ts'

const LIB = '/lib/systemd/system'
const ETC = '/etc/systemd/system'
const PACKAGED = '/usr/sbin/dockerd -H fd:// --containerd=/run/containerd/containerd.sock $DOCKER_OPTS'
const unitFile = (path: string, text: string): Readings => ({
  [path]: text,
  [`stat ${path}`]: statOf('file', 0o644),
})
const unit = (start: string, more = ''): string =>
  `[Unit]\nRequires=docker.socket\n${more}\n[Service]\nType=notify\nExecStart=${start}\n[Install]\nWantedBy=multi-user.target\n`
const wants = { [`${ETC}/multi-user.target.wants/`]: ['cron.service', 'docker.service'] }
const booted: Readings = {
  ...host,
  '/proc/1/comm': 'systemd\n',
  'stat /run/systemd/system': statOf('directory', 0o755),
  ...wants,
}
const systemd = (text = unit(PACKAGED)): Readings => ({
  ...booted,
  ...unitFile(`${LIB}/docker.service`, text),
  ...unitFile(`${LIB}/docker.socket`, '[Socket]\nListenStream=/run/docker.sock\nSocketGroup=docker\n'),
})
const dropIn = (text: string): Readings => ({
  [`${ETC}/docker.service.d/`]: ['override.conf'],
  [`${ETC}/docker.service.d/override.conf`]: text,
})
const mask = (name: string): Readings => ({
  [`stat ${ETC}/${name}`]: statOf('character', 0o666, 0, 0, { realPath: '/dev/null' }),
})
const answer = (body: object) => ({ status: 200, headers: {}, body: JSON.stringify(body) })
const script = { 'stat /etc/init.d/docker': statOf('file', 0o755) }

testCheck(check, {
  'as packaged, with systemd': passes(systemd(), { says: /systemd/ }),
  'as packaged, with SysV init': passes(
    { ...host, ...script, '/etc/rc2.d/': ['S01cron', 'S01docker'] },
    { says: /sysvinit/ },
  ),
  'with OpenRC': passes({
    ...host,
    ...script,
    'stat /run/openrc': statOf('directory', 0o755),
    '/etc/runlevels/default/': ['docker'],
  }),
  'in a container': skips({ ...host, ...script, '/proc/1/comm': 'bash\n' }),
  'no unit': finds('unitMissing', booted),
  'no unit, of an engine from a package': finds(
    'unitMissing',
    {
      ...booted,
      'stat /usr/bin/apt-get': statOf('file', 0o755),
      '/var/lib/dpkg/status': 'Package: docker.io\nStatus: install ok installed\nVersion: 20.10.24\n\n',
    },
    { after: systemd() },
  ),
  masked: finds('masked', { ...systemd(), ...mask('docker.service') }, { after: {} }),
  'the socket is masked': finds(
    'masked',
    { ...systemd(), ...mask('docker.socket') },
    { after: {}, says: /docker\.socket is masked/ },
  ),
  'both are masked, and one fix unmasks them': finds(
    'masked',
    { ...systemd(), ...mask('docker.service'), ...mask('docker.socket') },
    { after: {}, says: /docker\.service is masked/ },
  ),
  'the socket unit is missing': finds('noSocketUnit', {
    ...systemd(unit(PACKAGED).replace('Requires=docker.socket\n', '')),
    [`stat ${LIB}/docker.socket`]: null,
  }),
  'the socket unit is missing, and required': finds('noSocketUnit', {
    ...systemd(),
    [`stat ${LIB}/docker.socket`]: null,
  }),
  'the socket unit is missing, and required without need': finds('requirementMissing', {
    ...systemd(unit('/usr/sbin/dockerd')),
    [`stat ${LIB}/docker.socket`]: null,
  }),
  'a required unit is missing': finds(
    'requirementMissing',
    systemd(unit(PACKAGED, 'Requires=flanneld.service network.target')),
    { says: /flanneld/ },
  ),
  'a drop-in requires a unit that is missing': finds('requirementMissing', {
    ...systemd(),
    ...dropIn('[Unit]\nRequires=flanneld.service\nAfter=flanneld.service\n'),
  }),
  'a drop-in adds a start': finds(
    'severalStarts',
    { ...systemd(), ...dropIn('[Service]\nExecStart=/usr/sbin/dockerd -D\n') },
    { says: /override\.conf line 2/ },
  ),
  'a drop-in replaces the start': passes({
    ...systemd(),
    ...dropIn('[Service]\nExecStart=\nExecStart=/usr/sbin/dockerd -D\n'),
  }),
  'a drop-in of old': finds('oldCommand', {
    ...systemd(),
    ...dropIn('[Service]\nExecStart=\nExecStart=/usr/bin/docker daemon -H fd://\n'),
  }),
  'a drop-in of old, for a program elsewhere, with a flag of old': finds('programMissing', {
    ...systemd(),
    ...dropIn(
      '[Service]\nEnvironmentFile=/etc/default/docker\nExecStart=\nExecStart=/opt/dockerd -H fd:// --disable-legacy-registry $DOCKER_OPTS\n',
    ),
    'stat /opt/dockerd': null,
    '/etc/default/docker': 'DOCKER_OPTS="--debug --mtu 1400"\n',
  }),
  'a flag of old': finds('removedFlag', {
    ...systemd(),
    ...dropIn(
      '[Service]\nExecStart=\nExecStart=/usr/sbin/dockerd -H fd:// --disable-legacy-registry=false\n',
    ),
  }),
  'a flag of old that has a new name': finds(
    'removedFlag',
    {
      ...systemd(unit('/usr/sbin/dockerd -H fd:// $DOCKER_OPTS\nEnvironmentFile=/etc/default/docker')),
      '/etc/default/docker': 'DOCKER_OPTS="-g /srv/docker --debug"\n',
      [api('/version')]: answer({ ...JSON.parse(captured('docker-version.json')), Version: '25.0.0' }),
    },
    { says: /gives dockerd --graph/ },
  ),
  'a flag that this version still has': passes({
    ...systemd(),
    ...dropIn('[Service]\nExecStart=\nExecStart=/usr/sbin/dockerd -H fd:// --graph /srv\n'),
  }),
  'a program that is gone': finds('programMissing', {
    ...systemd(),
    ...dropIn('[Service]\nExecStart=\nExecStart=/usr/local/bin/dockerd\n'),
  }),
  'not enabled': finds(
    'notEnabled',
    { ...systemd(), [`${ETC}/multi-user.target.wants/`]: [] },
    { after: {} },
  ),
  'started by its socket alone': passes(
    {
      ...systemd(),
      [`${ETC}/multi-user.target.wants/`]: [],
      [`${ETC}/sockets.target.wants/`]: ['docker.socket'],
    },
    { says: /on the first call/ },
  ),
  'not enabled, with SysV init': finds(
    'notEnabled',
    { ...host, ...script, '/etc/rc2.d/': ['K01docker'] },
    { after: { '/etc/rc2.d/': ['S01docker'] } },
  ),
  'not enabled, with OpenRC': finds(
    'notEnabled',
    { ...host, ...script, 'stat /run/openrc': statOf('directory', 0o755) },
    { after: {} },
  ),
  'a start that is too odd to edit': finds(
    'programMissing',
    systemd(unit('/usr/local/bin/dockerd "--label=a b"')),
    { says: /\/usr\/local\/bin\/dockerd/ },
  ),
  'the snap': skips({
    ...host,
    'stat /usr/sbin/dockerd': null,
    'stat /snap/docker/current': statOf('directory', 0o755),
  }),
  'a drop-in that may not be read': unknown({
    ...systemd(),
    ...dropIn(''),
    [`${ETC}/docker.service.d/override.conf`]: missing('denied', 'permission denied'),
  }),
  'nothing recorded': unknown({}),
})
