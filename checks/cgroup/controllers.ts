import { FAILS } from '../../src/diagnose/words.ts'
import { mountControllers, oneHierarchy, switchOn } from '../../src/facts/cgroup-steps.ts'
import { cgroups } from '../../src/facts/cgroups.ts'
import { kernelArguments, splitCommandLine } from '../../src/facts/kernel-command-line.ts'
import { kernel } from '../../src/facts/kernel-release.ts'
import { type Lack, missingControllers } from '../../src/facts/missing-controllers.ts'
import { serviceManager } from '../../src/facts/service-manager.ts'
import { defineCheck, fail, warn } from '../../src/model/check.ts'
import { fix, manualFix, reboot, restartEngine, writeFile } from '../../src/model/fix.ts'
import { mentions, says, shows } from '../../src/model/symptom.ts'

export default defineCheck({
  id: 'cgroup/controllers',
  title: 'The cgroup controllers that containers need are there',
  why: 'Without its controllers a container does not start, or its memory, processor and process limits are ignored.',
  profiles: ['docker', 'rootless', 'swarm'],
  needs: {
    cgroups,
    missing: missingControllers,
    kernel,
    line: kernelArguments,
    split: splitCommandLine,
    manager: serviceManager,
  },
  causedBy: ['cgroup/hierarchy', 'host/virtualization'],
  symptoms: () => [
    shows(
      /Failed to find memory cgroup|missing cgroups?: memory|CGROUPS_MEMORY: missing|memory cgroup (?:is )?(?:not|disabled)|cgroup_enable=memory|missing required cgroups/,
      0.95,
    ),
    shows(/No memory limit support|does not support memory limit|内核不支持内存限制/, 0.97),
    shows(/No pids limit support|No cpu (?!cfs)\w{1,12} support/, 0.88),
    // Kernels since 5.0 have no such weights, and control groups v2 no such limits.
    mentions(/No (?:blkio|oom|kernel memory)[\w ]{0,40} support/, 0.3),
    shows(
      /cgroup subsystem not mounted|Your kernel does not support (?:memory|cpu|cpuset|blkio|pids)|cgroup controller[^\n]{0,40}(?:not|missing)|(?:memory|pids|cpuset|cpu)\.\w+(?:\.\w+)?: no such file or directory/,
      0.45,
    ),
    says([/\bmemory\b|内存/, /\bcgroup/, FAILS], 0.4),
    says([/raspberry|\bpi ?[345]\b|树莓派/, /\bcgroup|\bmemory limit|\bcmdline/], 0.85),
    says([/\bdocker stats|\bmemory limit|内存限制/, /\b0b?\b|\bzero|\bnot work|\bdiscard|无效|不生效/], 0.75),
    shows(/mount -t cgroup|special device (?:none|cgroup) does not exist/, 0.7),
    shows(
      /\/sys\/fs\/cgroup\/(?:memory|cpu|cpuset|pids|blkio|devices|freezer)\b[^\n]{0,120}(?:no such file|not found|does not exist|No such)/,
      0.6,
    ),
    shows(/mountpoint for \w+ not found/, 0.1, { unless: /modprobe|overlay/ }),
    says([/\bmemory (?:limit|constraint|cgroup)|\bmem_limit|--memory\b|-m \d+/, FAILS], 0.7, {
      unless: /swap limit|memory\.swap\.max/,
    }),
    shows(/Your kernel does not support (?:cgroup blkio|blkio|cgroup rt|oom)/, 0.4),
    shows(/Your kernel does not support (?:memory|cpu|cpuset|pids|CPU)/, 0.7, {
      unless: /swap limit|swap memory|cgroup swap/,
    }),
    shows(
      [/mount (?:-v )?-t cgroup [^\n]{0,60}\b(?:memory|cpuset|pids)\b/, /special device \w+ does not exist/],
      0.85,
    ),
  ],
  findings: {
    secondLine: fail('{names} is off: {file} asks for it on a second line, which the firmware does not read'),
    off: fail('{names} is switched off at boot: its limits are ignored'),
    notMounted: fail('{names} is not mounted: containers do not start, or start without its limits'),
    notCompiled: fail('this kernel is built without {names}: its limits are ignored'),
    bound: fail('cgroup v2 is mounted, but {names} is still held by cgroup v1: its limits are ignored'),
    notOffered: fail('cgroup v2 does not offer {names} here: its limits are ignored'),
    someMissing: warn('{names} is missing: limits of that kind are ignored'),
  },
  unfixable: { notCompiled: 'another kernel is needed', someMissing: 'another kernel or boot is needed' },
  evaluate({ cgroups, missing, kernel, line, split, manager }, report) {
    if (cgroups.mode === 'none') return report.skip('no hierarchy is mounted')
    const data = { version: cgroups.mode, usable: [...cgroups.usable].sort() }
    const required = missing.filter((each) => each.required)
    const lack = (['off', 'notMounted', 'notCompiled', 'bound', 'notOffered'] as const satisfies Lack[]).find(
      (lack) => required.some((each) => each.lack === lack),
    )
    const listed = (lack ? required.filter((each) => each.lack === lack) : missing).map(({ name }) => name)
    const names = listed.join(', ')
    if (lack === undefined) {
      if (missing.length > 0) return report('someMissing', { names }, null, data)
      return report.pass(`cgroup ${cgroups.mode}: ${data.usable.join(', ')}`, data)
    }
    if (lack === 'notCompiled') return report('notCompiled', { names }, null, data)
    if (lack === 'notMounted') {
      const mount = fix('Mount what is missing', ...mountControllers(listed), restartEngine)
      return report('notMounted', { names }, mount, data)
    }
    if (lack === 'off') {
      if (split && listed.includes('memory')) {
        const oneLine = fix('Put all arguments on one line', writeFile(split.path, split.joined), reboot)
        return report('secondLine', { names, file: split.path }, oneLine, data)
      }
      const steps = switchOn(listed, line, kernel?.vendor === 'raspberrypi')
      return report('off', { names }, fix('Switch it on at boot', ...steps, reboot), data)
    }
    if (lack === 'bound') return report('bound', { names }, oneHierarchy(cgroups, manager.kind), data)
    const delegate =
      'Have whoever manages this cgroup delegate the controllers, or boot a kernel that has them.'
    return report('notOffered', { names }, manualFix(delegate), data)
  },
})
