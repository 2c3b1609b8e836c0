import { FOREIGN_PROGRAM, NO_ARM_IMAGE } from '../../src/diagnose/phenomena.ts'
import { runningEngine } from '../../src/facts/engine.ts'
import { foreignContainers } from '../../src/facts/foreign-images.ts'
import { inspectedContainers } from '../../src/facts/inspected-containers.ts'
import { install, type PackageNames, packageFamily } from '../../src/facts/package-manager.ts'
import { defineCheck, warn } from '../../src/model/check.ts'
import { maybe } from '../../src/model/fact.ts'
import { fix, manualFix, runCommand } from '../../src/model/fix.ts'
import { among, says, shows } from '../../src/model/symptom.ts'

/** Packages whose emulators are registered so that containers can use them. @see https://wiki.debian.org/QemuUserEmulation @see https://wiki.archlinux.org/title/QEMU#Chrooting_into_arm/arm64_environment_from_x86_64 */
const EMULATORS: PackageNames = {
  apt: ['qemu-user-static', 'binfmt-support'],
  dnf: ['qemu-user-static'],
  pacman: ['qemu-user-static', 'qemu-user-static-binfmt'],
}
const EMULATED: ReadonlySet<string> = new Set(['amd64', 'arm64', 'arm', '386', 'ppc64le', 's390x', 'riscv64'])

const OTHER_PLATFORM =
  'the image that was asked for is not made for this processor (uname -m), or not for the platform asked for: choose a tag or an image that is, see docker manifest inspect IMAGE'

export default defineCheck({
  id: 'engine/images',
  title: 'Containers are made for this machine, or emulated',
  why: "A program for another processor ends with 'exec format error' as soon as it is started.",
  profiles: ['docker', 'swarm'],
  needs: {
    engine: runningEngine,
    inspected: inspectedContainers,
    foreign: foreignContainers,
    family: maybe(packageFamily),
  },
  symptoms: () => [
    shows(/no matching manifest for (?!windows|linux\/386|linux\/arm\/v8|unknown)/, 0.7, {
      ofCommand: OTHER_PLATFORM,
    }),
    among(NO_ARM_IMAGE, 0.3),
    shows(/no matching manifest for linux\/386/, 0.3),
    shows(/requested image'?s platform \([^)]*\) does not match/, 0.96, { ofCommand: OTHER_PLATFORM }),
    shows(
      /image with reference [^\n]{0,200}(?:does not provide the specified platform|was found but)|no match for platform in manifest|does not provide any platform/,
      0.95,
      { ofCommand: OTHER_PLATFORM },
    ),
    among(FOREIGN_PROGRAM, 0.72),
    says(
      [
        /\barm64|\baarch64|\bamd64|\bx86|\barmv7|\bm1\b|\barm\b|\bapple silicon|架构/,
        /\bimages?\b|\bmanifest|\bpull|镜像/,
      ],
      0.75,
    ),
    says([/\braspberry|树莓派/, /\bimages?\b|\bmanifest|\bpull|镜像/], 0.45),
  ],
  findings: {
    foreign: warn('{name} cannot run: {image} is made for {arch}, and this machine is {here}'),
    hiddenEmulator: warn(
      '{name} cannot run: {image} is made for {arch}, and {emulator}, which emulates that here, cannot be seen in containers (it is registered without the flag F)',
    ),
  },
  evaluate({ engine, inspected, foreign, family }, report) {
    if (!engine) return report.skip('no engine runs here')
    const found = foreign.map(({ one: { container }, arch, here, emulator }) => {
      const { name, image } = container
      if (emulator === null) {
        const step = install(family.known ? family.value : null, EMULATORS)
        const cure =
          step.kind === 'package' && EMULATED.has(arch)
            ? fix(
                `Have ${arch} emulated, which is slow; an image for linux/${here} would be better`,
                step,
                runCommand(['docker', 'start', name], { undo: ['docker', 'stop', name] }),
              )
            : manualFix(
                `Use an image for linux/${here} (docker pull --platform linux/${here}), or have ${arch} emulated`,
              )
        return report('foreign', { name, image, arch, here }, cure)
      }
      // As Docker's documentation has it: https://docs.docker.com/build/building/multi-platform/#install-qemu-manually
      const binfmt = ['run', '--privileged', '--rm', 'tonistiigi/binfmt'] as const
      const anew = fix(
        'Register it so that containers can use it',
        runCommand(['docker', ...binfmt, '--uninstall', emulator.name]),
        runCommand(['docker', ...binfmt, '--install', arch]),
      )
      return report('hiddenEmulator', { name, image, arch, emulator: emulator.interpreter }, anew)
    })
    return report.all(found, () => report.pass(`of ${inspected.length} containers none failed for that`))
  },
})
