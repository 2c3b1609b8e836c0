import { describe, expect, it } from 'vitest'
import check from '../../../checks/engine/known-bugs.ts'
import { BUILT_IN } from '../../../src/data/dataset.ts'
import type { Readings } from '../../../src/hosts/memory.ts'
import { finds, passes, skips, testCheck, unknown } from '../../../src/testing.ts'
import { compareVersions } from '../../../src/versions.ts'
import { api, captured, host, refusedTo, stopped, tester } from '../engine-host.ts'

const json = (value: unknown) => ({ status: 200, headers: {}, body: JSON.stringify(value) })
const said = JSON.parse(captured('docker-version.json'))
const info = JSON.parse(captured('docker-info.json'))

/** An engine that answers, on a host with IPv6 and a kernel that has time namespaces. */
const engine = (version: string, runc = '1.3.4', platform = 'Docker Engine - Community'): Readings => ({
  ...host,
  '/proc/net/if_inet6': '',
  '/proc/sys/kernel/osrelease': '6.1.0-18-amd64\n',
  '$ dpkg-query**': {
    stdout: `ii \tdocker-ce\t5:${version}-1\nii \tcontainerd.io\t2.2.1-1\n`,
    stderr: '',
    exit: 0,
  },
  [api('/version')]: json({
    ...said,
    Version: version,
    Platform: { Name: platform },
    Components: [{ Name: 'runc', Version: runc }],
  }),
})
const off = (version: string, more: Readings = {}): Readings => ({
  ...stopped,
  '/proc/net/if_inet6': '',
  '/proc/sys/kernel/osrelease': '6.1.0-18-amd64\n',
  '$ dpkg-query**': { stdout: `ii \tdocker-ce\t5:${version}-1\n`, stderr: '', exit: 0 },
  '$ dockerd --version': `Docker version ${version}, build 0\n`,
  ...more,
})
const theirs = { '$ dpkg-query**': { stdout: 'ii \tdocker.io\t29.5.3+dfsg1-1\n', stderr: '', exit: 0 } }
const swarm = { [api('/info')]: json({ ...info, Swarm: { LocalNodeState: 'active' } }) }
const installed = (version: string) => ({
  after: { '$ dockerd --version': `Docker version ${version}, build 0\n` },
})
const updated = (version: string, runc?: string) => ({
  after: { [api('/version')]: engine(version, runc)[api('/version')] ?? null },
})

testCheck(check, {
  'a release without known faults': passes(engine('29.7.2'), { says: '29.7.2' }),
  "a distribution's build": passes(host),
  'images that cannot be pulled': finds('broken', engine('29.7.1'), {
    ...updated('29.7.2'),
    says: /^engine 29\.7\.1: images .* \(until engine 29\.7\.2\)$/,
  }),
  'copying fails': finds('faulty', engine('29.5.1'), updated('29.5.2')),
  'time namespaces with an old runc': finds('broken', engine('29.5.3', '1.1.14'), {
    ...updated('29.5.3', '1.3.6'),
    says: /^engine 29\.5\.3 with runc 1\.1\.14: no container starts/,
  }),
  "the same of a distribution's builds": finds('broken', {
    ...engine('29.5.3+dfsg1', '1.1.15+ds1', ''),
    ...theirs,
  }),
  'time namespaces switched off': passes({
    ...engine('29.5.3', '1.1.14'),
    '/etc/docker/daemon.json': '{"features": {"time-namespaces": false}}',
  }),
  'a kernel without time namespaces': passes({
    ...engine('29.5.3', '1.1.14'),
    '/proc/sys/kernel/osrelease': '5.4.0-169-generic\n',
  }),
  'an unknown kernel': passes({ ...engine('29.5.3', '1.1.14'), '/proc/sys/kernel/osrelease': 'custom\n' }),
  "a distribution's build of a release with a fault of its own": passes({
    ...engine('29.7.1+dfsg1', '1.3.4', ''),
    ...theirs,
  }),
  'names in a swarm': finds('broken', { ...engine('29.0.0'), ...swarm }, updated('29.0.1')),
  'that release without a swarm': passes(engine('29.0.0')),
  'a release that needs modules, stopped': finds('faulty', off('28.0.0'), installed('28.0.4')),
  'a release that needs modules, running': passes(engine('28.0.0')),
  'no IPv6, stopped': finds('broken', off('28.0.0', { '/proc/net/if_inet6': null })),
  'ports without IPv6': finds(
    'broken',
    { ...engine('20.10.6'), '/proc/net/if_inet6': null },
    updated('20.10.7'),
  ),
  'ports with IPv6': passes(engine('20.10.6')),
  'fixed-cidr alone, stopped': finds(
    'broken',
    off('23.0.4', { '/etc/docker/daemon.json': '{"fixed-cidr": "172.20.0.0/16"}' }),
    installed('23.0.6'),
  ),
  'fixed-cidr and bip, stopped': passes(
    off('23.0.4', { '/etc/docker/daemon.json': '{"fixed-cidr": "172.20.0.0/16", "bip": "172.20.0.1/16"}' }),
  ),
  'not installed': skips({ ...stopped, '$ dockerd --version': null }),
  'refused to this user, who may ask the binary': passes({
    ...refusedTo(tester),
    '$ dockerd --version': 'Docker version 20.10.24+dfsg1, build 297e128\n',
  }),
  'nothing recorded': unknown({}),
})

describe('the table of bugs', () => {
  const { bugs } = BUILT_IN['engine-bugs']
  it('has each bug once', () => expect(new Set(bugs.map(({ id }) => id)).size).toBe(bugs.length))
  it.each(bugs.map((bug) => [bug.id, bug] as const))('%s ends with the version that fixes it', (_, bug) => {
    const cured = bug.when.find(({ part }) => part === bug.fixed.part)
    expect(cured?.before).toBe(bug.fixed.version)
    for (const { from = '0', before = '999' } of bug.when)
      expect(compareVersions(before, from)).toBeGreaterThan(0)
  })
})
