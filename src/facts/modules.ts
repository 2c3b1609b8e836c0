/** Kernel modules: loaded, built in, loadable, forbidden, loaded at boot. */
import { asReading, defineFact, type Fact, orAbsent, unavailable } from '../model/fact.ts'
import { directory, file } from '../model/source.ts'
import { kernelRelease } from './kernel-release.ts'

/** One line of configuration that concerns a module. */
export interface ModuleLine {
  readonly module: string
  readonly file: string
  /** The line as it stands. */
  readonly text: string
}

/** Modules of one kernel as its folder under /lib/modules lists them. */
export interface ModuleTree {
  /** The folder has an index (modules.dep) that is not empty, so that modprobe can work. */
  readonly exists: boolean
  /** The modules themselves are there, with or without an index. */
  readonly installed: boolean
  /** Releases that do have an index or folder: what an upgrade leaves. */
  readonly others: readonly string[]
  readonly builtin: ReadonlySet<string>
  readonly loadable: ReadonlySet<string>
}

/** `br-netfilter` and `br_netfilter` are one module. */
export const moduleName = (name: string): string => name.trim().replaceAll('-', '_')

/** The names in a list of module paths: `kernel/drivers/net/veth.ko.xz: …`, one a line. */
export function parseModulePaths(text: string): ReadonlySet<string> {
  const paths = text.matchAll(/^([^\s:#]+)\.ko(?:\.(?:gz|xz|zst))?(?::|\s|$)/gm)
  return new Set([...paths].map(([, path = '']) => moduleName(path.slice(path.lastIndexOf('/') + 1))))
}

/** The names in /proc/modules, without those that are being unloaded. */
export function parseProcModules(text: string): ReadonlySet<string> {
  const rows = text.split('\n').map((line) => line.split(' '))
  return new Set(
    rows.filter((words) => words[0] && words[4] !== 'Unloading').map(([name = '']) => moduleName(name)),
  )
}

export const loadedModules: Fact<ReadonlySet<string> | null> = defineFact({
  name: 'loadedModules',
  about: 'The modules that are loaded; null where the kernel has no support for modules at all.',
  reads: { modules: orAbsent(file('/proc/modules')) },
  parse: ({ modules }) => (modules === null ? null : parseProcModules(modules)),
})

const LARGE = { maxBytes: 8 * 1024 * 1024 }
const ROOT = '/lib/modules'

export const moduleTree: Fact<ModuleTree> = defineFact({
  name: 'moduleTree',
  about: `The modules under ${ROOT} for the running kernel, and the other releases there.`,
  needs: { release: kernelRelease },
  reads: ({ release }) => ({
    releases: orAbsent(directory(ROOT)),
    folder: orAbsent(directory(`${ROOT}/${release}`)),
    index: asReading(file(`${ROOT}/${release}/modules.dep`, LARGE)),
    builtin: orAbsent(file(`${ROOT}/${release}/modules.builtin`, LARGE)),
  }),
  reading: `${ROOT}/ and the folder of the running kernel there, with its modules.dep and modules.builtin`,
  parse: ({ releases, folder, index, builtin }, { release }): ModuleTree => {
    const path = `${ROOT}/${release}/modules.dep`
    if (index.state !== 'ok' && index.state !== 'absent') return unavailable(path, index)
    if (index.state === 'ok' && index.truncated) {
      return unavailable(path, { state: 'failed', reason: 'is too long', durationMs: 0 })
    }
    const names = (releases ?? []).map((name) => name.replace(/\/$/, ''))
    return {
      exists: index.state === 'ok' && index.value.trim() !== '',
      installed: folder?.includes('kernel/') ?? false,
      others: names.filter((name) => name !== release && /^\d+\.\d+/.test(name)),
      builtin: parseModulePaths(builtin ?? ''),
      loadable: parseModulePaths(index.state === 'ok' ? index.value : ''),
    }
  },
})

/** The *.conf files of some folders, in order of precedence: a file hides one of the same name further down. */
const configFiles = (name: string, folders: readonly string[]): Fact<readonly string[]> =>
  defineFact({
    name,
    about: `The *.conf files of ${folders.join(', ')} that count.`,
    reads: Object.fromEntries(folders.map((path) => [path, orAbsent(directory(path))])),
    parse: (listings): readonly string[] => {
      const byName = new Map<string, string>()
      for (const folder of folders) {
        for (const entry of listings[folder] ?? []) {
          if (entry.endsWith('.conf') && !byName.has(entry)) byName.set(entry, `${folder}/${entry}`)
        }
      }
      return [...byName.values()]
    },
  })

/** @see https://man7.org/linux/man-pages/man5/modprobe.d.5.html */
const modprobeFiles = configFiles('modprobeFiles', [
  '/etc/modprobe.d',
  '/run/modprobe.d',
  '/usr/local/lib/modprobe.d',
  '/usr/lib/modprobe.d',
  '/lib/modprobe.d',
])

/** `blacklist X`, and `install X /bin/false` or `/bin/true`, which make modprobe X do nothing. */
export function parseModprobe(path: string, text: string): ModuleLine[] {
  return text.split('\n').flatMap((line) => {
    const [, listed] = /^\s*blacklist\s+(\S+)/.exec(line) ?? []
    const [, replaced] = /^\s*install\s+(\S+)\s+(?:\/usr)?\/bin\/(?:false|true)\b/.exec(line) ?? []
    const name = listed ?? replaced
    return name === undefined ? [] : [{ module: moduleName(name), file: path, text: line }]
  })
}

/** @see https://docs.kernel.org/admin-guide/kernel-parameters.html (module_blacklist) and modprobe(8) (modprobe.blacklist) */
export function parseCommandLineBlacklist(cmdline: string): ModuleLine[] {
  const words = cmdline.matchAll(/(?:^|\s)((?:module_blacklist|modprobe\.blacklist)=(\S+))/g)
  return [...words].flatMap(([, text = '', names = '']) =>
    names.split(',').map((name) => ({ module: moduleName(name), file: '/proc/cmdline', text })),
  )
}

export const forbiddenModules: Fact<readonly ModuleLine[]> = defineFact({
  name: 'forbiddenModules',
  about: 'The lines of modprobe.d and the kernel command line that keep modules from being loaded.',
  needs: { files: modprobeFiles },
  reads: ({ files }) => ({
    cmdline: orAbsent(file('/proc/cmdline')),
    ...Object.fromEntries(files.map((path) => [path, orAbsent(file(path))])),
  }),
  reading: 'each *.conf file of the modprobe.d folders, and /proc/cmdline',
  parse: ({ cmdline, ...texts }, { files }): readonly ModuleLine[] => [
    ...files.flatMap((path) => parseModprobe(path, (texts as Record<string, string | null>)[path] ?? '')),
    ...parseCommandLineBlacklist(cmdline ?? ''),
  ],
})

/** @see https://www.freedesktop.org/software/systemd/man/modules-load.d.html */
const bootFiles = configFiles('modulesLoadFiles', [
  '/etc/modules-load.d',
  '/run/modules-load.d',
  '/usr/local/lib/modules-load.d',
  '/usr/lib/modules-load.d',
  '/lib/modules-load.d',
])

/** The names in a modules-load.d file, or in /etc/modules, where arguments may follow. */
export function parseModulesLoad(text: string): string[] {
  return text.split('\n').flatMap((line) => {
    const [name] = line.trim().split(/\s+/)
    return name && !/^[#;]/.test(name) ? [moduleName(name)] : []
  })
}

export const modulesAtBoot: Fact<ReadonlySet<string>> = defineFact({
  name: 'modulesAtBoot',
  about: 'The modules that modules-load.d and /etc/modules load at boot.',
  needs: { files: bootFiles },
  reads: ({ files }) =>
    Object.fromEntries([...files, '/etc/modules'].map((path) => [path, orAbsent(file(path))])),
  reading: 'each *.conf file of the modules-load.d folders, and /etc/modules',
  parse: (texts) => new Set(Object.values(texts).flatMap((text) => parseModulesLoad(text ?? ''))),
})

/** Once it is 1, no module can be loaded until the next boot. */
export const modulesDisabled: Fact<boolean> = defineFact({
  name: 'modulesDisabled',
  about: 'Whether loading modules has been switched off until the next boot (kernel.modules_disabled).',
  reads: { disabled: orAbsent(file('/proc/sys/kernel/modules_disabled')) },
  parse: ({ disabled }) => disabled?.trim() === '1',
})
