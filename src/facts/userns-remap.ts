/** What `userns-remap` of daemon.json asks for, and what /etc/subuid and /etc/subgid give. */
import { defineFact, type Fact, type OrAbsent, orAbsent } from '../model/fact.ts'
import { type FileSource, file } from '../model/source.ts'
import { accounts } from './accounts.ts'
import { daemonSettings } from './daemon-config.ts'
import { textOf } from './json.ts'

export interface SubordinateRange {
  readonly owner: string
  readonly start: number
  readonly count: number
}

/** Parses /etc/subuid or /etc/subgid. Never throws. @see https://man7.org/linux/man-pages/man5/subuid.5.html */
export const parseSubordinate = (text: string): SubordinateRange[] =>
  text.split('\n').flatMap((line) => {
    const [, owner, start, count] = /^\s*([^:#\s]+):(\d{1,10}):(\d{1,10})\s*$/.exec(line) ?? []
    return owner ? [{ owner, start: Number(start), count: Number(count) }] : []
  })

export interface UsernsRemap {
  /** As it is written, e.g. `default`, `ann`, `ann:staff`, `1000:1000`. */
  readonly setting: string
  /** `dockremap` for `default`. */
  readonly user: string
  readonly group: string
  /** dockerd makes user, group and ranges of `default` itself. */
  readonly isDefault: boolean
  /** null where a directory service may know them. */
  readonly userExists: boolean | null
  readonly groupExists: boolean | null
  /** Ids in all that the files give them. */
  readonly uids: number
  readonly gids: number
  /** The first id beyond every range of the file: where a new range may begin. */
  readonly freeUid: number
  readonly freeGid: number
}

/** Where useradd begins by default. @see https://man7.org/linux/man-pages/man5/login.defs.5.html */
const SUB_ID_MIN = 100_000

export const firstFree = (text: string | null | undefined): number =>
  Math.max(SUB_ID_MIN, ...parseSubordinate(text ?? '').map(({ start, count }) => start + count))

const setting: Fact<string> = defineFact({
  name: 'usernsRemapSetting',
  about: "daemon.json's userns-remap, or the flag; empty where it is not set.",
  needs: { settings: daemonSettings },
  parse: (_, { settings }) => textOf(settings.get('userns-remap')).trim(),
})

/** @see https://docs.docker.com/engine/security/userns-remap/ */
export const usernsRemap: Fact<UsernsRemap | null> = defineFact({
  name: 'usernsRemap',
  about:
    'The user and group whose subordinate ids containers get, and how many they have; null where none are asked for.',
  needs: { setting, accounts },
  reads: ({ setting }): Record<string, OrAbsent<FileSource>> =>
    setting === '' ? {} : { uids: orAbsent(file('/etc/subuid')), gids: orAbsent(file('/etc/subgid')) },
  reading: '/etc/subuid and /etc/subgid (where userns-remap is set)',
  parse: ({ uids, gids }, { setting, accounts }): UsernsRemap | null => {
    if (setting === '') return null
    const isDefault = setting === 'default'
    const [first = '', second = first] = isDefault ? ['dockremap', 'dockremap'] : setting.split(':')
    const user = accounts.users.find(({ name, uid }) => name === first || String(uid) === first)
    const group = accounts.groups.find(({ name, gid }) => name === second || String(gid) === second)
    const otherwise = accounts.beyondFiles ? null : false
    const total = (
      text: string | null | undefined,
      ...owners: readonly (string | number | undefined)[]
    ): number =>
      parseSubordinate(text ?? '')
        .filter(({ owner }) => owners.some((one) => String(one) === owner))
        .reduce((sum, { count }) => sum + count, 0)
    return {
      setting,
      user: user?.name ?? first,
      group: group?.name ?? second,
      isDefault,
      userExists: user ? true : otherwise,
      groupExists: group ? true : otherwise,
      uids: total(uids, user?.name ?? first, user?.uid),
      gids: total(gids, group?.name ?? second, group?.gid),
      freeUid: firstFree(uids),
      freeGid: firstFree(gids),
    }
  },
})
