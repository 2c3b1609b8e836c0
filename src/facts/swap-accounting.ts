/** Whether swap can be limited for control groups. */
import { defineFact, type Fact, maybe, type OrAbsent, orAbsent } from '../model/fact.ts'
import { type StatSource, stat } from '../model/source.ts'
import { cgroups } from './cgroups.ts'
import { runningEngine } from './engine.ts'
import { kernelArguments } from './kernel-command-line.ts'
import { kernelConfig } from './kernel-config.ts'

/**
 * The engine looks for the same files (v2: in its own group; the root group never has them).
 * @see https://github.com/moby/moby/blob/v27.0.0/pkg/sysinfo/cgroup2_linux.go
 */
export const swapAccounting: Fact<boolean | null> = defineFact({
  name: 'swapAccounting',
  about: 'Whether the kernel limits swap for control groups; null without a memory controller.',
  needs: { cgroups, engine: maybe(runningEngine), line: kernelArguments },
  reads: ({ cgroups }): Record<string, OrAbsent<StatSource>> => {
    const folder = cgroups.mode === 'v1' ? cgroups.mountPoints.get('memory') : undefined
    return folder ? { limit: orAbsent(stat(`${folder}/memory.memsw.limit_in_bytes`)) } : {}
  },
  reading: 'memory.memsw.limit_in_bytes of the memory controller (cgroup v1)',
  parse: ({ limit }, { cgroups, engine, line }) => {
    if (!cgroups.usable.has('memory')) return null
    if (limit !== undefined) return limit !== null
    const said = engine.known && !engine.value?.info.rootless ? engine.value?.info.raw.SwapLimit : undefined
    return typeof said === 'boolean' ? said : !line.includes('swapaccount=0')
  },
})

/** @see https://github.com/moby/moby/blob/v27.0.0/contrib/check-config.sh: since 5.8 every kernel with a memory controller and swap has it */
export const swapIsCompiledIn: Fact<boolean | null> = defineFact({
  name: 'swapIsCompiledIn',
  about: 'Whether this kernel is built with MEMCG_SWAP; null where its configuration cannot be read.',
  needs: { found: maybe(kernelConfig) },
  parse: (_, { found }) => (found.known && found.value ? found.value.config.options.has('MEMCG_SWAP') : null),
})
