import check from '../../../checks/host/architecture.ts'
import { finds, passes, testCheck, unknown } from '../../../src/testing.ts'
import { bare, denied, installed, shell } from './hosts.ts'

const ARCH = '/proc/sys/kernel/arch'
const RASPBIAN = { '/etc/os-release': 'ID=raspbian\nVERSION_ID="12"\n' }
/** Before Linux 6.1. */
const uname = (machine: string) => ({ ...bare, [ARCH]: null, '$ uname -m': `${machine}\n` })

testCheck(check, {
  x86_64: passes({ ...bare, ...shell(2, 62) }),
  'aarch64 on an older kernel': passes({ ...uname('aarch64'), ...shell(2, 183) }),
  'no shell to look at': passes(bare),
  'a shell that may not be read': passes({ ...bare, 'base64 /bin/sh': denied }),
  'riscv64 with an engine': passes({ ...uname('riscv64'), ...shell(2, 243), ...installed('dockerd') }),
  'ARMv7 Debian': passes({ ...uname('armv7l'), ...shell(1, 40) }, { says: '32-bit ARM' }),
  'ARMv6 with an engine': passes({ ...uname('armv6l'), ...shell(1, 40), ...installed('dockerd') }),
  'Raspberry Pi OS 32-bit on a 64-bit kernel': finds('arm32', {
    ...uname('aarch64'),
    ...shell(1, 40),
    ...RASPBIAN,
  }),
  ARMv6: finds('oldArm', { ...uname('armv6l'), ...shell(1, 40), ...RASPBIAN }),
  'a Pentium 4': finds('kernel32', { ...uname('i686'), ...shell(1, 3) }, { says: 'i686' }),
  '32-bit programs on a 64-bit kernel': finds('userland32', { ...bare, ...shell(1, 3) }),
  loongarch64: finds('notBuilt', { ...uname('loongarch64'), ...shell(2, 258) }),
  'nothing recorded': unknown({}),
})
