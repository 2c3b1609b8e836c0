/** Users and groups: the local files first, the name service only where it has more to say. */
import { type AsReading, asReading, defineFact, type Fact, orAbsent } from '../model/fact.ts'
import type { Reading } from '../model/reading.ts'
import { type CommandSource, command, file } from '../model/source.ts'

export interface User {
  readonly name: string
  readonly uid: number
  readonly gid: number
  readonly home: string
}
export interface Group {
  readonly name: string
  readonly gid: number
  readonly members: readonly string[]
}
export interface Accounts {
  readonly users: readonly User[]
  readonly groups: readonly Group[]
  /** LDAP, SSSD, NIS, … may know users and groups that the files do not name. */
  readonly beyondFiles: boolean
}

/** Sources of the name service that add nobody to what /etc/passwd and /etc/group say of ordinary users. */
const LOCAL_SOURCES: ReadonlySet<string> = new Set(['files', 'compat', 'systemd', 'db', 'altfiles'])

export const accounts: Fact<Accounts> = defineFact({
  name: 'accounts',
  about: 'The users and groups of /etc/passwd and /etc/group, and whether the name service knows more.',
  reads: {
    passwd: file('/etc/passwd'),
    group: file('/etc/group'),
    nss: orAbsent(file('/etc/nsswitch.conf')),
  },
  parse: ({ passwd, group, nss }): Accounts => ({
    users: parsePasswd(passwd),
    groups: parseGroups(group),
    beyondFiles: namesOtherSources(nss ?? ''),
  }),
})

/** Parses /etc/passwd; lines that are no account are passed over. Never throws. */
export const parsePasswd = (text: string): User[] =>
  text.split('\n').flatMap((line) => {
    const [name, , uid, gid, , home] = line.split(':')
    if (!name || name.startsWith('#') || !isId(uid) || !isId(gid)) return []
    return [{ name, uid: Number(uid), gid: Number(gid), home: home ?? '' }]
  })

/** Parses /etc/group, or what `getent group` prints. Never throws. */
export const parseGroups = (text: string): Group[] =>
  text.split('\n').flatMap((line) => {
    const [name, , gid, members] = line.split(':')
    if (!name || name.startsWith('#') || !isId(gid)) return []
    return [
      {
        name,
        gid: Number(gid),
        members: (members ?? '')
          .trim()
          .split(/\s*,\s*/)
          .filter(Boolean),
      },
    ]
  })

const isId = (text: string | undefined): boolean => /^\d{1,10}$/.test(text ?? '')

/** @see https://man7.org/linux/man-pages/man5/nsswitch.conf.5.html */
function namesOtherSources(text: string): boolean {
  return text.split('\n').some((line) => {
    const sources = /^\s*(?:passwd|group|initgroups)\s*:([^#]*)/.exec(line)?.[1] ?? ''
    const names = sources
      .replace(/\[[^\]]*\]/g, ' ')
      .split(/\s+/)
      .filter(Boolean)
    return names.some((name) => !LOCAL_SOURCES.has(name))
  })
}

/** A group by name, wherever the host keeps it; null where there is none. */
export const groupNamed = (name: string): Fact<Group | null> =>
  defineFact({
    name: `group(${name})`,
    about: `Group ${name} with its members; null where the host has none.`,
    needs: { accounts },
    reads: ({ accounts }): Record<string, AsReading<CommandSource>> =>
      accounts.beyondFiles ? { getent: asReading(command(['getent', 'group', name])) } : {},
    reading: `/etc/group; $ getent group ${name} where the name service has other sources`,
    parse: ({ getent }, { accounts }): Group | null =>
      parseGroups(outputOf(getent)).find((group) => group.name === name) ??
      accounts.groups.find((group) => group.name === name) ??
      null,
  })

export const outputOf = (reading: Reading<CommandSource> | undefined): string =>
  reading?.state === 'ok' && reading.value.exit === 0 ? reading.value.stdout : ''
