import { memoryInfo } from '../../src/facts/hardware.ts'
import { settings } from '../../src/facts/settings.ts'
import { bytes, MIB } from '../../src/facts/units.ts'
import { defineCheck, warn } from '../../src/model/check.ts'
import { manualFix } from '../../src/model/fix.ts'
import { says, shows } from '../../src/model/symptom.ts'

/**
 * No release notes name a least. Our own choice: dockerd and containerd at rest take some 120 MiB; 512 MiB are known to be few for a
 * manager of a swarm. What a machine is sold with is a tenth more than what the kernel counts.
 * @see https://github.com/BretFisher/swarm3k#readme
 */
const LEAST = { docker: 200 * MIB, rootless: 200 * MIB, swarm: 450 * MIB, hardening: 0, 'check-config': 0 }
/** Of memory and swap together so little is left that the kernel will soon end processes; both are our own choice. */
const NOTHING = 256 * MIB
const NOTHING_PERCENT = 5

export default defineCheck({
  id: 'host/memory',
  title: 'There is memory for the engine and its containers',
  why: 'Where memory runs out the kernel ends processes: containers, or the engine itself.',
  profiles: ['docker', 'rootless', 'swarm'],
  needs: { memory: memoryInfo, settings },
  symptoms: () => [
    shows(/Cannot allocate memory|out of memory|OutOfMemory/, 0.1),
    shows(/(?<!cgroup )out of memory: Kill(?:ed)? process|constraint=CONSTRAINT_NONE|\bglobal_oom\b/, 0.85),
    says(
      [
        /\b137\b|\boom\b|out of memory|\bkilled\b|内存不足/,
        /\b(?:whole|entire) (?:machine|server|host|system|vps|vm)\b|\b\d+ ?gb?\b(?: of)? (?:ram|memory)\b|\bswap\b|\bon (?:a |an )?\d+ ?gb\b|内存/,
      ],
      0.55,
    ),
    says(
      [
        /\bmysqld?\b|\bmariadb|\bdatabase|\belasticsearch|\bjava\b/,
        /\bdies?\b|\bcrash(?:es)?\b|\bgoes down\b|\bis down\b|\bkilled\b/,
        /\bperiodically|\bevery (?:day|night|week|few)|\brandom|\bfrom time to time|\bonce a (?:day|week)/,
      ],
      0.55,
    ),
  ],
  findings: {
    low: warn('the host has {total} of memory, which is little for a host of profile {profile}'),
    usedUp: warn('{left} of {total} memory and swap are left: the kernel will soon end processes'),
  },
  evaluate({ memory, settings }, report) {
    const [total, swap] = [memory.get('MemTotal'), memory.get('SwapTotal') ?? 0]
    // Before 3.14 the kernel does not tell what is available.
    const available = memory.get('MemAvailable')
    if (total === undefined) return report.unknown('/proc/meminfo does not tell how much memory there is')
    const data = { totalBytes: total, swapBytes: swap, availableBytes: available ?? null }
    const left = available === undefined ? total : available + (memory.get('SwapFree') ?? 0)
    if (left < NOTHING && left < ((total + swap) * NOTHING_PERCENT) / 100) {
      const free = manualFix(
        'Free memory, or give the machine more',
        'See what takes it: docker stats --no-stream; ps -eo rss,args --sort=-rss | head.',
        'Limit what may take too much: docker update --memory 512m --memory-swap 512m CONTAINER.',
      )
      return report('usedUp', { left: bytes(left), total: bytes(total + swap) }, free, data)
    }
    if (total < LEAST[settings.profile]) {
      const more = manualFix('Give the machine more memory, or at least swap')
      return report('low', { total: bytes(total), profile: settings.profile }, more, data)
    }
    return report.pass(`${bytes(total)}${swap > 0 ? `, and ${bytes(swap)} swap` : ''}`, data)
  },
})
