import { defineFact, type Fact, orAbsent } from '../model/fact.ts'
import { file } from '../model/source.ts'

/** What /etc/os-release says. @see https://www.freedesktop.org/software/systemd/man/os-release.html */
export interface OsRelease {
  /** Lower case, e.g. `debian`, `openeuler`. */
  readonly id: string
  /** Other distributions that this one is like, nearest first. */
  readonly idLike: readonly string[]
  /** e.g. `12`, `22.04`, `7`; empty for rolling releases. */
  readonly versionId: string
  /** e.g. `bookworm`; empty where not told. */
  readonly codename: string
  readonly prettyName: string
  readonly variables: Readonly<Record<string, string>>
}

export const osRelease: Fact<OsRelease | null> = defineFact({
  name: 'osRelease',
  about: 'Distribution and release; null where the host has no os-release file.',
  reads: { etc: orAbsent(file('/etc/os-release')), lib: orAbsent(file('/usr/lib/os-release')) },
  parse: ({ etc, lib }) => {
    const text = etc ?? lib
    return text === null ? null : parseOsRelease(text)
  },
})

/** Parses the shell-like assignments of an os-release file. Never throws. */
export function parseOsRelease(text: string): OsRelease {
  const variables: Record<string, string> = {}
  for (const line of text.split('\n')) {
    const [, name, value] = /^\s*([A-Za-z_][A-Za-z0-9_]*)=(.*?)\s*$/.exec(line) ?? []
    if (name !== undefined && value !== undefined) variables[name] = unquote(value)
  }
  return {
    id: (variables.ID ?? 'linux').toLowerCase(),
    idLike: (variables.ID_LIKE ?? '').toLowerCase().split(/\s+/).filter(Boolean),
    versionId: variables.VERSION_ID ?? '',
    codename: variables.VERSION_CODENAME ?? variables.UBUNTU_CODENAME ?? '',
    prettyName: variables.PRETTY_NAME ?? variables.NAME ?? '',
    variables,
  }
}

function unquote(value: string): string {
  const quoted = /^"(.*)"$/.exec(value)?.[1]
  if (quoted !== undefined) return quoted.replace(/\\([\\"$`])/g, '$1')
  return /^'(.*)'$/.exec(value)?.[1] ?? value
}
