/** Packages: what an installation brings, and what a removal takes along, is told by what is installed before and after it. */
import type { PackageFamily, PackageStep } from '../../model/fix.ts'
import { fetchCommand, packageCommand, packageNames } from '../package-commands.ts'
import type { Argv } from './deed.ts'
import { leavesNothing, type Prepared, programDeed, type UndoOnceDone } from './prepared.ts'
import { runProgram, succeeds, TIMEOUTS_MS } from './program.ts'

/** Debian asks about configuration files that were edited: they stay as they are. */
const KEEP_FILES = ['-o', 'Dpkg::Options::=--force-confdef', '-o', 'Dpkg::Options::=--force-confold']
const RPM_LIST: Argv = ['rpm', '-qa', '--queryformat', '%{NAME} %{VERSION}-%{RELEASE}\\n']
const DPKG_ROW = `${['Package', 'Version', 'db:Status-Status'].map((field) => `\${${field}}`).join(' ')}\\n`

/** Prints installed packages, one a line: a name and a version; dpkg's state of it, too. */
const LIST: Readonly<Record<PackageFamily, Argv>> = {
  apt: ['dpkg-query', '-W', '-f', DPKG_ROW],
  dnf: RPM_LIST,
  yum: RPM_LIST,
  zypper: RPM_LIST,
  apk: ['apk', 'info', '-v'],
  pacman: ['pacman', '-Q'],
}

export interface Installed {
  readonly version: string
  /** Not where an installation of it broke off. */
  readonly isWhole: boolean
}

/**
 * By name, of what a package manager lists: `name version`, `name version state` (dpkg), or `name-1.2-r3` (apk). dpkg lists packages that are gone but
 * for their configuration, too.
 */
export function parsePackages(output: string): Map<string, Installed> {
  return new Map(
    output.split('\n').flatMap((line): [string, Installed][] => {
      const [, name, version, state = 'installed'] =
        /^(\S+)\s(\S+)(?: (\S+))?$/.exec(line) ?? /^(\S+)-(\d\S*-r\d+)$/.exec(line) ?? []
      // The keys of repositories are listed among rpm's packages, all by one name.
      const isThere = name && version && state !== 'config-files' && name !== 'gpg-pubkey'
      return isThere ? [[name, { version, isWhole: WHOLE.test(state) }]] : []
    }),
  )
}

/** Triggers are work for other packages. */
const WHOLE = /^(?:installed|triggers-\w+)$/

const installed = async (manager: PackageFamily): Promise<ReadonlyMap<string, Installed>> =>
  parsePackages((await runProgram(LIST[manager])).output)

export async function packageDeeds(step: PackageStep): Promise<Prepared[]> {
  const { action, manager, packages, refresh } = step
  const before = await installed(manager)
  const timeoutMs = TIMEOUTS_MS.packages
  const options = manager === 'apt' ? KEEP_FILES : []
  if (action === 'remove') {
    const there = packages.filter((name) => before.has(name))
    if (there.length === 0) return []
    const { argv, alsoDone } = packageCommand({ ...step, packages: there })
    const back = (names: readonly string[]): Argv =>
      packageCommand({ action: 'install', manager, packages: names }, options).argv
    const undoOnceDone: UndoOnceDone = async () => {
      const after = await installed(manager)
      const gone = [...before.keys()].filter((name) => !after.has(name))
      return { undo: gone.length > 0 ? back(gone) : null }
    }
    return [await programDeed(argv, { undo: back(there), undoOnceDone, alsoDone, timeoutMs })]
  }
  if (!refresh && packages.every((name) => before.get(name)?.isWhole)) return []
  const fetch = fetchCommand(await withLists(step))
  const { argv, alsoDone } = packageCommand(step, options)
  return [
    ...(fetch ? [await programDeed(fetch.argv, { ...fetch, undoOnceDone: leavesNothing, timeoutMs })] : []),
    await programDeed(argv, { undoOnceDone: sinceThen(manager, before), alsoDone, timeoutMs }),
  ]
}

/** What is new is removed. An older version cannot be relied on to be had still: that it was another is told. */
const sinceThen =
  (manager: PackageFamily, before: ReadonlyMap<string, Installed>): UndoOnceDone =>
  async () => {
    const after = [...(await installed(manager))]
    const fresh = after.filter(([name]) => !before.has(name)).map(([name]) => name)
    const updated = after.flatMap(([name, { version }]) => {
      const old = before.get(name)?.version
      return old !== undefined && old !== version ? [`${name} was ${old}, and stays ${version}`] : []
    })
    const removal = packageCommand({ action: 'remove', manager, packages: fresh })
    return {
      undo: fresh.length > 0 ? removal.argv : null,
      ...(updated.length > 0 ? { note: updated.join('; ') } : {}),
    }
  }

/** A fresh image has no package lists, and stale ones name packages that are gone. */
async function withLists(step: PackageStep): Promise<PackageStep> {
  if (step.refresh || step.manager !== 'apt') return step
  const canInstall = await succeeds(['apt-get', 'install', '--download-only', '-y', ...packageNames(step)])
  return canInstall ? step : { ...step, refresh: true }
}
