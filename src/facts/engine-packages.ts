/** Installed packages that bring an engine, a part of one, or a stand-in for one. */
import { type AsReading, asReading, defineFact, type Fact, orAbsent, unavailable } from '../model/fact.ts'
import type { Reading } from '../model/reading.ts'
import {
  type CommandSource,
  command,
  type DirectorySource,
  directory,
  type FileSource,
  file,
  stat,
} from '../model/source.ts'
import { packageFamily } from './package-manager.ts'
import { programs } from './programs.ts'

/** Of the names that matter here; everything else that is installed is nobody's business. */
const PATTERNS = ['docker*', 'containerd*', 'runc*', 'podman*', 'moby*', 'crun*', 'nerdctl*'] as const
const OURS = /^(docker|containerd|runc|podman|moby|crun|nerdctl)/

const dpkgField = (name: string): string => `\${${name}}`
const DPKG_ROW = `${['db:Status-Abbrev', 'Package', 'Version'].map(dpkgField).join('\\t')}\\n`
const DPKG = command(['dpkg-query', '-W', '-f', DPKG_ROW, ...PATTERNS])
const RPM = command(['rpm', '-qa', '--qf', '%{NAME}\\t%{VERSION}-%{RELEASE}\\n', ...PATTERNS], {
  timeoutMs: 10_000,
})
/** Where dpkg cannot be asked, as on a mounted root. Some thousand packages take a few MB. */
const DPKG_STATUS = file('/var/lib/dpkg/status', { maxBytes: 16 * 1024 * 1024 })
const APK_DATABASE = file('/lib/apk/db/installed', { maxBytes: 16 * 1024 * 1024 })
const PACMAN_DATABASE = directory('/var/lib/pacman/local')

/** Versions by package name. */
export type Packages = ReadonlyMap<string, string>

type Database = Record<string, AsReading<CommandSource | FileSource | DirectorySource>>

/** What such packages bring. Where none of it is, no package manager is asked: that takes up to a second. */
const anyProgram = programs('dockerd', 'docker', 'containerd', 'runc', 'crun', 'podman', 'nerdctl')

const asked: Fact<Packages | null> = defineFact({
  name: 'enginePackagesAsked',
  about: 'The packages that the package manager names; null where it has to be read from its database.',
  needs: { family: packageFamily, found: anyProgram },
  reads: ({ family, found }): Record<string, AsReading<CommandSource>> =>
    [...found.values()].every((path) => path === null)
      ? {}
      : family === 'apt'
        ? { list: asReading(DPKG) }
        : family && family !== 'apk' && family !== 'pacman'
          ? { list: asReading(RPM) }
          : {},
  reading: '$ dpkg-query -W …, or $ rpm -qa … (only names that begin like an engine)',
  parse: ({ list }, { family, found }): Packages | null => {
    if ([...found.values()].every((path) => path === null)) return new Map()
    if (!list) return null
    if (list.state !== 'ok') return family === 'apt' ? null : unavailable('$ rpm -qa', list)
    const failed = list.value.stdout.trim() === '' && list.value.exit > 1
    if (failed)
      return family === 'apt'
        ? null
        : unavailable('$ rpm -qa', { state: 'failed', reason: `exit ${list.value.exit}`, durationMs: 0 })
    return parseList(list.value.stdout, family === 'apt')
  },
})

export const enginePackages: Fact<Packages> = defineFact({
  name: 'enginePackages',
  about:
    'The installed packages that bring an engine, a part of one, or a stand-in; empty where there is no package manager.',
  needs: { family: packageFamily, asked },
  reads: ({ family, asked }): Database => {
    if (asked !== null) return {}
    if (family === 'apt') return { database: asReading(DPKG_STATUS) }
    if (family === 'apk') return { database: asReading(APK_DATABASE) }
    return family === 'pacman' ? { database: asReading(PACMAN_DATABASE) } : {}
  },
  reading: "dpkg's, apk's or pacman's database",
  parse: ({ database }, { family, asked }): Packages => {
    if (asked) return asked
    if (!database) return new Map()
    const given = database as Reading<FileSource> | Reading<DirectorySource>
    if (given.state !== 'ok') return unavailable('the database of packages', given)
    if (typeof given.value !== 'string') return parsePacman(given.value)
    return family === 'apk' ? parseApk(given.value) : parseDpkgStatus(given.value)
  },
})

/** Lines of `status<TAB>name<TAB>version` (with `hasStatus`), else `name<TAB>version`. Never throws. */
export function parseList(text: string, hasStatus: boolean): Packages {
  const rows = text.split('\n').map((line) => line.split('\t'))
  return new Map(
    rows.flatMap((row) => {
      const [name, version] = hasStatus ? row.slice(1) : row
      // The second letter is the present state: `ii` installed, `rc` removed with its configuration left behind.
      const installed = !hasStatus || row[0]?.[1] === 'i'
      return installed && name && OURS.test(name) && version ? [[name, version.trim()] as const] : []
    }),
  )
}

/** Parses /var/lib/dpkg/status. Never throws. */
export function parseDpkgStatus(text: string): Packages {
  const found = new Map<string, string>()
  for (const paragraph of text.split(/\n\s*\n/)) {
    const field = (name: string): string | undefined =>
      new RegExp(`^${name}: (.*)$`, 'm').exec(paragraph)?.[1]?.trim()
    const name = field('Package')
    if (name && OURS.test(name) && / installed$/.test(field('Status') ?? ''))
      found.set(name, field('Version') ?? '')
  }
  return found
}

/** Parses apk's database: `P:` name, `V:` version. Never throws. @see https://wiki.alpinelinux.org/wiki/Apk_spec */
export function parseApk(text: string): Packages {
  const found = new Map<string, string>()
  for (const paragraph of text.split(/\n\n/)) {
    const name = /^P:(.*)$/m.exec(paragraph)?.[1]
    if (name && OURS.test(name)) found.set(name, /^V:(.*)$/m.exec(paragraph)?.[1] ?? '')
  }
  return found
}

/** Folders such as `docker-1:27.3.1-1/`. Never throws. */
export const parsePacman = (names: readonly string[]): Packages =>
  new Map(
    names.flatMap((folder) => {
      const [, name, version] = /^(.+)-([^-]+-[^-/]+)\/?$/.exec(folder) ?? []
      return name && version && OURS.test(name) ? [[name, version] as const] : []
    }),
  )

/** The docker snap is installed. @see https://snapcraft.io/docker */
export const dockerSnap: Fact<boolean> = defineFact({
  name: 'dockerSnap',
  about: 'The engine is installed as a snap.',
  reads: { current: orAbsent(stat('/snap/docker/current')) },
  parse: ({ current }) => current !== null,
})
