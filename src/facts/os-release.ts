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
  about: 'Distribution and release; null where the host has neither os-release nor redhat-release.',
  reads: {
    etc: orAbsent(file('/etc/os-release')),
    lib: orAbsent(file('/usr/lib/os-release')),
    redhat: orAbsent(file('/etc/redhat-release')),
  },
  parse: ({ etc, lib, redhat }) => {
    const text = etc ?? lib
    if (text !== null) return parseOsRelease(text)
    return redhat === null ? null : parseRedhatRelease(redhat)
  },
})

/** Parses the shell-like assignments of an os-release file. Never throws. */
export function parseOsRelease(text: string): OsRelease {
  const assignments = text.split('\n').flatMap((line) => {
    const [, name, value] = /^\uFEFF?\s*([A-Za-z_][A-Za-z0-9_]*)=(.*)$/.exec(line.trimEnd()) ?? []
    return name === undefined || value === undefined ? [] : [[name, unquote(value.trim())] as const]
  })
  const variables: Record<string, string> = Object.fromEntries(assignments)
  return {
    id: (variables.ID || 'linux').toLowerCase(),
    idLike: (variables.ID_LIKE ?? '').toLowerCase().split(/\s+/).filter(Boolean),
    versionId: variables.VERSION_ID ?? '',
    codename: variables.VERSION_CODENAME ?? variables.UBUNTU_CODENAME ?? '',
    prettyName: variables.PRETTY_NAME || variables.NAME || '',
    variables,
  }
}

/** What Enterprise Linux before 7 has instead: `CentOS release 6.10 (Final)`. */
export function parseRedhatRelease(text: string): OsRelease {
  const prettyName = text.trim().split('\n')[0] ?? ''
  const [, name = '', versionId = ''] = /^(\S.*?) release (\d+(?:\.\d+)*)/.exec(prettyName) ?? []
  const id = name.startsWith('CentOS') ? 'centos' : name.startsWith('Red Hat') ? 'rhel' : 'linux'
  return { id, idLike: ['rhel', 'fedora'], versionId, codename: '', prettyName, variables: {} }
}

function unquote(value: string): string {
  const quoted = /^"(.*)"$/.exec(value)?.[1]
  if (quoted !== undefined) return quoted.replace(/\\([\\"$`])/g, '$1')
  return /^'(.*)'$/.exec(value)?.[1] ?? value
}
