import { NO_MODULE } from '../../src/diagnose/phenomena.ts'
import { DOCKER, FAILS, UPGRADE } from '../../src/diagnose/words.ts'
import { isPresent, kernelFeatures } from '../../src/facts/kernel-features.ts'
import { modulesOf } from '../../src/facts/kernel-module-fixes.ts'
import { kernelRelease } from '../../src/facts/kernel-release.ts'
import { loadedModules, moduleTree } from '../../src/facts/modules.ts'
import { packageFamily } from '../../src/facts/package-manager.ts'
import { virtualization } from '../../src/facts/virtualization.ts'
import { defineCheck, fail, warn } from '../../src/model/check.ts'
import { maybe } from '../../src/model/fact.ts'
import { fix, reboot, runCommand } from '../../src/model/fix.ts'
import { among, says, shows } from '../../src/model/symptom.ts'

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
  symptoms: () => [
    among(NO_MODULE, 0.4),
    shows(/pair interfaces: operation not supported/, 0.72),
    shows(
      /Module \S+ not found in directory \/lib\/modules\/\S*(?:-generic|\.el\d|\.fc\d|-arch\d|-ARCH|-amd64|-arm64|-v[78]|-rpi|\.amzn|-aws|-azure|-gcp|-cloud|-default|-lts|-MANJARO|\.uek|-lowlatency|-raspi)/i,
      0.6,
    ),
    shows(/could not open moddep file|modules\.dep\.bin/, 0.25),
    shows(/bridge network package not found|Link not found/, 0.5),
    shows(/Error creating default "bridge" network: operation not supported/, 0.5),
    says([/\bkernel\b|内核/, UPGRADE], 0.45),
    says([/\bkernel\b|内核/, /\breboot|重启/, FAILS], 0.6),
    says([UPGRADE, /\bveth\b|\bmodule|\bmodprobe|模块/], 0.5),
    says([/\/lib\/modules|uname -r/, FAILS], 0.4),
    says([/\bkernel\b|内核/, /\bnew\b|\bold\b|\bversion|\bswitch|版本/, DOCKER, FAILS], 0.5),
    shows(/iptables table .{0,8}(?:nat|filter|mangle).{0,24}does not exist/, 0.1),
    says(
      [
        /\b(?:full )?system up(?:grade|date)|\bpacman -Syu|\bapt(?:-get)? (?:full-|dist-)?upgrade|\bdnf up|滚动更新/,
        DOCKER,
        FAILS,
      ],
      0.65,
    ),
    shows(/(?:overlay|mount)[^\n]{0,60}no such device|unknown filesystem type 'overlay'/, 0.5),
    says([/\bpacman\b|\barch(?: ?linux)?\b|\bmanjaro\b/, DOCKER, FAILS], 0.55),
    shows(/overlay[^\n]{0,40}: no such device/, 0.75),
    shows(
      /could not add "\w+": operation not supported|failed to create (?:the )?(?:bridge|veth)[^\n]*(?:not supported|unknown device type)|Unknown device type|RTNETLINK answers: (?:Operation not supported|Not supported)/,
      0.6,
    ),
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
