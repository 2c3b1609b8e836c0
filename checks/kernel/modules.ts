import { letModprobeFail, modprobeStopsContainerd } from '../../src/facts/containerd-modprobe.ts'
import { absentFeatures, kernelFeatures, named } from '../../src/facts/kernel-features.ts'
import {
  allowModule,
  bridgeFilterModule,
  extraModules,
  loadAll,
} from '../../src/facts/kernel-module-fixes.ts'
import { kernelRelease } from '../../src/facts/kernel-release.ts'
import { loadedModules, modulesDisabled } from '../../src/facts/modules.ts'
import { packageFamily } from '../../src/facts/package-manager.ts'
import { settings } from '../../src/facts/settings.ts'
import { defineCheck, fail, warn } from '../../src/model/check.ts'
import { maybe } from '../../src/model/fact.ts'
import { fix, reboot } from '../../src/model/fix.ts'

export default defineCheck({
  id: 'kernel/modules',
  title: 'The kernel modules that the engine needs can be loaded',
  why: 'Without them the engine cannot make its bridge, its firewall rules or its storage, and does not start.',
  profiles: ['docker', 'rootless', 'swarm'],
  needs: {
    features: kernelFeatures,
    loaded: loadedModules,
    disabled: modulesDisabled,
    release: kernelRelease,
    stopped: maybe(modprobeStopsContainerd),
    family: maybe(packageFamily),
    settings,
  },
  causedBy: ['kernel/modules-match', 'host/virtualization'],
  symptoms: [
    /missing kernel module\?/i,
    /modprobe: (?:FATAL|ERROR).*Module \S+ not found/i,
    /can't initialize iptables table/i,
    /Failed to initialize nft: Protocol not supported/i,
    /Running modprobe .* failed with message/i,
  ],
  findings: {
    loadingOff: fail(
      '{missing} is not loaded, and kernel.modules_disabled keeps everything from being loaded',
    ),
    forbidden: fail('{missing} is not loaded, and {file} forbids it: {line}'),
    missing: fail('{missing} is neither built in, nor loaded, nor installed as a module'),
    modprobeFails: fail(
      'containerd.service insists on modprobe overlay, which finds no modules here: it does not start',
    ),
    rootlessNotLoaded: warn('{missing} is not loaded, and a rootless engine cannot load it'),
    optionalMissing: warn(
      '{missing} is neither built in nor installed: rules do not see traffic within a bridge',
    ),
  },
  evaluate({ features, loaded, disabled, release, stopped, family, settings }, report) {
    const data = Object.fromEntries(features.map(({ feature, state }) => [feature, state]))
    const { required, blocked, unsure, lacking } = absentFeatures(features)
    if (disabled && required.length > 0) {
      const cure = fix('Load them at boot, before loading is switched off', ...loadAll(required), reboot)
      return report('loadingOff', named(required), cure, data)
    }
    if (blocked) {
      const { feature, file, text } = blocked
      return report('forbidden', { missing: feature, file, line: text.trim() }, allowModule(blocked), data)
    }
    const missing = required.filter(({ state }) => state === 'missing')
    if (missing.length > 0) {
      const cure = extraModules(family.known ? family.value : null, release)
      return report('missing', named(missing), cure, data)
    }
    if (unsure.length > 0)
      return report.unknown(`nothing tells whether this kernel has ${named(unsure).missing}`)
    if (stopped.known && stopped.value) return report('modprobeFails', {}, letModprobeFail, data)
    const late = required.filter(({ feature }) => feature === 'iptables' && !loaded?.has('nf_tables'))
    if (settings.profile === 'rootless' && late.length > 0) {
      const cure = fix('Load them now and at boot', ...loadAll(late))
      return report('rootlessNotLoaded', named(late), cure, data)
    }
    if (lacking.length > 0) return report('optionalMissing', named(lacking), bridgeFilterModule, data)
    return report.pass(`${features.length} features are there or can be loaded`, data)
  },
})
