/** Processors and memory, from files that the kernel answers at once. */
import { defineFact, type Fact, orAbsent } from '../model/fact.ts'
import { file } from '../model/source.ts'

export const cpusOnlineList: Fact<string> = defineFact({
  name: 'cpusOnlineList',
  about: 'The processors that are online, as the kernel lists them: `0-3,6`.',
  reads: { online: file('/sys/devices/system/cpu/online') },
  parse: ({ online }) => online.trim(),
})

export const cpusOnline: Fact<number> = defineFact({
  name: 'cpusOnline',
  about: 'How many processors are online.',
  needs: { list: cpusOnlineList },
  parse: (_, { list }) => countList(list),
})

/** Counts a kernel list of ranges such as `0-3,6,8-9`; 0 where it is none. */
export function countList(text: string): number {
  const counts = text
    .trim()
    .split(',')
    .map((part) => {
      const [, first, last] = /^(\d{1,6})(?:-(\d{1,6}))?$/.exec(part) ?? []
      if (first === undefined) return 0
      return Math.max(0, Number(last ?? first) - Number(first) + 1)
    })
  return counts.reduce((sum, count) => sum + count, 0)
}

/** Bytes by name (`MemTotal`, `MemAvailable`, `SwapTotal`, …); counts without a unit as they stand. */
export const memoryInfo: Fact<ReadonlyMap<string, number>> = defineFact({
  name: 'memoryInfo',
  about: 'Memory and swap in bytes, by the names of /proc/meminfo.',
  reads: { meminfo: file('/proc/meminfo') },
  parse: ({ meminfo }) => parseMeminfo(meminfo),
})

export function parseMeminfo(text: string): ReadonlyMap<string, number> {
  const rows = [...text.matchAll(/^([\w()]+):\s+(\d{1,15})( kB)?\s*$/gm)]
  return new Map(rows.map(([, name, value, kib]) => [name ?? '', Number(value) * (kib ? 1024 : 1)]))
}

/** What the processors can do for virtual machines, as data: `vmx` (Intel), `svm` (AMD), and whether we run under a hypervisor. */
export interface ProcessorFlags {
  readonly virtualization: 'vmx' | 'svm' | null
  readonly hypervisor: boolean
  /** What this processor lacks of the x86-64-v2 level; empty on other architectures and where flags are not told. */
  readonly lacksV2: readonly string[]
}

/** Flags of /proc/cpuinfo behind x86-64-v2. @see https://gitlab.com/x86-psABIs/x86-64-ABI */
const X86_64_V2 = ['cx16', 'lahf_lm', 'popcnt', 'pni', 'sse4_1', 'sse4_2', 'ssse3'] as const

export const processorFlags: Fact<ProcessorFlags> = defineFact({
  name: 'processorFlags',
  about:
    'Whether the processor offers hardware virtualization, is itself virtual, and reaches x86-64-v2 (x86 only).',
  reads: { cpuinfo: orAbsent(file('/proc/cpuinfo')) },
  parse: ({ cpuinfo }): ProcessorFlags => {
    const flags = new Set(/^flags\s*:\s*(.*)$/m.exec(cpuinfo ?? '')?.[1]?.split(' '))
    const virtualization = flags.has('vmx') ? 'vmx' : flags.has('svm') ? 'svm' : null
    const lacksV2 = flags.has('lm') ? X86_64_V2.filter((flag) => !flags.has(flag)) : []
    return { virtualization, hypervisor: flags.has('hypervisor'), lacksV2 }
  },
})
