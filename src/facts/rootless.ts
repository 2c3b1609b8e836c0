/** What an engine without root needs of the host and of its user. */
import { defineFact, type Fact, orAbsent } from '../model/fact.ts'
import { file, type StatSource, stat } from '../model/source.ts'
import { judgedUser } from './judged-user.ts'
import { programs } from './programs.ts'
import { parseSubordinate } from './userns-remap.ts'

const HELPERS = ['newuidmap', 'newgidmap'] as const
const SETUID = 0o4000

const helperPaths = programs(...HELPERS)

/** The helpers that are missing, and those that may not act as root; capabilities in place of the bit cannot be seen without a program. */
export const idMapHelpers: Fact<{
  readonly missing: readonly string[]
  readonly powerless: readonly string[]
}> = defineFact({
  name: 'idMapHelpers',
  about: 'newuidmap and newgidmap: those that are missing, and those without the setuid bit.',
  needs: { paths: helperPaths },
  reads: ({ paths }): Record<string, StatSource> =>
    Object.fromEntries([...paths.values()].flatMap((path) => (path ? [[path, stat(path)] as const] : []))),
  reading: 'stat of newuidmap and newgidmap',
  parse: (metas, { paths }) => ({
    missing: HELPERS.filter((name) => !paths.get(name)),
    powerless: Object.keys(metas).filter((path) => ((metas[path]?.mode ?? 0) & SETUID) === 0),
  }),
})

/** How many ids the judged user may hand on, in the smaller of the two files; 0 where it is in neither. */
export const subordinateIds: Fact<number> = defineFact({
  name: 'subordinateIds',
  about: 'The ids that /etc/subuid and /etc/subgid give the judged user, the fewer of both.',
  needs: { user: judgedUser },
  reads: { uids: orAbsent(file('/etc/subuid')), gids: orAbsent(file('/etc/subgid')) },
  parse: ({ uids, gids }, { user }) => {
    const mine = (text: string | null): number =>
      parseSubordinate(text ?? '')
        .filter(({ owner }) => owner === user.name || owner === String(user.uid))
        .reduce((sum, { count }) => sum + count, 0)
    return Math.min(mine(uids), mine(gids))
  },
})
