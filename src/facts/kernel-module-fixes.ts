/** Cures for modules that are not there, or may not be loaded. */
import {
  type Fix,
  fix,
  loadModule,
  type ModuleStep,
  manualFix,
  type PackageFamily,
  replaceLine,
  type Step,
  writeFile,
} from '../model/fix.ts'
import type { KernelFeature } from './kernel-features.ts'
import type { ModuleLine } from './modules.ts'
import { install } from './package-manager.ts'

/** Loads the first module that serves each feature. */
export const loadAll = (features: readonly KernelFeature[]): readonly ModuleStep[] =>
  features.flatMap(({ modules: [first] }) => (first === undefined ? [] : [loadModule(first)]))

/** Where loading is switched off until the next boot: to load one now fails. */
export const loadAtBoot = (features: readonly KernelFeature[]): Step =>
  writeFile(
    '/etc/modules-load.d/seaworthy-boot.conf',
    features.flatMap(({ modules: [first] }) => (first === undefined ? [] : [`${first}\n`])).join(''),
  )

/** Takes the line away that keeps a module from being loaded, and loads it. */
export function allowModule({ module, file, text }: ModuleLine): Fix {
  if (file === '/proc/cmdline') return manualFix(`Take ${text} off the kernel command line and reboot.`)
  return fix(`Let ${module} be loaded`, replaceLine(file, text, null), loadModule(module))
}

/**
 * Installs the modules that distributions keep in a package of their own: Enterprise Linux from 8 (br_netfilter from 10), Fedora, Ubuntu.
 * @see https://github.com/docker/docker-ce-packaging/issues/1340
 * @see https://github.com/kubernetes/kops/pull/18724
 */
export function extraModules(family: PackageFamily | null, release: string): Fix {
  const ubuntu = /-(?:generic|lowlatency|aws|azure|gcp|oracle|raspi)\b/.test(release)
  const packages = {
    dnf: [`kernel-modules-extra-${release}`],
    ...(ubuntu ? { apt: [`linux-modules-extra-${release}`] } : {}),
  }
  const advice = "Install the modules package of this kernel, or boot the distribution's own kernel."
  if (family === 'dnf' || family === 'yum' || (family === 'apt' && ubuntu)) {
    return fix('Install the modules that the distribution keeps apart', install(family, packages))
  }
  return manualFix(advice)
}

/** Installs the modules of the running kernel, as distributions call their packages. */
export function modulesOf(family: PackageFamily | null, release: string): Fix {
  const ubuntu = /-(?:generic|lowlatency|aws|azure|gcp|oracle|raspi)$/.test(release)
  const debian = /^\d[\d.]*(?:-\d+|\+\w+)-(?:cloud-|rt-)*(?:amd64|arm64|armmp|686|686-pae)$/.test(release)
  const step = install(family, {
    apt: ubuntu ? [`linux-modules-${release}`] : debian ? [`linux-image-${release}`] : [],
    dnf: /\.(?:el|fc)\d/.test(release) ? [`kernel-core-${release}`, `kernel-modules-${release}`] : [],
    default: [],
  })
  return step.kind === 'package'
    ? fix('Install the modules of this kernel', step)
    : manualFix('Install the modules of this kernel, or boot the kernel of the distribution.')
}
