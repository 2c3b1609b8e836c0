import { expect, it } from 'vitest'
import check from '../../../checks/host/clock.ts'
import { toShell } from '../../../src/fix/shell.ts'
import type { Readings } from '../../../src/hosts/memory.ts'
import type { ProbeAnswer } from '../../../src/model/source.ts'
import { finds, judge, passes, skips, testCheck, unknown } from '../../../src/testing.ts'
import { answers, hub, silent } from '../registry/host.ts'
import { bare, files, folders } from './hosts.ts'

const dated = (date: string): ProbeAnswer => answers(401, '', { date: new Date(date).toUTCString() })
const refused = (code: string, validFrom: string, validTo: string): ProbeAnswer => ({
  ...silent('tls', code),
  certificate: { subject: 'CN=*.docker.io', issuer: 'Amazon', names: ['*.docker.io'], validFrom, validTo },
})
const future = refused('CERT_NOT_YET_VALID', '2027-02-01T00:00:00Z', '2028-01-01T00:00:00Z')
const past = refused('CERT_HAS_EXPIRED', '2025-02-01T00:00:00Z', '2026-03-01T00:00:00Z')
const offline = hub(silent('dns', 'ENOTFOUND'))

/** A virtual machine; its clock says 2026-11-21 02:00. */
const vm: Readings = { ...bare, ...offline, ...files('/etc/debian_version', '/usr/bin/apt-get') }
const metal: Readings = {
  ...vm,
  '/proc/cpuinfo': 'processor\t: 0\nflags\t\t: fpu vme lm vmx\n',
  ...folders('/run/systemd/system'),
  '/sys/fs/cgroup/system.slice/': ['cron.service/', 'chrony.service/', 'docker.service/'],
}
const timesyncd: Readings = {
  ...metal,
  '/sys/fs/cgroup/system.slice/': ['cron.service/', 'systemd-timesyncd.service/'],
  ...folders('/run/systemd/timesync'),
}
const right: Readings = { clock: '2027-03-01T00:00:00Z', ...hub(dated('2027-03-01T00:00:10Z')) }
const built = (mtimeMs: number): Readings => ({
  'stat /usr/lib/os-release': { type: 'file', mode: 0o644, uid: 0, gid: 0, size: 1, mtimeMs, ino: 1, dev: 1 },
})

it('enables chrony where OpenRC starts services too, and tells what to do where certificates are refused', async () => {
  const outcome = await judge(check, { ...bare, ...hub(future), ...files('/sbin/apk') })
  const shell = 'fix' in outcome && outcome.fix ? toShell(outcome.fix) : ''
  expect(shell).toContain('rc-update add chronyd default')
  expect(shell).toContain('date -u -s')
})

testCheck(check, {
  'a virtual machine without a time service': skips(vm),
  'the hub agrees': passes({ ...vm, ...hub(dated('2026-11-21T02:00:40Z')) }, { says: 'right to 5 minutes' }),
  'metal with chrony': passes(metal, { says: 'kept by chrony' }),
  'metal with timesyncd': passes(
    { ...timesyncd, ...files('/run/systemd/timesync/synchronized') },
    { says: 'timesyncd' },
  ),
  'metal with ntpd-rs': passes({
    ...metal,
    '/sys/fs/cgroup/system.slice/': ['cron.service/', 'ntpd-rs.service/'],
  }),
  'metal with PTP alone, one unit for each interface': passes({
    ...metal,
    '/sys/fs/cgroup/system.slice/': ['cron.service/', 'system-phc2sys.slice/', 'system-ptp4l.slice/'],
  }),
  'metal whose control groups are not mounted': unknown({ ...metal, '/sys/fs/cgroup/system.slice/': null }),
  'timesyncd cannot reach a server, and the hub agrees': passes({
    ...timesyncd,
    ...hub(dated('2026-11-21T02:00:00Z')),
  }),
  Alpine: passes({
    ...metal,
    ...folders('/run/openrc'),
    '/sys/fs/cgroup/system.slice/': null,
    '/run/openrc/started/': ['chronyd', 'docker'],
  }),
  'a certificate of the hub that was not renewed': passes({
    ...vm,
    ...hub(past, dated('2026-11-21T02:00:00Z')),
  }),

  'months behind, as after a boot without a battery': finds(
    'behind',
    { ...vm, ...hub(future) },
    { says: 'valid from 2027-02-01', after: right },
  ),
  'in 1970': finds(
    'behind',
    { ...vm, clock: '1970-01-01T00:02:00Z', ...built(Date.parse('2025-05-09T14:50:00Z')) },
    { says: 'built on 2025-05-09', after: right },
  ),
  'years ahead': finds('ahead', { ...vm, clock: '2031-01-01T00:00:00Z', ...hub(past) }, { after: right }),
  'a month behind the installed system': finds(
    'off',
    { ...vm, ...built(Date.parse('2026-12-21T02:00:00Z')) },
    { says: 'at least 30 days behind', after: right },
  ),
  'an hour ahead': finds(
    'off',
    { ...vm, ...hub(dated('2026-11-21T00:50:00Z')) },
    { says: '70 minutes ahead', after: right },
  ),
  'an hour ahead, in a container': finds('off', {
    ...vm,
    '/run/systemd/container': 'lxc\n',
    ...hub(dated('2026-11-21T00:50:00Z')),
  }),
  'behind after a sleep of Windows': finds('off', {
    ...vm,
    '/proc/sys/kernel/osrelease': '5.15.153.1-microsoft-standard-WSL2\n',
    ...hub(dated('2026-11-22T00:50:00Z')),
  }),
  'an hour ahead, with a time service': finds(
    'off',
    { ...timesyncd, ...hub(dated('2026-11-21T00:50:00Z')) },
    { after: right },
  ),
  'as a mirror says': finds(
    'off',
    {
      ...vm,
      '/etc/docker/daemon.json': '{"registry-mirrors": ["http://10.0.0.5:5000"]}',
      'probe http://10.0.0.5:5000/v2/': dated('2026-11-20T02:00:00Z'),
    },
    {
      says: '24 hours ahead',
      after: { ...right, 'probe http://10.0.0.5:5000/v2/': dated('2027-03-01T00:00:00Z') },
    },
  ),
  'timesyncd has never reached a server': finds('neverSet', timesyncd),
  'metal without a time service': finds(
    'noService',
    { ...metal, '/sys/fs/cgroup/system.slice/': ['cron.service/'] },
    { after: { '/sys/fs/cgroup/system.slice/': ['chrony.service/'] } },
  ),
  'metal with another init': unknown({
    ...metal,
    'stat /run/systemd/system': null,
    '/sys/fs/cgroup/system.slice/': null,
  }),
  'not recorded': unknown({}),
})
