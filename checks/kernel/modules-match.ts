import { isPresent, kernelFeatures } from '../../src/facts/kernel-features.ts'
import { modulesOf } from '../../src/facts/kernel-module-fixes.ts'
import { kernelRelease } from '../../src/facts/kernel-release.ts'
import { loadedModules, moduleTree } from '../../src/facts/modules.ts'
import { packageFamily } from '../../src/facts/package-manager.ts'
import { virtualization } from '../../src/facts/virtualization.ts'
import { defineCheck, fail, warn } from '../../src/model/check.ts'
import { maybe } from '../../src/model/fact.ts'
import { fix, reboot, runCommand } from '../../src/model/fix.ts'

export default defineCheck({
  id: 'kernel/modules-match',
  title: 'The running kernel finds its modules',
  why: 'A kernel that was upgraded under the running system cannot load the modules that containers need.',
  profiles: ['docker', 'rootless', 'swarm'],
  needs: {
    release: kernelRelease,
    loaded: loadedModules,
    tree: moduleTree,
    features: kernelFeatures,
    where: maybe(virtualization),
    family: maybe(packageFamily),
  },
  symptoms: [
    /Module \S+ not found in directory \/lib\/modules/i,
    /could not open (?:moddep|builtin) file/i,
    /unable to open moddep|no such device.*overlay|overlay.*no such device/i,
    /failed to add the host \(veth\w+\) <=> sandbox/i,
    /pair interfaces: operation not supported/i,
    /bridge network package not found/i,
  ],
  findings: {
    upgraded: fail(
      '/lib/modules has {others} but not the running {release}: {missing} cannot be loaded before a reboot',
    ),
    noModules: fail('/lib/modules/{release} does not exist, and the kernel is built without {missing}'),
    noIndex: fail('/lib/modules/{release} has modules and no index of them: modprobe finds none'),
    upgradedLater: warn(
      '/lib/modules has {others} but not the running {release}: nothing more can be loaded before a reboot',
    ),
  },
  evaluate({ release, loaded, tree, features, where, family }, report) {
    if (tree.exists) return report.pass(`/lib/modules/${release}`)
    if (loaded === null) return report.pass('this kernel has everything built in and loads no modules')
    if (where.known && where.value.container)
      return report.skip('modules belong to the machine outside this container')
    if (tree.installed) {
      const rebuild = fix('Write the index of modules anew', runCommand(['depmod', '-a', release]))
      return report('noIndex', { release }, rebuild)
    }
    const absent = features.filter((feature) => !isPresent(feature) && !feature.optional)
    const missing = absent.map(({ feature }) => feature).join(', ')
    const others = tree.others.join(', ')
    const restart = fix('Reboot into the kernel whose modules are installed', reboot)
    if (others !== '' && absent.length > 0) return report('upgraded', { others, release, missing }, restart)
    if (others !== '') return report('upgradedLater', { others, release }, restart)
    if (absent.length === 0) return report.pass('everything that the engine needs is built in')
    if (absent.some(({ state }) => state === 'unknown')) {
      return report.unknown(
        `/lib/modules is empty, and nothing tells whether the kernel has ${missing} built in`,
      )
    }
    return report('noModules', { release, missing }, modulesOf(family.known ? family.value : null, release))
  },
})
