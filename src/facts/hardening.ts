/** What hardening profiles write that takes from containers what they need: seen in files, before the next boot applies it. */
import { defineFact, type Fact, maybe } from '../model/fact.ts'
import { isPresent, type KernelFeature, kernelFeatures } from './kernel-features.ts'
import { forbiddenModules, type ModuleLine, modulesAtBoot, moduleTree } from './modules.ts'
import { mounts } from './mountinfo.ts'
import { persistedSysctl, type Setting } from './sysctl.ts'

/**
 * A module of this kernel that the engine asks for by an alias of the kernel's alone. `blacklist` hides aliases; a module that is asked for
 * by its name is loaded in spite of it. @see https://man7.org/linux/man-pages/man5/modprobe.d.5.html
 */
const BY_ALIAS: ReadonlySet<string> = new Set(['veth', 'nf_tables'])

const forbids = ({ module, text }: ModuleLine): boolean =>
  !/^\s*blacklist\s|^modprobe\.blacklist=/.test(text) || BY_ALIAS.has(module)

export interface ForbiddenAtBoot {
  readonly feature: string
  readonly lines: readonly ModuleLine[]
}

/** What is there now and will not be after the next boot: every module that serves the feature is forbidden. */
export const forbiddenAtBoot: Fact<readonly ForbiddenAtBoot[]> = defineFact({
  name: 'forbiddenAtBoot',
  about:
    'Kernel features that are present now, and whose modules configuration keeps from being loaded at the next boot.',
  needs: { features: kernelFeatures, lines: forbiddenModules, tree: maybe(moduleTree) },
  parse: (_, { features, lines, tree }): readonly ForbiddenAtBoot[] => {
    const loadable = tree.known ? tree.value.loadable : new Set<string>()
    return features
      .filter((feature) => isPresent(feature) && feature.state !== 'builtin')
      .flatMap(({ feature, modules }) => {
        const own = modules.filter((name) => loadable.has(name))
        const against = own.map((name) => lines.filter((line) => line.module === name && forbids(line)))
        const isLost = own.length > 0 && against.every((found) => found.length > 0)
        // The lines beside those that forbid (`blacklist`) go with them: hardening writes both.
        return isLost ? [{ feature, lines: lines.filter(({ module }) => own.includes(module)) }] : []
      })
  },
})

export interface LateModules {
  readonly setting: Setting
  readonly features: readonly KernelFeature[]
}

/** Modules that nothing loads before a sysctl file ends all loading. Files of modules-load.d come first, the engine later. */
export const lateModules: Fact<LateModules | null> = defineFact({
  name: 'lateModules',
  about:
    'The sysctl file that switches loading of modules off at boot, and what the engine could then no longer load.',
  needs: {
    setting: persistedSysctl('kernel.modules_disabled'),
    features: kernelFeatures,
    atBoot: modulesAtBoot,
    tree: maybe(moduleTree),
  },
  parse: (_, { setting, features, atBoot, tree }): LateModules | null => {
    if (setting?.value !== '1') return null
    const loadable = tree.known ? tree.value.loadable : new Set<string>()
    const late = features.filter(
      ({ state, optional, modules }) =>
        !optional &&
        state !== 'builtin' &&
        modules.some((name) => loadable.has(name)) &&
        !modules.some((name) => atBoot.has(name)),
    )
    return late.length > 0 ? { setting, features: late } : null
  },
})

/** The option that hides processes of others, as /proc is mounted now; null where it does not. */
export const hidepid: Fact<string | null> = defineFact({
  name: 'hidepid',
  about: 'The mount option of /proc that hides the processes of other users; null where none does.',
  needs: { mounts },
  parse: (_, { mounts }): string | null => {
    const proc = mounts.findLast(({ mountPoint, fsType }) => mountPoint === '/proc' && fsType === 'proc')
    const options = [...(proc?.superOptions ?? []), ...(proc?.options ?? [])]
    return options.find((option) => /^hidepid=(?!0$|off$)/.test(option)) ?? null
  },
})
