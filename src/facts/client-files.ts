/** Whether the client's folder and its config.json are the judged user's own. */
import { defineFact, type Fact, maybe } from '../model/fact.ts'
import { clientConfig, clientFolder } from './client-endpoint.ts'
import { recordOf, textOf } from './json.ts'
import { databaseGroups, judgedUser } from './judged-user.ts'
import { isReachable, may, PASS, READ, type Stats, seen, WRITE, withFoldersAbove } from './permissions.ts'

export interface ClientFiles {
  readonly folder: string
  /** What the user may not read, and the id that it belongs to. */
  readonly denied: { readonly path: string; readonly uid: number } | null
  /** The user may read the folder, and write nothing into it. */
  readonly readOnlyOf: number | null
  /** Of the folder and config.json those that belong to somebody else. */
  readonly foreign: readonly string[]
  /** A config.json with logins that every local user can read, and its mode. */
  readonly openLogins: { readonly path: string; readonly mode: number } | null
}

/** The user's own folder alone: after su, HOME may still be somebody else's. Root may read everything. */
const ownFolder: Fact<string | null> = defineFact({
  name: 'ownClientFolder',
  about: "The client's folder where it lies in the judged user's own home; null for root.",
  needs: { folder: clientFolder, user: judgedUser },
  parse: (_, { folder, user }): string | null =>
    folder && user.home.length > 1 && folder.startsWith(`${user.home}/`) ? folder : null,
})

export const clientFiles: Fact<ClientFiles | null> = defineFact({
  name: 'clientFiles',
  about: "Whether the judged user can use the client's folder, and others can read the logins in it.",
  needs: { folder: ownFolder, user: judgedUser, groups: databaseGroups, config: maybe(clientConfig) },
  reads: ({ folder }): Stats => (folder ? withFoldersAbove([`${folder}/config.json`]) : {}),
  reading: '~/.docker, config.json in it, and the folders above',
  parse: (readings, { folder, user, groups, config }): ClientFiles | null => {
    const home = folder && seen(folder, readings[folder])
    if (!folder || !home) return null
    const path = `${folder}/config.json`
    const file = seen(path, readings[path])
    const lacks = (stat: typeof file, bits: number): boolean =>
      stat !== null && !may(stat, user.uid, groups, bits)
    const closed = lacks(home, PASS) ? { path: folder, uid: home.uid } : null
    const unreadable = file && lacks(file, READ) ? { path, uid: file.uid } : null
    const logins = Object.values(recordOf(config.known ? config.value?.value.auths : null)).map(recordOf)
    const hasLogins = logins.some((login) => textOf(login.auth) || textOf(login.identitytoken))
    const isOpen = file !== null && (file.mode & READ) !== 0 && isReachable(path, readings)
    return {
      folder,
      denied: closed ?? unreadable,
      readOnlyOf: lacks(home, WRITE | PASS) ? home.uid : null,
      foreign: [
        ...(home.uid === user.uid ? [] : [folder]),
        ...(file === null || file.uid === user.uid ? [] : [path]),
      ],
      openLogins: file && isOpen && hasLogins ? { path, mode: file.mode } : null,
    }
  },
})
