import { CONTAINER, FAILS, UPGRADE } from '../../src/diagnose/words.ts'
import { cgroups } from '../../src/facts/cgroups.ts'
import { containers, runningEngine } from '../../src/facts/engine.ts'
import { engineBuilds, type Part } from '../../src/facts/engine-builds.ts'
import { enginePackages } from '../../src/facts/engine-packages.ts'
import { PART_NAMES, updatePart } from '../../src/facts/engine-updates.ts'
import { kernelArguments } from '../../src/facts/kernel-command-line.ts'
import { packageFamily } from '../../src/facts/package-manager.ts'
import { defineCheck, fail, warn } from '../../src/model/check.ts'
import { maybe } from '../../src/model/fact.ts'
import { fix, manualFix, reboot, removeKernelArgument } from '../../src/model/fix.ts'
import { says, shows } from '../../src/model/symptom.ts'
import { compareVersions } from '../../src/versions.ts'

/**
 * The first that know cgroup v2: https://docs.docker.com/engine/release-notes/20.10/,
 * https://github.com/opencontainers/runc/blob/main/docs/cgroup-v2.md, https://github.com/containerd/containerd/releases/tag/v1.4.0
 */
const FIRST_ON_V2: readonly (readonly [Part, string])[] = [
  ['engine', '20.10.0'],
  ['containerd', '1.4.0'],
  ['runc', '1.0.0-rc93'],
]
/** Without it systemd 256 and 257 refuse cgroup v1; 258 knows none: https://github.com/systemd/systemd/blob/v258/NEWS */
const FORCE = 'SYSTEMD_CGROUP_ENABLE_LEGACY_FORCE=1'
/** @see https://www.freedesktop.org/software/systemd/man/254/systemd.html#systemd.unified_cgroup_hierarchy */
const KEEPS_V1 = /^systemd\.unified_cgroup_hierarchy=(?:0|no|n|false|f|off)$/
const ROOT = '/sys/fs/cgroup'
const RUNS_SYSTEMD = /^"?\S*\/(?:s?bin\/init|systemd\/systemd)\b/

export default defineCheck({
  id: 'cgroup/engine-support',
  title: 'Engine and systemd can work with this kind of control groups',
  why: "An engine older than the host's control groups does not start, and containers that manage their own hang.",
  profiles: ['docker', 'rootless', 'swarm'],
  needs: {
    cgroups,
    builds: maybe(engineBuilds),
    engine: maybe(runningEngine),
    containers: maybe(containers),
    line: maybe(kernelArguments),
    packages: maybe(enginePackages),
    family: maybe(packageFamily),
  },
  causedBy: ['cgroup/hierarchy', 'host/virtualization'],
  symptoms: () => [
    shows(/cgroup mountpoint does not exist/, 0.6),
    shows(/Devices cgroup isn't mounted/, 0.1),
    shows(
      /Failed to create \/init\.scope|Failed to (?:create|allocate)[^\n]{0,40}(?:control group|init\.scope|manager object)/,
      0.93,
    ),
    shows(/systemd\.unified_cgroup_hierarchy|cgroup2fs|on \/sys\/fs\/cgroup type cgroup2/, 0.6),
    shows(
      /this (?:version of )?runc doesn't work on cgroups? v2|cgroup v2 (?:is )?not (?:yet )?supported/,
      0.95,
    ),
    says([/\bcgroups? ?v?2\b|\bunified\b|\bfedora 3[1-9]/, FAILS], 0.75),
    says([/\bsystemd\b/, /\binside|\bin (?:a |the )?(?:docker )?container|容器内/, FAILS], 0.5),
    shows(
      /applying cgroup configuration[^\n]*open [^\n]{0,100}no such file|process_linux\.go:\d+: applying cgroup/,
      0.65,
    ),
    shows(/open \/sys\/fs\/cgroup\/(?:docker|system\.slice|cpuset|unified)\S*: no such file/, 0.55),
    shows(/Failed to mount (?:cgroup|API filesystems)|Failed to mount cgroup at/, 0.8),
    shows(
      /Failed to attach \S+ to compat systemd cgroup|cgroup2: unknown option|Failed to create \S+ control group|cgroup[^\n]{0,40}Read-only file system/,
      0.7,
    ),
    shows(/mounting \\*"cgroup\\*" to rootfs/, 0.5, { unless: /not permitted|permission denied/ }),
    shows(/cpuset\.(?:cpus|mems)\.effective: no such file/, 0.8),
    says([/\/sys\/fs\/cgroup(?!\/\w)/, /\bread-?only\b|\brw\b|:ro\b|只读/, /\bsystemd\b|\bmount/], 0.6),
    says(
      [
        CONTAINER,
        UPGRADE,
        /\bdebian 11|\bbullseye|\bubuntu 2[12]|\b2[12]\.(?:04|10)\b|\bfedora 31/,
        /\bprivileged\b|\bsystemd (?:in|inside)\b|\/sbin\/init\b|\bcgroup/,
      ],
      0.7,
    ),
  ],
  findings: {
    tooOld: fail('this host uses cgroup v2, which {part} {version} does not know: it takes {least} or later'),
    containerSystemd: warn(
      'container {name} runs systemd with {root} mounted read-only, which does not start on cgroup v2',
    ),
    forced: warn('this host keeps to cgroup v1 by {argument}, which systemd 258 no longer knows'),
  },
  evaluate({ cgroups, builds, engine, containers, line, packages, family }, report) {
    const { mode } = cgroups
    if (mode === 'none') return report.skip('no control groups are mounted')
    if (mode === 'v1') {
      if (!line.known || !line.value.includes(FORCE)) return report.pass('every engine works with cgroup v1')
      const kept = line.value.filter((argument) => argument === FORCE || KEEPS_V1.test(argument))
      const move = fix('Boot with cgroup v2', ...kept.map(removeKernelArgument), reboot)
      return report('forced', { argument: FORCE }, move)
    }
    if (!builds.known) return report.unknown(builds.why)
    if (builds.value.size === 0) return report.skip('no engine is installed here')
    // What runs containers works with it, whatever its distribution calls its version.
    const works = engine.known && (engine.value?.info.containersRunning ?? 0) > 0
    const old = FIRST_ON_V2.flatMap(([part, least]) => {
      const version = builds.value.get(part)?.version
      if (works || !version || compareVersions(version, least) >= 0) return []
      const installed = packages.known ? packages.value : null
      const manager = family.known ? family.value : null
      const cure = updatePart(part, { from: version, to: least }, installed, manager)
      return [report('tooOld', { part: PART_NAMES[part], version, least }, cure)]
    })
    const hanging = (containers.known ? containers.value : []).filter(
      ({ command, binds }) =>
        RUNS_SYSTEMD.test(command) &&
        binds.some(({ target, mode }) => target === ROOT && mode.split(',').includes('ro')),
    )
    const found = hanging.map(({ name }) =>
      report(
        'containerSystemd',
        { name, root: ROOT },
        manualFix(
          `Make ${name} anew with --cgroupns=private and without that mount, or with -v ${ROOT}:${ROOT}:rw and --cgroupns=host; the image needs a systemd that knows cgroup v2`,
        ),
      ),
    )
    const said = [...builds.value].map(([part, { version }]) => `${PART_NAMES[part]} ${version}`).join(', ')
    return report.all([...old, ...found], () => report.pass(`cgroup v2; ${said}`))
  },
})
