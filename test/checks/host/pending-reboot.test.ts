import check from '../../../checks/host/pending-reboot.ts'
import type { Readings } from '../../../src/hosts/memory.ts'
import { finds, passes, skips, testCheck, unknown } from '../../../src/testing.ts'
import { bare, denied } from './hosts.ts'

const BOOTED = Date.parse('2026-11-01T00:00:00Z')
const DAY = 86_400_000
const fileAt = (mtimeMs: number) =>
  ({ type: 'file', mode: 0o644, uid: 0, gid: 0, size: 1, mtimeMs, ino: 1, dev: 1 }) as const

/** Debian 12, booted three weeks ago. */
const host: Readings = {
  ...bare,
  '/boot/': ['config-6.1.0-18-amd64', 'grub/', 'initrd.img-6.1.0-18-amd64', 'vmlinuz-6.1.0-18-amd64'],
  '/proc/stat': `cpu  1 2 3\nbtime ${BOOTED / 1000}\nprocesses 41\n`,
  '/proc/1/maps':
    '7f1c-7f1d r-xp 00000000 fe:01 131 /usr/lib/x86_64-linux-gnu/libc.so.6\n7f1e-7f1f rw-p 00000000 00:01 9 /dev/zero (deleted)\n',
}
const kernel = (release: string, installedAt: number): Readings => ({
  '/boot/': ['vmlinuz-6.1.0-18-amd64', `vmlinuz-${release}`],
  [`stat /lib/modules/${release}/modules.dep`]: fileAt(installedAt),
})
const rebooted = (release: string): Readings => ({ '/proc/sys/kernel/osrelease': `${release}\n` })

testCheck(check, {
  'nothing new': passes(host, { says: '6.1.0-18-amd64' }),
  'seen by an ordinary user': passes({ ...host, '/proc/1/maps': denied }),
  'a newer kernel': finds(
    'kernel',
    { ...host, ...kernel('6.1.0-21-amd64', BOOTED + DAY) },
    { after: rebooted('6.1.0-21-amd64') },
  ),
  'a newer kernel that was there before: it is not booted on purpose': passes({
    ...host,
    ...kernel('6.1.0-21-amd64', BOOTED - DAY),
  }),
  'a newer kernel of another flavour': passes({ ...host, ...kernel('6.1.0-21-cloud-amd64', BOOTED + DAY) }),
  'an older kernel that was put back': passes({ ...host, ...kernel('6.1.0-9-amd64', BOOTED + DAY) }),
  'a kernel whose modules were removed, with libraries in their place': passes({
    ...host,
    '/boot/': ['vmlinuz-6.1.0-21-amd64'],
  }),
  'no /boot, as on a cloud machine': passes({ ...host, '/boot/': null }, { says: 'libraries' }),
  'no /boot, seen by an ordinary user': skips({ ...host, '/boot/': null, '/proc/1/maps': denied }),
  'Arch, whose kernels have no version in their names, seen by an ordinary user': skips({
    ...host,
    '/proc/sys/kernel/osrelease': '6.9.1-arch1-1\n',
    '/boot/': ['initramfs-linux.img', 'vmlinuz-linux'],
    '/proc/1/maps': denied,
  }),
  'packages ask for it': finds(
    'asked',
    {
      ...host,
      'stat /run/reboot-required': fileAt(BOOTED + DAY),
      '/run/reboot-required.pkgs': 'libc6\nlinux-base\nlibc6\na\nb\nc\nd\n',
    },
    { says: 'for libc6, linux-base, a, b, c and 1 more', after: { 'stat /run/reboot-required': null } },
  ),
  'SUSE asks for it': finds(
    'asked',
    { ...host, 'stat /run/reboot-needed': fileAt(BOOTED + DAY) },
    { says: /rebooted$/, after: { 'stat /run/reboot-needed': null } },
  ),
  'libc was replaced': finds(
    'libraries',
    {
      ...host,
      '/proc/1/maps':
        '7f1c-7f1d r-xp 00000000 fe:01 131        /usr/lib/x86_64-linux-gnu/libc.so.6 (deleted)\n',
    },
    { says: 'libc.so.6', after: { '/proc/1/maps': '' } },
  ),
  'in a container': skips({
    ...host,
    '/run/systemd/container': 'lxc\n',
    'stat /run/reboot-required': fileAt(0),
  }),
  'in WSL': skips({ ...host, '/proc/sys/kernel/osrelease': '5.15.153.1-microsoft-standard-WSL2\n' }),
  '/boot cannot be seen': unknown({ ...host, '/boot/': denied }),
  'not recorded': unknown({}),
})
