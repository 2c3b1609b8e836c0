/** What an engine without root needs of the host and of its user. */
import { type AsReading, asReading, defineFact, type Fact, orAbsent } from '../model/fact.ts'
import { directory, file, type StatSource, stat } from '../model/source.ts'
import { judgedUser } from './judged-user.ts'
import { program, programs } from './programs.ts'
import { serviceManager } from './service-manager.ts'
import { sysctl } from './sysctl.ts'
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

const PROFILES = '/etc/apparmor.d'

const rootlesskit: Fact<string | null> = defineFact({
  name: 'rootlesskit',
  about: "Where rootlesskit lies, for all or in the judged user's bin; null where it is not installed.",
  needs: { path: program('rootlesskit'), user: judgedUser },
  reads: ({ path, user }): Record<string, AsReading<StatSource>> =>
    path === null && user.home !== '' ? { own: asReading(stat(`${user.home}/bin/rootlesskit`)) } : {},
  reading: 'rootlesskit in the usual folders, else in ~/bin',
  parse: ({ own }, { path, user }) => path ?? (own?.state === 'ok' ? `${user.home}/bin/rootlesskit` : null),
})

/** The file that gives a program a profile is named by its path. @see https://docs.docker.com/engine/security/rootless/#distribution-specific-hint */
const profileOf = (path: string): string => path.slice(1).replaceAll('/', '.')

export interface BarredProgram {
  readonly path: string
  /** The file that would allow it. */
  readonly profile: string
}

/** rootlesskit, where AppArmor lets only programs with a profile make user namespaces and it has none; null where all is well. */
export const barredRootlesskit: Fact<BarredProgram | null> = defineFact({
  name: 'barredRootlesskit',
  about: 'rootlesskit, where AppArmor keeps it from making user namespaces; null where nothing does.',
  needs: { path: rootlesskit, restricted: sysctl('kernel.apparmor_restrict_unprivileged_userns') },
  reads: { profiles: orAbsent(directory(PROFILES)) },
  parse: ({ profiles }, { path, restricted }): BarredProgram | null => {
    if (restricted !== '1' || path === null) return null
    const own = profileOf(path)
    // Ubuntu's own profile is for the packaged program.
    const allows = (name: string): boolean =>
      name === 'rootlesskit' ? path === '/usr/bin/rootlesskit' : name.includes('rootlesskit')
    return (profiles ?? []).some(allows) ? null : { path, profile: `${PROFILES}/${own}` }
  },
})

/** Whether systemd keeps the judged user's services running without a session; null where it is not in charge. */
export const lingers: Fact<boolean | null> = defineFact({
  name: 'lingers',
  about: "Whether the judged user's services outlive their sessions; null without systemd.",
  needs: { user: judgedUser, services: serviceManager },
  reads: { users: orAbsent(directory('/var/lib/systemd/linger')) },
  parse: ({ users }, { user, services }) =>
    services.kind === 'systemd' ? (users ?? []).includes(user.name) : null,
})
