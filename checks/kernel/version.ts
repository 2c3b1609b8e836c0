import { DOCKER } from '../../src/diagnose/words.ts'
import { cgroups } from '../../src/facts/cgroups.ts'
import { daemonSettings } from '../../src/facts/daemon-config.ts'
import { atLeast, type Kernel, kernel } from '../../src/facts/kernel-release.ts'
import { install, packageFamily } from '../../src/facts/package-manager.ts'
import { overlayLacking } from '../../src/facts/rootless.ts'
import { settings } from '../../src/facts/settings.ts'
import { defineCheck, fail, warn } from '../../src/model/check.ts'
import { maybe } from '../../src/model/fact.ts'
import { fix, manualFix } from '../../src/model/fix.ts'
import { says, shows } from '../../src/model/symptom.ts'

/** https://docs.docker.com/engine/install/binaries/#prerequisites */
const ENGINE = [3, 10] as const
/** https://docs.docker.com/engine/storage/drivers/overlayfs-driver/#prerequisites, which names RHEL's 3.10.0-514 too */
const OVERLAY2 = [4, 0] as const
const OVERLAY2_RHEL7_BUILD = 514
/** Least and recommended: https://github.com/opencontainers/runc/blob/main/docs/cgroup-v2.md#host-requirements */
const CGROUP2 = [4, 15] as const
const CGROUP2_FREEZER = [5, 2] as const
const hasOverlay2 = (kernel: Kernel): boolean =>
  atLeast(kernel, ...OVERLAY2) || (kernel.enterprise === 7 && (kernel.build ?? 0) >= OVERLAY2_RHEL7_BUILD)

/** Enterprise kernels carry later features under an old number: what they lack is not told by it. */
const isBackported = ({ enterprise }: Kernel): boolean => enterprise !== null && enterprise >= 8

export default defineCheck({
  id: 'kernel/version',
  title: 'The kernel is new enough for what this host uses',
  why: 'On an older kernel the engine does not start, or falls back to slower and weaker ways.',
  profiles: ['docker', 'rootless', 'swarm'],
  needs: {
    kernel,
    cgroups: maybe(cgroups),
    engine: maybe(daemonSettings),
    lacking: maybe(overlayLacking),
    family: maybe(packageFamily),
    settings,
  },
  causedBy: ['host/virtualization'],
  symptoms: () => [
    shows(
      /namespace \{"?cgroup"? ""\} does not exist|ip_unprivileged_port_start: no such file or directory/,
      0.93,
    ),
    shows(
      /Your Linux kernel version \S+ is not supported|kernel (?:version )?(?:is )?too old|requires (?:a )?(?:linux )?kernel (?:version )?(?:3\.10|>=)|kernel 3\.10 or (?:newer|later)|FATAL: kernel too old/,
      0.93,
    ),
    shows(/2\.6\.32-\S*\.el6|\bel6\b/, 0.8),
    says([/centos ?6|rhel ?6|\bel6\b|2\.6\.32|kernel 3\.[0-9]\b/, DOCKER], 0.5, {
      unless: /openvz|stab\d|\bpve\b|user_beancounters/,
    }),
    shows(/cannot get entropy for arc4random/, 0.85),
  ],
  findings: {
    tooOld: fail('kernel {release} is older than 3.10, the least that the engine runs on'),
    noDeviceControl: fail(
      'this host uses cgroup v2, which containers cannot run on before kernel 4.15: it has {release}',
    ),
    noOverlay2: warn(
      'kernel {release} has no overlay2 (since 4.0, or 3.10.0-514 of RHEL 7): the engine falls back to a slower driver',
    ),
    noFreezer: warn(
      'this host uses cgroup v2, and kernel {release} cannot pause containers there (since 5.2)',
    ),
    noRootlessOverlay: warn(
      'kernel {release} has no overlay for ordinary users (since 5.11): rootless storage needs fuse-overlayfs',
    ),
  },
  evaluate({ kernel, cgroups, engine, lacking, family, settings }, report) {
    if (!kernel) return report.unknown('the kernel release is not a version')
    const { release } = kernel
    const data = { release, vendor: kernel.vendor }
    const newer = manualFix('Boot a newer kernel of this distribution, or a newer release of it.')
    if (!atLeast(kernel, ...ENGINE)) return report('tooOld', { release }, newer, data)
    const unified = cgroups.known && cgroups.value.mode === 'v2'
    if (unified && !atLeast(kernel, ...CGROUP2)) return report('noDeviceControl', { release }, newer, data)
    const driver = engine.known ? (engine.value.get('storage-driver') ?? 'overlay2') : 'overlay2'
    if (driver === 'overlay2' && !hasOverlay2(kernel)) return report('noOverlay2', { release }, newer, data)
    if (unified && !atLeast(kernel, ...CGROUP2_FREEZER) && !isBackported(kernel)) {
      return report('noFreezer', { release }, newer, data)
    }
    if (settings.profile === 'rootless' && lacking.known && lacking.value) {
      const step = install(family.known ? family.value : null, { default: ['fuse-overlayfs'] })
      return report('noRootlessOverlay', { release }, fix('Install fuse-overlayfs', step), data)
    }
    return report.pass(`${release} (${kernel.vendor})`, data)
  },
})
