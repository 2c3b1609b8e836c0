import { FOREIGN_PROGRAM, NO_ARM_IMAGE } from '../../src/diagnose/phenomena.ts'
import { kernelArch, userland } from '../../src/facts/arch.ts'
import { osRelease } from '../../src/facts/os-release.ts'
import { program } from '../../src/facts/programs.ts'
import { defineCheck, fail, warn } from '../../src/model/check.ts'
import { maybe } from '../../src/model/fact.ts'
import { manualFix } from '../../src/model/fix.ts'
import { among, says, shows } from '../../src/model/symptom.ts'

/** https://docs.docker.com/engine/install/#supported-platforms */
const BUILT_FOR = ['x86_64', 'aarch64', 's390x', 'ppc64le']
/** Docker's packages for 32-bit ARM need ARMv7; Raspberry Pi OS (32-bit) got its last with 28: https://docs.docker.com/engine/install/raspberry-pi-os/ */
const ARM_32 = /^arm/
const BITS_64 = /64|s390x/

export default defineCheck({
  id: 'host/architecture',
  title: 'The machine is 64-bit and one the engine is built for',
  why: 'The engine and nearly all images are built for 64-bit systems: others get "exec format error" or no image at all.',
  profiles: ['docker', 'rootless', 'swarm'],
  needs: {
    kernel: kernelArch,
    userland: maybe(userland),
    os: maybe(osRelease),
    dockerd: maybe(program('dockerd')),
  },
  symptoms: () => [
    shows(/no matching manifest for linux\/arm\/v[5-7]/, 0.5),
    // Only an engine of 32 bits on a processor of 64 asks for it.
    among(NO_ARM_IMAGE, 0.88),
    shows(/linux\/386|\bi[3-6]86\b|32-bit|GOARCH=386/, 0.8),
    shows(/panic: standard_init_linux[^\n]*exec format error/, 0.75),
    shows(
      /repository[^\n]*doesn't support architecture '?(?:i386|armhf)|N: Skipping acquire[^\n]*i386/,
      0.85,
    ),
    says(/\b32[- ]?bit|\bi386|\bi686|\barmhf\b|32 ?位/, 0.85),
    among(FOREIGN_PROGRAM, 0.22),
    shows(/docker\S{0,40}: main process exited, code=(?:dumped|killed), status=4\/ILL/, 0.85),
    says(/\barm(?:v|hf ?v?)?6l?\b|\b(?:pi|rpi)[ -]?(?:1|zero)\b(?! ?2)/, 0.65),
  ],
  findings: {
    kernel32: fail('this is a 32-bit system ({arch}): the engine and its images need a 64-bit one'),
    userland32: fail(
      'the programs of this system are 32-bit ({programs}) on a 64-bit kernel ({arch}): images do not fit',
    ),
    oldArm: fail('{arch} is older than ARMv7, the least that the engine is built for'),
    arm32: warn('32-bit Raspberry Pi OS gets no engine newer than 28'),
    notBuilt: warn(
      "there are no packages of Docker's own for {arch}: only a distribution can offer an engine",
    ),
  },
  evaluate({ kernel: arch, userland, os, dockerd }, report) {
    if (arch === '') return report.unknown('the kernel does not tell its architecture')
    const programs = userland.known ? userland.value.arch : arch
    const data = { kernel: arch, userland: programs }
    const install64 = manualFix('Install a 64-bit system: the bits of an installed one cannot be changed.')
    const installed = dockerd.known && dockerd.value !== null
    if (/^armv[1-6]/.test(arch) && !installed)
      return report('oldArm', { arch }, manualFix('Use a newer machine.'), data)
    const narrow = userland.known && userland.value.bits === 32
    if (ARM_32.test(programs) || ARM_32.test(arch)) {
      const raspbian = os.known && os.value?.id === 'raspbian'
      return raspbian ? report('arm32', {}, install64, data) : report.pass(`${programs}, 32-bit ARM`, data)
    }
    if (!BITS_64.test(arch)) return report('kernel32', { arch }, install64, data)
    if (narrow) return report('userland32', { arch, programs }, install64, data)
    if (!BUILT_FOR.includes(arch) && !installed) {
      return report(
        'notBuilt',
        { arch },
        manualFix('Install the engine from the packages of this distribution.'),
        data,
      )
    }
    return report.pass(arch, data)
  },
})
