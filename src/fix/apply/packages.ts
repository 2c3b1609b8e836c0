/** Packages: what an installation brings is told by what is installed before and after it. */
import type { PackageFamily, PackageStep } from '../../model/fix.ts'
import { INSTALL, packageNames, REMOVE, updateOptions } from '../package-names.ts'
import type { Argv } from './deed.ts'
import { leavesNothing, type Prepared, programDeed, type UndoOnceDone } from './prepared.ts'
import { runProgram, succeeds, TIMEOUTS_MS } from './program.ts'

/** Debian asks about configuration files that were edited: they stay as they are. */
const KEEP_FILES = ['-o', 'Dpkg::Options::=--force-confdef', '-o', 'Dpkg::Options::=--force-confold']
const RPM_LIST: Argv = ['rpm', '-qa', '--queryformat', '%{NAME} %{VERSION}-%{RELEASE}\\n']

/** Prints installed packages, one a line: a name and a version. */
const LIST: Readonly<Record<PackageFamily, Argv>> = {
  apt: ['dpkg-query', '-W'],
  dnf: RPM_LIST,
  yum: RPM_LIST,
  zypper: RPM_LIST,
  apk: ['apk', 'info', '-v'],
  pacman: ['pacman', '-Q'],
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

const installed = async (manager: PackageFamily): Promise<Map<string, string>> =>
  parsePackages((await runProgram(LIST[manager])).output)

export async function packageDeeds(step: PackageStep): Promise<Prepared[]> {
  const { action, manager, packages, refresh } = step
  const before = await installed(manager)
  const timeoutMs = TIMEOUTS_MS.packages
  const install: Argv = manager === 'apt' ? [...INSTALL.apt, ...KEEP_FILES] : INSTALL[manager]
  if (action === 'remove') {
    const there = packages.filter((name) => before.has(name))
    if (there.length === 0) return []
    return [await programDeed([...REMOVE[manager], ...there], { undo: [...install, ...there], timeoutMs })]
  }
  const names = packageNames(step)
  const mustFetch = manager === 'apt' && (refresh || !(await canInstall(names)))
  const fetch = mustFetch
    ? [await programDeed(['apt-get', 'update'], { undoOnceDone: leavesNothing, timeoutMs })]
    : []
  const argv: Argv = [...install, ...updateOptions(step), ...names]
  return [...fetch, await programDeed(argv, { undoOnceDone: sinceThen(manager, before), timeoutMs })]
}

/** What is new is removed. An older version cannot be relied on to be had still: that it was another is told. */
const sinceThen =
  (manager: PackageFamily, before: ReadonlyMap<string, string>): UndoOnceDone =>
  async () => {
    const after = [...(await installed(manager))]
    const fresh = after.filter(([name]) => !before.has(name)).map(([name]) => name)
    const updated = after.flatMap(([name, version]) => {
      const old = before.get(name)
      return old !== undefined && old !== version ? [`${name} was ${old}, and stays ${version}`] : []
    })
    return {
      undo: fresh.length > 0 ? [...REMOVE[manager], ...fresh] : null,
      ...(updated.length > 0 ? { note: updated.join('; ') } : {}),
    }
  }

/** A fresh image has no package lists, and stale ones name packages that are gone. */
const canInstall = (packages: readonly string[]): Promise<boolean> =>
  succeeds(['apt-get', 'install', '--download-only', '-y', ...packages])
