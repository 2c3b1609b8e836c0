/** Whose access to the engine is judged, and what groups their session has. */
import { type AsReading, asReading, defineFact, type Fact, type OrAbsent, orAbsent } from '../model/fact.ts'
import {
  type CommandSource,
  command,
  type DirectorySource,
  directory,
  type FileSource,
  file,
  type Identity,
  identity,
} from '../model/source.ts'
import { accounts, outputOf, parsePasswd, type User } from './accounts.ts'
import { type ProcessStatus, parseStatus } from './dockerd-process.ts'
import { settings } from './settings.ts'

export interface JudgedUser extends User {
  /** Asked for with --user, behind sudo, or the one who runs the tool. */
  readonly from: 'option' | 'sudo' | 'self'
  /** This very process runs as that user: its environment and groups are theirs. */
  readonly isSelf: boolean
  /** No such user is known to this host. */
  readonly exists: boolean
}

/** Who is meant: `--user`, else who called sudo, else who runs the tool. */
const meant: Fact<{ name: string; from: JudgedUser['from']; identity: Identity }> = defineFact({
  name: 'judgedName',
  about: 'The name of the user whose access is judged.',
  needs: { settings },
  reads: { identity },
  parse: ({ identity }, { settings }) => {
    if (settings.user !== undefined) return { name: settings.user, from: 'option' as const, identity }
    if (identity.sudo && identity.uid === 0)
      return { name: identity.sudo.user, from: 'sudo' as const, identity }
    return { name: identity.user, from: 'self' as const, identity }
  },
})

export const judgedUser: Fact<JudgedUser> = defineFact({
  name: 'judgedUser',
  about:
    'The user whose access to the engine is judged: --user, else who called sudo, else who runs the tool.',
  needs: { meant, accounts },
  reads: ({ meant, accounts }): Record<string, AsReading<CommandSource>> =>
    accounts.users.some(({ name }) => name === meant.name) || !/^[\w@.\\-]+$/.test(meant.name)
      ? {}
      : { getent: asReading(command(['getent', 'passwd', '--', meant.name])) },
  reading: '/etc/passwd; $ getent passwd NAME for a user who is not in it',
  parse: ({ getent }, { meant, accounts }): JudgedUser => {
    const { name, from, identity: own } = meant
    const known = accounts.users.find((user) => user.name === name) ?? parsePasswd(outputOf(getent))[0]
    const isSelf = name === own.user
    const user =
      known ??
      (isSelf ? { name, uid: own.uid, gid: own.gid, home: '' } : { name, uid: -1, gid: -1, home: '' })
    return {
      ...user,
      name,
      from,
      isSelf: isSelf || user.uid === own.uid,
      exists: known !== undefined || isSelf,
    }
  },
})

/** The ids of the groups that the next login of the judged user gets, by the account database. */
export const databaseGroups: Fact<ReadonlySet<number>> = defineFact({
  name: 'databaseGroups',
  about: 'The groups that a new login of the judged user has.',
  needs: { user: judgedUser, accounts },
  reads: ({ user, accounts }): Record<string, AsReading<CommandSource>> =>
    accounts.beyondFiles && /^[\w@.\\-]+$/.test(user.name)
      ? { id: asReading(command(['id', '-G', '--', user.name])) }
      : {},
  reading: '/etc/group; $ id -G NAME where the name service has other sources',
  parse: ({ id }, { user, accounts }): ReadonlySet<number> => {
    const local = accounts.groups.filter(({ members }) => members.includes(user.name)).map(({ gid }) => gid)
    const named = outputOf(id)
      .split(/\s+/)
      .filter((word) => /^\d+$/.test(word))
      .map(Number)
    return new Set([user.gid, ...local, ...named])
  },
})

/** The groups that the judged user's present session has; null where no session can be seen. */
export interface SessionGroups {
  readonly groups: ReadonlySet<number>
  /** `this session`, `process 412 (bash)`. */
  readonly where: string
}

/** How many processes up from the tool the caller of sudo is looked for: shell, sudo, its monitor, npx, node, … */
const DEEPEST = 10

interface Ancestor {
  readonly pid: number
  readonly status: ProcessStatus
}

