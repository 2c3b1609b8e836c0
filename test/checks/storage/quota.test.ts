import { expect, it } from 'vitest'
import check from '../../../checks/storage/quota.ts'
import type { Readings } from '../../../src/hosts/memory.ts'
import { finds, judge, passes, skips, testCheck, unknown } from '../../../src/testing.ts'
import { statOf } from '../engine-host.ts'
import { hostWithDisk } from './host.ts'

/** As the kernel prints it of an xfs with and without project quota. */
const xfs = (quota: string, mountPoint = '/var/lib/docker'): Readings => ({
  '/proc/self/mountinfo': `1 0 8:1 / / rw,relatime - ext4 /dev/sda1 rw\n2 1 7:0 / ${mountPoint} rw,relatime shared:19 - xfs /dev/sdb rw,inode64,logbufs=8,logbsize=32k,${quota}\n`,
})
const limited = (...opts: readonly string[]): Readings => ({
  ...hostWithDisk(),
  '/etc/docker/daemon.json': `${JSON.stringify({ 'storage-opts': opts }, null, 2)}\n`,
})
const UNIT = '/usr/lib/systemd/system/docker.service'
const flagged: Readings = {
  ...hostWithDisk(),
  [`stat ${UNIT}`]: statOf('file', 0o644, 0, 0, { size: 80 }),
  [UNIT]: '[Service]\nExecStart=/usr/bin/dockerd -H fd:// --storage-opt overlay2.size=10G\n',
}
const SIZE = 'overlay2.size=100M'
const FSTAB = { '/etc/fstab': '/dev/sdb /var/lib/docker xfs defaults,noatime 0 2\n' }

testCheck(check, {
  'no limit is set': skips(hostWithDisk()),
  'a limit of nothing': skips(limited('overlay2.size=0')),
  'another driver, whose checks see to it': skips({
    ...hostWithDisk(),
    '/etc/docker/daemon.json': JSON.stringify({ 'storage-driver': 'zfs', 'storage-opts': [SIZE] }),
  }),
  'images that containerd stores': skips({
    ...hostWithDisk(),
    '/etc/docker/daemon.json': JSON.stringify({
      features: { 'containerd-snapshotter': true },
      'storage-opts': [SIZE],
    }),
  }),
  'xfs with project quota': passes({ ...limited(SIZE), ...xfs('prjquota') }, { says: '100M' }),
  'on ext4': finds('notXfs', limited(SIZE), { says: 'is on ext4', after: {} }),
  'on ext4, beside another option': finds('notXfs', limited('overlay2.override_kernel_check=true', SIZE), {
    after: {},
  }),
  'on ext4, given as a flag': finds('notXfs', flagged, { says: 'overlay2.size is 10G' }),
  'xfs without quota': finds(
    'noQuota',
    { ...limited(SIZE), ...xfs('noquota'), ...FSTAB },
    { says: 'the xfs at /var/lib/docker', after: {} },
  ),
  'xfs with quota that is counted and not enforced': finds(
    'noQuota',
    { ...limited(SIZE), ...xfs('pqnoenforce') },
    { after: xfs('prjquota') },
  ),
  'on the root file system': finds(
    'noQuota',
    {
      ...limited(SIZE),
      '/proc/self/mountinfo': '1 0 8:1 / / rw,relatime - xfs /dev/sda1 rw,attr2,inode64,noquota\n',
    },
    { says: 'the xfs at /' },
  ),
  'on /var, which cannot be taken off': finds('noQuota', {
    ...limited(SIZE),
    ...xfs('noquota', '/var'),
    '/etc/fstab': '/dev/sdb /var xfs defaults 0 2\n',
  }),
  'nothing recorded': unknown({}),
})

it('what a flag sets is taken out where it stands, not of daemon.json', async () => {
  const found = JSON.stringify(await judge(check, flagged))
  expect(found).not.toContain('"kind":"json"')
  expect(found).toContain('ExecStart=/usr/bin/dockerd -H fd://\\n')
})
