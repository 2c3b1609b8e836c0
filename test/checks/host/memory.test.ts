import check from '../../../checks/host/memory.ts'
import type { Readings } from '../../../src/hosts/memory.ts'
import { finds, passes, testCheck, unknown } from '../../../src/testing.ts'
import { denied } from './hosts.ts'

/** All in MiB. */
const memory = (total: number, available: number, swap = 0, swapFree = swap): Readings => ({
  '/proc/meminfo': `MemTotal: ${total * 1024} kB\nMemFree: 9 kB\nMemAvailable: ${available * 1024} kB\nSwapTotal: ${swap * 1024} kB\nSwapFree: ${swapFree * 1024} kB\n`,
})
const swarm = { settings: { profile: 'swarm' } } as const

testCheck(check, {
  'a large machine': passes(memory(24_105, 22_000), { says: '24 GiB' }),
  'a large machine that is well used': passes(memory(24_105, 1500)),
  'a machine sold with 512 MiB': passes(memory(460, 120, 1024), { says: '460 MiB, and 1 GiB swap' }),
  'a machine sold with 1 GiB as a manager': passes(memory(964, 500), swarm),
  'CentOS 7 before 3.10.0-229, which does not tell what is available': passes({
    '/proc/meminfo': 'MemTotal: 1882064 kB\n',
  }),
  'a machine with 128 MiB': finds('low', memory(110, 40)),
  'a machine with 256 MiB as a manager': finds('low', memory(230, 90), swarm),
  'nothing left': finds('usedUp', memory(24_105, 90), { says: '90 MiB of 24 GiB' }),
  'nothing left, and swap full': finds('usedUp', memory(1976, 40, 2048, 10)),
  'little left, and swap free': passes(memory(1976, 40, 2048, 1500)),
  'no numbers': unknown({ '/proc/meminfo': '' }),
  denied: unknown({ '/proc/meminfo': denied }),
})
