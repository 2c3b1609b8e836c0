import check from '../../../checks/security/mount-options.ts'
import type { Readings } from '../../../src/hosts/memory.ts'
import { finds, passes, testCheck, unknown } from '../../../src/testing.ts'
import { hostWithDisk, withEngine } from '../storage/host.ts'

const disk = (options: string, fstab = ''): Readings => ({
  ...hostWithDisk({ options }),
  '/etc/fstab': fstab,
})
const noexec = disk(
  'rw,noexec,relatime',
  'UUID=1 / ext4 defaults 0 1\n/dev/sdb /var/lib/docker ext4 noexec,nodev 0 2\n',
)

testCheck(check, {
  'no option of the kind': passes(withEngine(disk('rw,relatime'))),
  'as the hardening guides want it, short of noexec': passes(withEngine(disk('rw,nosuid,nodev,relatime'))),
  'noexec on /run alone, as Debian has it': passes({
    ...withEngine(disk('rw,relatime')),
    '/proc/self/mountinfo':
      '1 0 8:1 / / rw,relatime - ext4 /dev/sda1 rw\n3 1 0:24 / /run rw,nosuid,nodev,noexec - tmpfs tmpfs rw\n',
  }),
  'noexec beneath overlay2': finds('volumes', withEngine(noexec), {
    after: {},
    says: '/var/lib/docker lies on /var/lib/docker, mounted noexec',
  }),
  'noexec before an engine is installed': finds('volumes', noexec, { after: {} }),
  'noexec that is not from fstab': finds('volumes', withEngine(disk('rw,noexec')), { after: {} }),
  'noexec beneath vfs': finds('noContainer', withEngine(noexec, { Driver: 'vfs' }), {
    after: {},
    says: 'vfs',
  }),
  'noexec beneath vfs, by configuration': finds(
    'noContainer',
    { ...noexec, '/etc/docker/daemon.json': '{"storage-driver": "vfs"}' },
    { after: {} },
  ),
  'nothing recorded': unknown({}),
})
