import check from '../../../checks/cgroup/swap-accounting.ts'
import type { Readings } from '../../../src/hosts/memory.ts'
import { finds, passes, skips, testCheck, unknown } from '../../../src/testing.ts'
import { engine, procCgroups, v1, v1Without, v2 } from './hosts.ts'

const swap = (kib: number): Readings => ({
  '/proc/meminfo': `MemTotal:        2036572 kB\nSwapTotal:       ${kib} kB\nSwapFree:        ${kib} kB\n`,
})
const MEMSW = 'stat /sys/fs/cgroup/memory/memory.memsw.limit_in_bytes'
const memsw: Readings = {
  [MEMSW]: { type: 'file', mode: 0o644, uid: 0, gid: 0, size: 0, mtimeMs: 0, ino: 1, dev: 1 },
}
/** Ubuntu 20.04 and Debian 10, as they are installed. */
const without: Readings = {
  ...v1,
  ...swap(2_097_148),
  'base64 /proc/config.gz': null,
  '/lib/modules/**': null,
}
const config = (text: string): Readings => ({
  'base64 /boot/config-6.1.0-18-amd64': Buffer.from(text).toString('base64'),
})

testCheck(check, {
  'cgroup v1 that counts swap': passes({ ...without, ...memsw }),
  'cgroup v2': passes({ ...v2(), ...swap(2_097_148) }, { says: 'v2' }),
  'cgroup v2, as the engine says': passes({
    ...v2(),
    ...swap(1024),
    ...engine('27.3.1', { SwapLimit: true }),
  }),
  'no swap': skips({ ...without, ...swap(0) }),
  'no memory controller': skips({ ...v1Without('memory'), ...swap(1024), '/proc/cgroups': procCgroups(3) }),

  'off by default': finds('off', without, { says: '2 GiB swap' }),
  'off by default, and compiled in': finds('off', {
    ...without,
    ...config('CONFIG_MEMCG=y\nCONFIG_MEMCG_SWAP=y\n'),
  }),
  'switched off': finds('switchedOff', { ...without, '/proc/cmdline': 'ro quiet swapaccount=0\n' }),
  'switched off, cgroup v2': finds('switchedOff', {
    ...v2(),
    ...swap(1024),
    '/proc/cmdline': 'ro swapaccount=0\n',
  }),
  'not compiled in': finds('notCompiled', { ...without, ...config('CONFIG_MEMCG=y\n') }),
  'asked for, and the kernel cannot': finds('notCompiled', {
    ...without,
    '/proc/cmdline': 'ro swapaccount=1\n',
  }),

  'no swap told': unknown({ ...without, '/proc/meminfo': 'MemTotal: 1 kB\n' }),
  'the file cannot be seen': unknown({
    ...without,
    [MEMSW]: { state: 'denied', reason: 'permission denied', durationMs: 0 },
  }),
  'not recorded': unknown({}),
})
