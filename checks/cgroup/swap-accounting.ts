import { cgroups } from '../../src/facts/cgroups.ts'
import { memoryInfo } from '../../src/facts/hardware.ts'
import { kernelArguments } from '../../src/facts/kernel-command-line.ts'
import { swapAccounting, swapIsCompiledIn } from '../../src/facts/swap-accounting.ts'
import { bytes } from '../../src/facts/units.ts'
import { defineCheck, warn } from '../../src/model/check.ts'
import { maybe } from '../../src/model/fact.ts'
import { fix, kernelArgument, reboot, removeKernelArgument } from '../../src/model/fix.ts'
import { says, shows } from '../../src/model/symptom.ts'

const OFF = 'swapaccount=0'
/** @see https://docs.docker.com/engine/install/troubleshoot/#kernel-cgroup-swap-limit-capabilities */
const ON = 'swapaccount=1'

export default defineCheck({
  id: 'cgroup/swap-accounting',
  title: 'Limits of memory and swap work',
  why: 'Without them a container with a memory limit may fill the swap of the whole host.',
  profiles: ['docker', 'swarm'],
  needs: {
    cgroups,
    memory: memoryInfo,
    accounting: swapAccounting,
    line: maybe(kernelArguments),
    compiledIn: swapIsCompiledIn,
  },
  causedBy: ['cgroup/hierarchy', 'cgroup/controllers'],
  symptoms: () => [
    shows(/No swap limit support/, 0.9, { unless: /No memory limit support/ }),
    shows(
      /does not support swap (?:limit|memory)|cgroup swap(?! accounting is currently enabled)|swapaccount|memory\.memsw\./,
      0.92,
    ),
    says([/\bswap\b|交换/, /\blimit|\baccounting|限制/], 0.85, {
      unless: /does not support memory limit|No memory limit support/,
    }),
    shows(/memory\.swap\.max[^\n]{0,40}(?:no such file|permission denied|not permitted)/, 0.8),
    shows(/内核不支持交换/, 0.9),
  ],
  findings: {
    off: warn(
      'this kernel does not count swap for control groups: containers may use all of the {swap} swap',
    ),
    switchedOff: warn(`the kernel was booted with ${OFF}: containers may use all of the {swap} swap`),
    notCompiled: warn(
      'this kernel cannot count swap for control groups: containers may use all of the {swap} swap',
    ),
  },
  unfixable: { notCompiled: 'another kernel is needed' },
  evaluate({ cgroups, memory, accounting, line, compiledIn }, report) {
    const total = memory.get('SwapTotal')
    if (total === undefined) return report.unknown('/proc/meminfo tells nothing of swap')
    if (total === 0) return report.skip('this host has no swap')
    if (accounting === null) return report.skip('the memory controller is missing: see cgroup/controllers')
    if (accounting) return report.pass(`cgroup ${cgroups.mode}`)
    const given = line.known
      ? line.value.findLast((argument) => argument.startsWith('swapaccount='))
      : undefined
    const swap = bytes(total)
    if (given === OFF)
      return report('switchedOff', { swap }, fix('Boot without it', removeKernelArgument(OFF), reboot))
    if (given === ON || compiledIn === false) return report('notCompiled', { swap }, null)
    return report('off', { swap }, fix('Switch it on at boot', kernelArgument(ON), reboot))
  },
})
