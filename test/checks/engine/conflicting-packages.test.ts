import check from '../../../checks/engine/conflicting-packages.ts'
import type { Readings } from '../../../src/hosts/memory.ts'
import { missing } from '../../../src/model/reading.ts'
import { finds, passes, testCheck, unknown } from '../../../src/testing.ts'
import { captured, host, statOf } from '../engine-host.ts'

const snap = { 'stat /snap/docker/current': statOf('directory', 0o755) }
const dpkg = (...names: string[]): Readings => ({
  ...host,
  '$ dpkg-query**': {
    stdout: names.map((name) => `ii \t${name}\t1.0\n`).join(''),
    stderr: 'no packages found matching moby*\n',
    exit: 1,
  },
})
/** As the recording lists them: name, version, status. */
const recorded = captured('dpkg.txt')
  .split('\n')
  .map((line) => line.split(' ')[0] ?? '')
  .filter(Boolean)
const rpmHost: Readings = {
  ...host,
  'stat /etc/debian_version': null,
  'stat /usr/bin/apt-get': null,
  'stat /usr/bin/dnf': statOf('file', 0o755),
}
const rpm = (...names: string[]): Readings => ({
  ...rpmHost,
  '$ rpm**': names.map((name) => `${name}\t1.0-1\n`).join(''),
})

testCheck(check, {
  "Debian's own packages": passes(dpkg(...recorded), { says: 'docker.io alone' }),
  "Docker's packages": passes(dpkg('docker-ce', 'docker-ce-cli', 'containerd.io', 'docker-compose-plugin')),
  'nothing yet': passes(dpkg()),
  'containerd and runc of Kubernetes': passes(rpm('containerd', 'runc')),
  "Fedora's": passes(rpm('moby-engine', 'moby-filesystem', 'docker-cli', 'containerd')),
  "Amazon's": passes(rpm('docker', 'containerd', 'runc'), { says: 'docker alone' }),
  'a dock for the desktop': passes(dpkg('docker', 'docker.io'), { says: 'docker.io alone' }),
  'a package and the snap': finds(
    'twoEngines',
    { ...dpkg('docker.io'), ...snap },
    { after: { 'stat /snap/docker/current': null } },
  ),
  'two packages': finds('twoEngines', dpkg('docker-ce', 'moby-engine')),
  'the snap alone': passes({ ...dpkg(), ...snap }),
  "podman's stand-in beside an engine": finds('standIn', dpkg('docker-ce', 'podman', 'podman-docker'), {
    after: dpkg('docker-ce', 'podman'),
  }),
  "podman's stand-in before an install": finds('inTheWay', rpm('podman', 'podman-docker'), {
    after: rpm('podman'),
  }),
  'podman alone': passes(rpm('podman', 'crun')),
  'rpm does not answer': unknown({ ...rpmHost, '$ rpm**': missing('timeout', 'no answer in 10 s') }),
  'nothing recorded': unknown({}),
})
