/** Packages: what an installation brings is told by what is installed before and after it. */
import type { PackageFamily, PackageStep } from '../../model/fix.ts'
import { packageNames, updateOptions } from '../package-names.ts'
import type { Argv } from './deed.ts'
import { leavesNothing, type Prepared, programDeed, type UndoOnceDone } from './prepared.ts'
import { runProgram, succeeds, TIMEOUTS_MS } from './program.ts'

interface Packager {
  /** Prints installed packages, one a line: a name and a version. */
  readonly list: Argv
  readonly install: Argv
  readonly remove: Argv
  /** Fetches the lists anew. */
  readonly refresh?: Argv
}

/** Debian asks about configuration files that were edited: they stay as they are. */
const KEEP_FILES = ['-o', 'Dpkg::Options::=--force-confdef', '-o', 'Dpkg::Options::=--force-confold']
const RPM_LIST: Argv = ['rpm', '-qa', '--queryformat', '%{NAME} %{VERSION}-%{RELEASE}\\n']

const PACKAGERS: Readonly<Record<PackageFamily, Packager>> = {
  apt: {
    list: ['dpkg-query', '-W'],
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
  apk: { list: ['apk', 'info', '-v'], install: ['apk', 'add', '--update-cache'], remove: ['apk', 'del'] },
  pacman: {
    list: ['pacman', '-Q'],
    install: ['pacman', '-S', '--needed', '--noconfirm'],
    remove: ['pacman', '-R', '--noconfirm'],
  },
}

/**
 * Versions by name, of what a package manager lists: `name version`, or `name-1.2-r3` (apk). dpkg lists packages that are gone but for their
 * configuration, too: they have no version.
 */
export function parsePackages(output: string): Map<string, string> {
  return new Map(
    output.split('\n').flatMap((line): [string, string][] => {
      const [, name, version] = /^(\S+)\s+(\S+)$/.exec(line) ?? /^(\S+)-(\d\S*-r\d+)$/.exec(line) ?? []
      return name && version ? [[name.replace(/:[\w-]+$/, ''), version]] : []
    }),
  )
}

const installed = async ({ list }: Packager): Promise<Map<string, string>> =>
  parsePackages((await runProgram(list)).output)

export async function packageDeeds(step: PackageStep): Promise<Prepared[]> {
  const { action, manager, packages, refresh } = step
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
  const names = packageNames(step)
  const mustFetch = packager.refresh && (refresh || !(await canInstall(names)))
  const fetch =
    packager.refresh && mustFetch
      ? [await programDeed(packager.refresh, { undoOnceDone: leavesNothing, timeoutMs })]
      : []
  const argv: Argv = [...packager.install, ...updateOptions(step), ...names]
  return [...fetch, await programDeed(argv, { undoOnceDone: sinceThen(packager, before), timeoutMs })]
}

/** What is new is removed. An older version cannot be relied on to be had still: that it was another is told. */
const sinceThen =
  (packager: Packager, before: ReadonlyMap<string, string>): UndoOnceDone =>
  async () => {
    const after = [...(await installed(packager))]
    const fresh = after.filter(([name]) => !before.has(name)).map(([name]) => name)
    const updated = after.flatMap(([name, version]) => {
      const old = before.get(name)
      return old !== undefined && old !== version ? [`${name} was ${old}, and stays ${version}`] : []
    })
    return {
      undo: fresh.length > 0 ? [...packager.remove, ...fresh] : null,
      ...(updated.length > 0 ? { note: updated.join('; ') } : {}),
    }
  }

/** A fresh image has no package lists, and stale ones name packages that are gone. */
const canInstall = (packages: readonly string[]): Promise<boolean> =>
  succeeds(['apt-get', 'install', '--download-only', '-y', ...packages])
