import { FOREIGN_PROGRAM } from '../../src/diagnose/phenomena.ts'
import { runningEngine } from '../../src/facts/engine.ts'
import { foreignContainers } from '../../src/facts/foreign-images.ts'
import { inspectedContainers } from '../../src/facts/inspected-containers.ts'
import { defineCheck, warn } from '../../src/model/check.ts'
import { fix, manualFix, runCommand } from '../../src/model/fix.ts'
import { among, says, shows } from '../../src/model/symptom.ts'

export default defineCheck({
  id: 'engine/images',
  title: 'Containers are made for this machine, or emulated',
  why: "A program for another processor ends with 'exec format error' as soon as it is started.",
  profiles: ['docker', 'swarm'],
  needs: { engine: runningEngine, inspected: inspectedContainers, foreign: foreignContainers },
  symptoms: [
    shows(/no matching manifest for (?!windows|linux\/386|unknown)/, 0.95),
    shows(/no matching manifest for linux\/386/, 0.3),
    shows(/requested image'?s platform \([^)]*\) does not match/, 0.96),
    shows(
      /image with reference [^\n]{0,200}(?:does not provide the specified platform|was found but)|no match for platform in manifest|does not provide any platform/,
      0.95,
    ),
    among(FOREIGN_PROGRAM, 0.72),
    says(
      [
        /\barm64|\baarch64|\bamd64|\bx86|\barmv7|\braspberry|\bm1\b|\barm\b|\bapple silicon|架构/,
        /\bimages?\b|\bmanifest|\bpull|镜像/,
      ],
      0.75,
    ),
  ],
  findings: {
    foreign: warn('{name} cannot run: {image} is made for {arch}, and this machine is {here}'),
    hiddenEmulator: warn(
      '{name} cannot run: {image} is made for {arch}, and {emulator}, which emulates that here, cannot be seen in containers (it is registered without the flag F)',
    ),
  },
  evaluate({ engine, inspected, foreign }, report) {
    if (!engine) return report.skip('no engine runs here')
    const found = foreign.map(({ one: { container }, arch, here, emulator }) => {
      const { name, image } = container
      if (emulator === null) {
        const other = `Use an image for linux/${here} (docker pull --platform linux/${here}), or have ${arch} emulated`
        return report('foreign', { name, image, arch, here }, manualFix(other))
      }
      // As Docker's documentation has it: https://docs.docker.com/build/building/multi-platform/#install-qemu-manually
      const install = ['run', '--privileged', '--rm', 'tonistiigi/binfmt'] as const
      const anew = fix(
        'Register it so that containers can use it',
        runCommand(['docker', ...install, '--uninstall', emulator.name]),
        runCommand(['docker', ...install, '--install', arch]),
      )
      return report('hiddenEmulator', { name, image, arch, emulator: emulator.interpreter }, anew)
    })
    return report.all(found, () => report.pass(`of ${inspected.length} containers none failed for that`))
  },
})
