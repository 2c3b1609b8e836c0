import { kernelRelease } from '../../src/facts/kernel-release.ts'
import { bootKernels, oldLibraries, rebootFlag, waitingKernel } from '../../src/facts/pending-reboot.ts'
import { virtualization } from '../../src/facts/virtualization.ts'
import { defineCheck, warn } from '../../src/model/check.ts'
import { maybe } from '../../src/model/fact.ts'
import { fix, reboot } from '../../src/model/fix.ts'
import { shows } from '../../src/model/symptom.ts'

const NAMED_AT_MOST = 5

export default defineCheck({
  id: 'host/pending-reboot',
  title: 'No update waits for a reboot',
  why: 'Until then the old kernel and libraries run, and what containers need of the new ones is missing.',
  profiles: ['docker', 'rootless', 'swarm'],
  needs: {
    where: virtualization,
    running: kernelRelease,
    flag: rebootFlag,
    kernels: maybe(bootKernels),
    kernel: maybe(waitingKernel),
    libraries: maybe(oldLibraries),
  },
  causedBy: ['kernel/modules-match'],
  symptoms: () => [shows(/System restart required|Pending kernel upgrade/, 0.9)],
  findings: {
    kernel: warn('the kernel {installed} is installed, and {running} still runs'),
    asked: warn('{path} says that the host must be rebooted{detail}'),
    libraries: warn('process 1 still runs with what was replaced since: {files}'),
  },
  evaluate({ where, running, flag, kernels, kernel, libraries }, report) {
    if (where.container) return report.skip('what runs is decided outside this container')
    if (where.machine === 'wsl2') return report.skip('Windows brings the kernel of WSL')
    const restart = fix('Reboot when it suits', reboot)
    const installed = kernel.known ? kernel.value : null
    if (installed !== null) return report('kernel', { installed, running }, restart)
    if (flag) {
      const names = flag.packages.slice(0, NAMED_AT_MOST).join(', ')
      const more = flag.packages.length - NAMED_AT_MOST
      const detail = names === '' ? '' : `, for ${names}${more > 0 ? ` and ${more} more` : ''}`
      return report('asked', { path: flag.path, detail }, restart)
    }
    const old = libraries.known ? libraries.value : []
    if (old.length > 0) return report('libraries', { files: old.join(', ') }, restart)
    if (!kernel.known) return report.unknown(kernel.why)
    if (kernels.known && kernels.value.includes(running))
      return report.pass(`${running} is the newest kernel here`)
    if (libraries.known) return report.pass('process 1 runs with the libraries that are installed')
    return report.skip('the names in /boot do not tell which kernels are installed')
  },
})
