/** What was installed since this host was booted, and comes into use with the next boot. */
import { asReading, defineFact, type Fact, type OrAbsent, orAbsent, unavailable } from '../model/fact.ts'
import { directory, type FileSource, file, type StatSource, stat } from '../model/source.ts'
import { compareReleases, kernelRelease } from './kernel-release.ts'

/** What packages leave behind: of Debian and Ubuntu with the packages' names, of SUSE without. @see https://www.debian.org/doc/debian-policy/ch-opersys.html */
const FLAGS = ['/run/reboot-required', '/run/reboot-needed'] as const

export interface RebootFlag {
  readonly path: string
  readonly packages: readonly string[]
}

export const rebootFlag: Fact<RebootFlag | null> = defineFact({
  name: 'rebootFlag',
  about: 'The file by which packages ask for a reboot, and their names; null where there is none.',
  reads: {
    ...Object.fromEntries(FLAGS.map((path) => [path, orAbsent(stat(path))])),
    packages: orAbsent(file('/run/reboot-required.pkgs')),
  },
  parse: ({ packages, ...flags }): RebootFlag | null => {
    const there = flags as Readonly<Record<string, unknown>>
    const path = FLAGS.find((each) => there[each])
    const names = typeof packages === 'string' ? packages.split('\n').map((line) => line.trim()) : []
    return path ? { path, packages: [...new Set(names)].filter((name) => /^[\w.+:-]+$/.test(name)) } : null
  },
})

/** `5.14.0-362.8.1.el9_3.x86_64` is number 5.14.0.362.8.1 of the flavour `el#_#.x#_#`. */
function partsOf(release: string): { number: string; flavour: string } {
  const [number = ''] = /^[\d.+~-]*/.exec(release) ?? []
  return {
    number: number.replace(/[^\d]+/g, '.'),
    flavour: release.slice(number.length).replace(/\d+/g, '#'),
  }
}

/** The newest of some releases that is newer than this one and of its flavour; null where none is. */
export function newerKernel(running: string, installed: readonly string[]): string | null {
  const own = partsOf(running)
  const newer = installed.filter((release) => {
    const { number, flavour } = partsOf(release)
    return flavour === own.flavour && compareReleases(number, own.number) > 0
  })
  return newer.sort((a, b) => compareReleases(partsOf(b).number, partsOf(a).number))[0] ?? null
}

/** Folders of modules stay behind when a kernel is removed: only what can be booted counts. Not every distribution puts versions into the names. */
export const bootKernels: Fact<readonly string[]> = defineFact({
  name: 'bootKernels',
  about: 'The releases of the kernels in /boot, as far as their names tell.',
  reads: { boot: asReading(directory('/boot')) },
  parse: ({ boot }) => {
    if (boot.state === 'absent') return []
    if (boot.state !== 'ok') return unavailable('/boot/', boot)
    return boot.value.flatMap((name) => /^(?:vmlinuz|vmlinux|Image)-(\d.*)$/.exec(name)?.[1] ?? [])
  },
})

const bootableKernel: Fact<string | null> = defineFact({
  name: 'bootableKernel',
  about:
    'The newest kernel in /boot that is newer than the running one and of its flavour; null where none is.',
  needs: { release: kernelRelease, kernels: bootKernels },
  parse: (_, { release, kernels }) => newerKernel(release, kernels),
})

/** Read only where it matters: with many processors the file is long. @see https://man7.org/linux/man-pages/man5/proc_stat.5.html */
const bootedAt: Fact<number | null> = defineFact({
  name: 'bootedAt',
  about: 'When the host was booted, in milliseconds since the epoch; null where it was not asked for.',
  needs: { newer: bootableKernel },
  reads: ({ newer }): Record<string, FileSource> => (newer === null ? {} : { kernel: file('/proc/stat') }),
  reading: '/proc/stat (where a newer kernel is installed)',
  parse: ({ kernel }) => {
    const seconds = /^btime (\d{1,12})$/m.exec(kernel ?? '')?.[1]
    return seconds === undefined ? null : Number(seconds) * 1000
  },
})

/** Whoever boots an older kernel on purpose has the newer one from before: its index of modules tells when it came. */
export const waitingKernel: Fact<string | null> = defineFact({
  name: 'waitingKernel',
  about: 'The newer kernel that was installed since the host was booted; null where none was.',
  needs: { newer: bootableKernel, bootedAt },
  reads: ({ newer }): Record<string, OrAbsent<StatSource>> =>
    newer === null ? {} : { index: orAbsent(stat(`/lib/modules/${newer}/modules.dep`)) },
  reading: 'modules.dep of the newer kernel',
  parse: ({ index }, { newer, bootedAt }) =>
    index && bootedAt !== null && index.mtimeMs > bootedAt ? newer : null,
})

/** Files that a program has mapped and that were replaced since: those that only a new start brings in. */
export function replacedLibraries(maps: string): readonly string[] {
  const paths = maps.matchAll(
    / (\/(?:usr\/)?lib\S*\/(?:libc[.-]|ld[.-]|libsystemd|systemd\b)\S*) \(deleted\)$/gm,
  )
  return [...new Set([...paths].map(([, path = '']) => path))]
}

export const oldLibraries: Fact<readonly string[]> = defineFact({
  name: 'oldLibraries',
  about: 'Files of libc and systemd that process 1 still uses although they were replaced (root sees them).',
  reads: { maps: asReading(file('/proc/1/maps')) },
  parse: ({ maps }) =>
    maps.state === 'ok' ? replacedLibraries(maps.value) : unavailable('/proc/1/maps', maps),
})
