/** Packages: what an installation brings is told by what is installed before and after it. */
import type { PackageFamily, PackageStep } from '../../model/fix.ts'
import { packageNames, updateOptions } from '../package-names.ts'
import type { Argv } from './deed.ts'
import { type Prepared, programDeed } from './prepared.ts'
import { runProgram, succeeds, TIMEOUTS_MS } from './program.ts'

interface Packager {
  /** Prints the names of installed packages, one a line. */
  readonly list: Argv
  readonly install: Argv
  readonly remove: Argv
  /** Fetches the lists anew. */
  readonly refresh?: Argv
}

/** Debian asks about configuration files that were edited: they stay as they are. */
const KEEP_FILES = ['-o', 'Dpkg::Options::=--force-confdef', '-o', 'Dpkg::Options::=--force-confold']
const RPM_LIST: Argv = ['rpm', '-qa', '--queryformat', '%{NAME}\\n']

const PACKAGERS: Readonly<Record<PackageFamily, Packager>> = {
  apt: {
    list: ['dpkg', '--get-selections'],
    install: ['apt-get', 'install', '-y', ...KEEP_FILES],
    remove: ['apt-get', 'purge', '-y'],
    refresh: ['apt-get', 'update'],
  },
  dnf: { list: RPM_LIST, install: ['dnf', 'install', '-y'], remove: ['dnf', 'remove', '-y'] },
  yum: { list: RPM_LIST, install: ['yum', 'install', '-y'], remove: ['yum', 'remove', '-y'] },
  zypper: {
    list: RPM_LIST,
    install: ['zypper', '--non-interactive', 'install'],
    remove: ['zypper', '--non-interactive', 'remove'],
  },
  apk: { list: ['apk', 'info'], install: ['apk', 'add', '--update-cache'], remove: ['apk', 'del'] },
  pacman: {
    list: ['pacman', '-Qq'],
    install: ['pacman', '-S', '--needed', '--noconfirm'],
    remove: ['pacman', '-R', '--noconfirm'],
  },
}

async function installed({ list }: Packager): Promise<ReadonlySet<string>> {
  const { output } = await runProgram(list)
  return new Set(
    output.split('\n').flatMap((line) => {
      // dpkg says of each what is to become of it.
      const [name = '', fate = 'install'] = line.trim().split(/\s+/)
      return name !== '' && ['install', 'hold'].includes(fate) ? [name.replace(/:.*/, '')] : []
    }),
  )
}

export async function packageDeeds(step: PackageStep): Promise<Prepared[]> {
  const { action, manager, packages } = step
  const packager = PACKAGERS[manager]
  const before = await installed(packager)
  const timeoutMs = TIMEOUTS_MS.packages
  if (action === 'remove') {
    const there = packages.filter((name) => before.has(name))
    if (there.length === 0) return []
    return [
      await programDeed([...packager.remove, ...there], { undo: [...packager.install, ...there], timeoutMs }),
    ]
  }
  const undoOnceDone = async (): Promise<Argv | null> => {
    const fresh = [...(await installed(packager))].filter((name) => !before.has(name))
    return fresh.length > 0 ? [...packager.remove, ...fresh] : null
  }
  const names = packageNames(step)
  const isNeeded = step.refresh === true || (packager.refresh && !(await canInstall(names)))
  const refresh = packager.refresh && isNeeded ? [packager.refresh] : []
  const fetch = await Promise.all(refresh.map((argv) => programDeed(argv, { timeoutMs })))
  return [
    ...fetch,
    await programDeed([...packager.install, ...updateOptions(step), ...names], { undoOnceDone, timeoutMs }),
  ]
}

/** A fresh image has no package lists, and stale ones name packages that are gone. */
const canInstall = (packages: readonly string[]): Promise<boolean> =>
  succeeds(['apt-get', 'install', '--download-only', '-y', ...packages])
