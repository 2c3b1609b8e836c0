/** Where packages of the engine are configured to come from. */
import { defineFact, type Fact, type OrAbsent, orAbsent } from '../model/fact.ts'
import type { PackageFamily } from '../model/fix.ts'
import { type DirectorySource, directory, type FileSource, file } from '../model/source.ts'
import { packageFamily } from './package-manager.ts'

export interface Repository {
  /** As written, without a slash at the end; of rpm repositories with `$releasever` and the like. */
  readonly url: string
  /** What of it is asked for: a file or folder that every such repository has. */
  readonly probeUrl: string
  /** e.g. `bookworm`; empty where the repository has none. */
  readonly suite: string
  readonly file: string
  /** The whole line that the URL stands in. */
  readonly line: string
}

const APT = '/etc/apt/sources.list'
const FOLDERS: Readonly<Partial<Record<PackageFamily, readonly [string, RegExp]>>> = {
  apt: [`${APT}.d`, /\.(?:list|sources)$/],
  dnf: ['/etc/yum.repos.d', /\.repo$/],
  yum: ['/etc/yum.repos.d', /\.repo$/],
  zypper: ['/etc/zypp/repos.d', /\.repo$/],
}

const sourceFiles: Fact<readonly string[]> = defineFact({
  name: 'packageSourceFiles',
  about: 'The files that name repositories of packages.',
  needs: { family: packageFamily },
  reads: ({ family }): Record<string, OrAbsent<DirectorySource>> => {
    const folder = family && FOLDERS[family]
    return folder ? { names: orAbsent(directory(folder[0])) } : {}
  },
  reading: `${APT}.d/, /etc/yum.repos.d/ or /etc/zypp/repos.d/`,
  parse: ({ names }, { family }): readonly string[] => {
    const [folder, pattern] = (family && FOLDERS[family]) ?? []
    const found = (names ?? []).filter((name) => pattern?.test(name)).map((name) => `${folder}/${name}`)
    return family === 'apt' ? [APT, ...found] : found
  },
})

/** Docker's own repository, and mirrors of it, which keep its name. */
const OF_ENGINE = /\/\/download\.docker\.com\/|\/docker-ce\b|\/docker\/linux\//i

/** Repositories of Docker's packages that are configured and not switched off. */
export const engineRepositories: Fact<readonly Repository[]> = defineFact({
  name: 'engineRepositories',
  about: "The configured repositories of Docker's packages, its own or mirrors.",
  needs: { files: sourceFiles },
  reads: ({ files }): Record<string, OrAbsent<FileSource>> =>
    Object.fromEntries(files.map((path) => [path, orAbsent(file(path))])),
  reading: 'the files that name repositories of packages',
  parse: (texts): readonly Repository[] =>
    Object.entries(texts)
      .flatMap(([path, text]) => parseRepositories(path, text ?? ''))
      .filter(({ url }) => OF_ENGINE.test(`${url}/`)),
})

/** Parses a file of apt's, in either form, or one of yum, dnf or zypper. Never throws. */
export function parseRepositories(path: string, text: string): Repository[] {
  if (path.endsWith('.sources')) return text.split(/\n[ \t]*\n/).flatMap((block) => ofDeb822(path, block))
  if (path.endsWith('.repo')) return text.split(/\n(?=\s*\[)/).flatMap((section) => ofSection(path, section))
  return text.split('\n').flatMap((line) => ofLine(path, line))
}

/** @see https://manpages.debian.org/bookworm/apt/sources.list.5.en.html */
function ofLine(path: string, line: string): Repository[] {
  const [, url = '', suite = ''] = /^\s*deb\s+(?:\[[^\]]*\]\s*)?(\S+)\s+(\S+)/.exec(line) ?? []
  return url === '' ? [] : [aptRepository(path, line, url, suite)]
}

function ofDeb822(path: string, block: string): Repository[] {
  const lines = block.split('\n').filter((line) => !line.startsWith('#'))
  const field = (name: string): string | undefined =>
    lines.find((line) => line.toLowerCase().startsWith(`${name}:`))
  const words = (name: string): string[] => (field(name) ?? '').split(/\s+/).slice(1).filter(Boolean)
  if (/^(?:no|false|0)$/i.test(words('enabled')[0] ?? '') || !words('types').includes('deb')) return []
  const [suite = ''] = words('suites')
  return words('uris').map((url) => aptRepository(path, field('uris') ?? '', url, suite))
}

function aptRepository(path: string, line: string, written: string, suite: string): Repository {
  const url = written.replace(/\/+$/, '')
  return { url, probeUrl: `${url}/dists/${suite}/InRelease`, suite, file: path, line }
}

/** Variables are the package manager's own affair: what stands before the first of them is asked for. */
function ofSection(path: string, section: string): Repository[] {
  if (/^\s*enabled\s*=\s*(?:0|no|false)\s*$/im.test(section)) return []
  return section.split('\n').flatMap((line) => {
    const written = /^\s*baseurl\s*=\s*(\S+)/i.exec(line)?.[1]
    if (!written) return []
    const url = written.replace(/\/+$/, '')
    const fixed = url.includes('$') ? url.slice(0, url.lastIndexOf('/', url.indexOf('$')) + 1) : `${url}/`
    return [{ url, probeUrl: fixed, suite: '', file: path, line }]
  })
}
