import { NFT_REFUSED, NO_MODULE } from '../../src/diagnose/phenomena.ts'
import { letModprobeFail, modprobeStopsContainerd } from '../../src/facts/containerd-modprobe.ts'
import { absentFeatures, kernelFeatures, named } from '../../src/facts/kernel-features.ts'
import { allowModule, extraModules, loadAll, loadAtBoot } from '../../src/facts/kernel-module-fixes.ts'
import { kernelRelease } from '../../src/facts/kernel-release.ts'
import { loadedModules, modulesDisabled } from '../../src/facts/modules.ts'
import { packageFamily } from '../../src/facts/package-manager.ts'
import { settings } from '../../src/facts/settings.ts'
import { defineCheck, fail, warn } from '../../src/model/check.ts'
import { maybe } from '../../src/model/fact.ts'
import { fix, reboot } from '../../src/model/fix.ts'
import { among, says, shows } from '../../src/model/symptom.ts'

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
  symptoms: () => [
    shows(
      [
        /Module overlay not found in directory|ExecStartPre=\S*modprobe overlay|modprobe\[\d+\]/,
        /containerd|overlay/,
      ],
      0.65,
    ),
    shows(
      /ExecStartPre=\S*modprobe overlay|containerd\.service: control process exited|containerd\.service: Control process exited/,
      0.8,
    ),
    shows(/modprobe: can't change directory to '\/lib\/modules'/, 0.6),
    shows(/(?:iptables|ip6tables) v\S+ \(legacy\): can't initialize/, 0.12),
    shows(/'overlay' not found as a supported filesystem/, 0.15),
    says(
      [
        /\bdind\b|docker[- ]in[- ]docker|nested|\bkind\b|\blxc\b/,
        /\biptables|\bmodprobe|\bmodules?\b|\bip_tables/,
      ],
      0.65,
    ),
    says([/\bcontainerd\b/, /\bmodprobe|\boverlay\b.{0,20}\bmodule|ExecStartPre/], 0.8),
    says([/\bCNI\b/, /\berror|\bfail/], 0.2),
    says([/\bip_tables|\biptable_nat|\bbr_netfilter|\bip6_tables/, /\bload|\bmodprobe|加载/], 0.55),
    among(NO_MODULE, 0.08),
    shows(/iptables table .{0,8}(?:nat|filter|mangle).{0,24}does not exist/, 0.25),
    shows(/(?:overlay|mount)[^\n]{0,60}no such device|unknown filesystem type 'overlay'/, 0.35),
    says(
      [
        /\braspberry|\br(?:as?)?pi\b|\bpi ?[345]\b|树莓派/,
        /\bubuntu (?:server )?2[1-4]|\b2[1-4]\.(?:04|10)\b/,
        /\bk3s\b|\bmicrok8s|\bswarm\b|\bvxlan|\bflannel|\bkubernetes|\boverlay network/,
      ],
      0.7,
    ),
    shows(
      /flannel exited: operation not supported|Error registering network: operation not supported|vxlan[^\n]{0,60}: operation not supported/,
      0.75,
    ),
    shows(/failed to validate module \[\w+\] BTF/, 0.55),
    shows(/no more loopback devices|loopback mounting failed/, 0.6),
    among(NFT_REFUSED, 0.45),
    shows(/(?:TABLE|CHAIN|RULE)_(?:ADD|APPEND|INSERT) failed \(No such file or directory\)/, 0.45),
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
      const cure = fix('Load them at boot, before loading is switched off', loadAtBoot(required), reboot)
      return report('loadingOff', named(required), cure, data)
    }
    if (blocked) {
      const { feature, file, text } = blocked
      return report('forbidden', { missing: feature, file, line: text.trim() }, allowModule(blocked), data)
    }
    const missing = required.filter(({ state }) => state === 'missing')
    const extra = extraModules(family.known ? family.value : null, release)
    if (missing.length > 0) return report('missing', named(missing), extra, data)
    if (unsure.length > 0)
      return report.unknown(`nothing tells whether this kernel has ${named(unsure).missing}`)
    if (stopped.known && stopped.value) return report('modprobeFails', {}, letModprobeFail, data)
    const late = required.filter(({ feature }) => feature === 'iptables' && !loaded?.has('nf_tables'))
    if (settings.profile === 'rootless' && late.length > 0) {
      const cure = fix('Load them now and at boot', ...loadAll(late))
      return report('rootlessNotLoaded', named(late), cure, data)
    }
    if (lacking.length > 0) return report('optionalMissing', named(lacking), extra, data)
    return report.pass(`${features.length} features are there or can be loaded`, data)
  },
})
