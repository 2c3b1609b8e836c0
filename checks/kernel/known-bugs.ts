import { dataset } from '../../src/data/dataset.ts'
import { cgroups } from '../../src/facts/cgroups.ts'
import { kernelArguments } from '../../src/facts/kernel-command-line.ts'
import { inReleases, kernel } from '../../src/facts/kernel-release.ts'
import { defineCheck, fail, warn } from '../../src/model/check.ts'
import { maybe } from '../../src/model/fact.ts'
import { type Fix, fix, kernelArgument, manual, manualFix, reboot } from '../../src/model/fix.ts'
import { says, shows } from '../../src/model/symptom.ts'

/**
 * The kernel numbers memory groups with 16 bits; 3.x gives the number of a removed group back only when all of its memory is.
 * @see https://github.com/torvalds/linux/commit/73f576c04b9410ed19660f74f97521bee6e1c546 (4.8, and stable 4.x)
 */
const MOST_MEMORY_GROUPS = 65_535
/** Where it is told of beforehand: our choice. */
const NEARLY = 0.9 * MOST_MEMORY_GROUPS

export default defineCheck({
  id: 'kernel/known-bugs',
  title: 'The kernel has no bug known to break containers',
  why: 'Such a kernel crashes or runs dry under containers, after hours or weeks in which all seemed well.',
  profiles: ['docker', 'rootless', 'swarm'],
  needs: {
    kernel,
    line: maybe(kernelArguments),
    cgroups: maybe(cgroups),
    table: dataset('kernel-bugs'),
  },
  symptoms: () => [
    shows(/mkdir \/sys\/fs\/cgroup\/\S*: (?:no space left on device|cannot allocate memory)/, 0.94),
    shows(/SLUB: Unable to allocate memory|kmem_cache|cgroup_destroy|kmem(?:accounting|\.limit)/, 0.85),
    shows(/unregister_netdevice: waiting for \S+ to become free/, 0.96),
    says([/\bmemory cgroups?|\bcgroups?\b/, /\bleak|\b65535|\bkmem|\bno space|泄漏/], 0.85),
    shows(/error loading seccomp filter into kernel|errno 524|bpf_prog_query/, 0.45),
    shows(/UDP: bad checksum\. From \S+ to \S+:(?:8472|4789)\b/, 0.85),
    says([/\bvxlan|\bflannel|\bcalico/, /\boffload|\bchecksum|\b63[ -]?s(?:ec)?/], 0.7),
    says(
      [
        /\bslab\b|\bkmem\b/,
        /\bgrow|\bleak|\bkswapd|内存/,
        /\bkernel|\bcgroups?\b|slabtop|SUnreclaim|\bkswapd|\boom\b|内核/,
      ],
      0.75,
    ),
    says([/\bmemory cgroups?\b/, /创建.{0,30}失败|\bcreat\w*\b.{0,30}\bfail|\bfail\w* to create/], 0.6),
  ],
  findings: {
    memoryGroupsUsedUp: fail('all {most} memory groups of the kernel are taken: no container can be started'),
    buggy: warn('kernel {release}: {effect} (fixed in {fixed})'),
    memoryGroupsRunOut: warn(
      '{groups} of {most} memory groups of the kernel are taken; when all are, no container can be started',
    ),
  },
  evaluate({ kernel, line, cgroups, table }, report) {
    if (!kernel) return report.unknown('the kernel release is not a version')
    const { release, vendor, enterprise } = kernel
    const bugs = table.bugs.filter(
      (bug) =>
        bug.vendor === vendor &&
        (bug.enterprise === undefined || bug.enterprise === enterprise) &&
        (bug.flavour === undefined || release.endsWith(`-${bug.flavour}`)) &&
        inReleases(release, bug) &&
        !(bug.argument && line.known && line.value.includes(bug.argument)),
    )
    const update = 'Update the kernel package of the distribution, and reboot into it.'
    const cure = (argument: string | undefined): Fix =>
      argument
        ? fix('Boot with the bug avoided', kernelArgument(argument), manual(update))
        : manualFix(update)
    const found = bugs.map(({ id, effect, before, argument, sources }) =>
      report('buggy', { release, effect, fixed: before }, cure(argument), { id, sources }),
    )
    const keepsNumbers = kernel.major < 4
    const groups = (keepsNumbers && cgroups.known && cgroups.value.compiled.get('memory')?.groups) || 0
    const most = MOST_MEMORY_GROUPS
    const [avoid] = bugs.flatMap(({ argument }) => argument ?? [])
    const free = avoid
      ? fix(
          'Boot with the bug avoided: only a reboot frees them',
          kernelArgument(avoid),
          reboot,
          manual(update),
        )
      : fix('Free them: only a reboot does', reboot, manual(update))
    if (groups >= most) found.push(report('memoryGroupsUsedUp', { most }, free, { groups }))
    else if (groups >= NEARLY) found.push(report('memoryGroupsRunOut', { groups, most }, free, { groups }))
    return report.all(found, () => report.pass(`${release} (${vendor})`))
  },
})