const ancestor = (distance: number): Fact<Ancestor | null> => {
  const below = distance === 0 ? null : ancestor(distance - 1)
  return defineFact({
    name: `ancestor(${distance})`,
    about: `The process ${distance} above this one.`,
    needs: below ? { meant, below } : { meant },
    reads: (needs): Record<string, OrAbsent<FileSource>> => {
      const pid = pidOf(needs.meant.identity.pid, needs.below)
      return needs.meant.from === 'sudo' && pid > 0 ? { status: orAbsent(file(`/proc/${pid}/status`)) } : {}
    },
    reading: "/proc/PID/status of this process's parents",
    parse: ({ status }, needs): Ancestor | null => {
      const parsed = parseStatus(status ?? '')
      return parsed && { pid: pidOf(needs.meant.identity.pid, needs.below), status: parsed }
    },
  })
}
const pidOf = (own: number, below: Ancestor | null | undefined): number =>
  below === undefined ? own : (below?.status.ppid ?? 0)

const ANCESTORS: Readonly<Record<string, Fact<Ancestor | null>>> = Object.fromEntries(
  Array.from({ length: DEEPEST }, (_, distance) => [`up${distance}`, ancestor(distance)]),
)

const ancestors: Fact<readonly Ancestor[]> = defineFact({
  name: 'ancestors',
  about: 'The processes above this one, nearest first, where sudo was used.',
  needs: ANCESTORS,
  parse: (_, found): readonly Ancestor[] => Object.values(found).flatMap((one) => (one ? [one] : [])),
})

/** The nearest process above this one that belongs to the judged user: the shell that sudo was called from. */
const callerSession: Fact<SessionGroups | null> = defineFact({
  name: 'callerSession',
  about: 'The groups of the session that sudo was called from.',
  needs: { user: judgedUser, ancestors },
  parse: (_, { user, ancestors }): SessionGroups | null => {
    const found = ancestors.find(({ status }) => status.uid === user.uid)
    return found
      ? { groups: new Set(found.status.groups), where: `process ${found.pid} (${found.status.name})` }
      : null
  },
})

/** Every process of a user asked for with --user; read only then. */
const processes: Fact<readonly Ancestor[]> = defineFact({
  name: 'userProcesses',
  about: 'The processes of the user asked for with --user.',
  needs: { user: judgedUser, list: processIds() },
  reads: ({ list }): Record<string, AsReading<FileSource>> =>
    Object.fromEntries(list.map((pid) => [pid, asReading(file(`/proc/${pid}/status`))])),
  reading: '/proc/PID/status of every process (with --user)',
  parse: (texts, { user }): readonly Ancestor[] =>
    Object.entries(texts).flatMap(([pid, reading]) => {
      const status = reading.state === 'ok' ? parseStatus(reading.value) : null
      // A container's processes may have the user's id by chance.
      return status && status.uid === user.uid && !status.nested ? [{ pid: Number(pid), status }] : []
    }),
})

function processIds(): Fact<readonly string[]> {
  return defineFact({
    name: 'processIds',
    about: 'The ids of all processes, where the user asked for is not the one who runs the tool.',
    needs: { user: judgedUser },
    reads: ({ user }): Record<string, OrAbsent<DirectorySource>> =>
      user.from === 'option' && !user.isSelf && user.exists ? { proc: orAbsent(directory('/proc')) } : {},
    reading: '/proc/ (with --user)',
    parse: ({ proc }): readonly string[] =>
      (proc ?? []).filter((name) => /^\d+\/$/.test(name)).map((name) => name.slice(0, -1)),
  })
}

export const sessionGroups: Fact<SessionGroups | null> = defineFact({
  name: 'sessionGroups',
  about: "The groups of the judged user's present session; null where none can be seen.",
  needs: { meant, user: judgedUser, caller: callerSession, processes },
  parse: (_, { meant, user, caller, processes }): SessionGroups | null => {
    if (user.isSelf)
      return { groups: new Set([meant.identity.gid, ...meant.identity.groups]), where: 'this session' }
    if (user.from === 'sudo') return caller
    const [first] = processes
    if (!first) return null
    const groups = new Set(processes.flatMap(({ status }) => status.groups))
    const one = `process ${first.pid} (${first.status.name})`
    return {
      groups,
      where: processes.length === 1 ? one : `each of the ${processes.length} processes of ${user.name}`,
    }
  },
})
