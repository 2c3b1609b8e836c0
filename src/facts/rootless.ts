/** What an engine without root needs of the host and of its user. */
import { type AsReading, asReading, defineFact, type Fact, orAbsent } from '../model/fact.ts'
import {
  type CommandSource,
  command,
  directory,
  environment,
  type FileSource,
  file,
  type StatSource,
  stat,
} from '../model/source.ts'
import { outputOf } from './accounts.ts'
import { cgroups } from './cgroups.ts'
import { judgedUser } from './judged-user.ts'
import { atLeast, type Kernel, kernel } from './kernel-release.ts'
import { program, programs } from './programs.ts'
import { serviceManager } from './service-manager.ts'
import { firstFree, parseSubordinate } from './userns-remap.ts'

const HELPERS = ['newuidmap', 'newgidmap'] as const
export const SETUID = 0o4000

const helperPaths = programs(...HELPERS)

const lackingBit: Fact<ReadonlyMap<string, number>> = defineFact({
  name: 'helpersWithoutSetuid',
  about: 'The paths of newuidmap and newgidmap, where they have no setuid bit, and their modes.',
  needs: { paths: helperPaths },
  reads: ({ paths }): Record<string, StatSource> =>
    Object.fromEntries([...paths.values()].flatMap((path) => (path ? [[path, stat(path)] as const] : []))),
  reading: 'stat of newuidmap and newgidmap',
  parse: (metas): ReadonlyMap<string, number> =>
    new Map(Object.entries(metas).flatMap(([path, { mode }]) => (mode & SETUID ? [] : [[path, mode]]))),
})

export interface Helper {
  readonly path: string
  readonly mode: number
}
export interface IdMapHelpers {
  readonly missing: readonly string[]
  /** Those that have neither the setuid bit nor the capability in its place. */
  readonly powerless: readonly Helper[]
  /** Those without the bit, where nothing tells of capabilities. */
  readonly unsure: readonly Helper[]
}

/** Fedora and its kin give capabilities instead of the bit; only a program can see them, and is asked only where the bit is missing. */
export const idMapHelpers: Fact<IdMapHelpers> = defineFact({
  name: 'idMapHelpers',
  about: 'newuidmap and newgidmap: those that are missing, and those that may not map ids.',
  needs: { paths: helperPaths, lackingBit },
  reads: ({ lackingBit }): Record<string, AsReading<CommandSource>> =>
    Object.fromEntries([...lackingBit.keys()].map((path) => [path, asReading(command(['getcap', path]))])),
  reading: '$ getcap of newuidmap and newgidmap (where they have no setuid bit)',
  parse: (capabilities, { paths, lackingBit }): IdMapHelpers => {
    const lacking = [...lackingBit].map(([path, mode]) => ({ path, mode }))
    const told = lacking.filter(({ path }) => capabilities[path]?.state === 'ok')
    return {
      missing: HELPERS.filter((name) => !paths.get(name)),
      powerless: told.filter(({ path }) => !/\bcap_set[ug]id\b/.test(outputOf(capabilities[path]))),
      unsure: lacking.filter((one) => !told.includes(one)),
    }
  },
})

/** Ids that the judged user may hand on. */
export interface SubordinateIds {
  /** How many /etc/subuid gives; 0 where the user is not in it. */
  readonly uids: number
  readonly gids: number
  /** The first id beyond every range of the file. */
  readonly freeUid: number
  readonly freeGid: number
}

export const subordinateIds: Fact<SubordinateIds> = defineFact({
  name: 'subordinateIds',
  about: 'The ids that /etc/subuid and /etc/subgid give the judged user, and where a new range may begin.',
  needs: { user: judgedUser },
  reads: { uids: orAbsent(file('/etc/subuid')), gids: orAbsent(file('/etc/subgid')) },
  parse: ({ uids, gids }, { user }) => {
    const mine = (text: string | null): number =>
      parseSubordinate(text ?? '')
        .filter(({ owner }) => owner === user.name || owner === String(user.uid))
        .reduce((sum, { count }) => sum + count, 0)
    return { uids: mine(uids), gids: mine(gids), freeUid: firstFree(uids), freeGid: firstFree(gids) }
  },
})

/** https://docs.docker.com/engine/security/rootless/#distribution-specific-hint; RHEL 8.5 (build 348) has it, Ubuntu and Debian always had. */
const ROOTLESS_OVERLAY = [5, 11] as const
const ROOTLESS_RHEL8_BUILD = 348

export const hasRootlessOverlay = (kernel: Kernel): boolean =>
  atLeast(kernel, ...ROOTLESS_OVERLAY) ||
  kernel.vendor === 'ubuntu' ||
  kernel.vendor === 'debian' ||
  (kernel.enterprise === 8 && (kernel.build ?? 0) >= ROOTLESS_RHEL8_BUILD)

/** The release of a kernel without overlay for ordinary users, where fuse-overlayfs does not stand in for it; null where all is well. */
export const overlayLacking: Fact<string | null> = defineFact({
  name: 'rootlessOverlayLacking',
  about:
    'The kernel release, where neither it nor fuse-overlayfs gives ordinary users an overlay; else null.',
  needs: { kernel, fuse: program('fuse-overlayfs') },
  parse: (_, { kernel, fuse }): string | null =>
    kernel && !hasRootlessOverlay(kernel) && fuse === null ? kernel.release : null,
})

/** rootlesskit where the packages put it, else where the set-up script for one user does. */
const rootlessKit: Fact<string | null> = defineFact({
  name: 'rootlessKit',
  about: 'Where rootlesskit lies, which makes the user namespace; null where it is not installed.',
  needs: { installed: program('rootlesskit'), user: judgedUser },
  reads: ({ user }): Record<string, AsReading<StatSource>> =>
    user.home.length > 1 ? { own: asReading(stat(`${user.home}/bin/rootlesskit`)) } : {},
  reading: '~/bin/rootlesskit',
  parse: ({ own }, { installed, user }): string | null =>
    installed ?? (own?.state === 'ok' ? `${user.home}/bin/rootlesskit` : null),
})

const PROFILES = '/etc/apparmor.d'

/** Since Ubuntu 23.10 a program needs a profile to make user namespaces. @see https://docs.docker.com/engine/security/rootless/ */
const kitProfiles: Fact<readonly string[] | null> = defineFact({
  name: 'rootlessKitProfiles',
  about: 'AppArmor profiles named for rootlesskit; null where user namespaces need no profile.',
  reads: {
    restricted: orAbsent(file('/proc/sys/kernel/apparmor_restrict_unprivileged_userns')),
    names: orAbsent(directory(PROFILES)),
  },
  parse: ({ restricted, names }): readonly string[] | null =>
    restricted?.trim() === '1'
      ? (names ?? []).filter((name) => /rootlesskit$/.test(name)).map((name) => `${PROFILES}/${name}`)
      : null,
})

/** The rootlesskit that AppArmor keeps from making user namespaces; null where it may, or is not installed. */
export const restrictedKit: Fact<string | null> = defineFact({
  name: 'restrictedRootlessKit',
  about: 'The path of the rootlesskit that no AppArmor profile allows user namespaces; else null.',
  needs: { kit: rootlessKit, profiles: kitProfiles },
  reads: ({ kit, profiles }): Record<string, AsReading<FileSource>> =>
    kit && profiles ? Object.fromEntries(profiles.map((path) => [path, asReading(file(path))])) : {},
  reading: `the profiles of ${PROFILES} that are named for rootlesskit`,
  parse: (texts, { kit, profiles }): string | null => {
    if (!kit || !profiles) return null
    const names = (text: string): boolean => text.includes(kit) || /[*@][^\n]*rootlesskit/.test(text)
    // A profile that may not be read could be the one.
    const isAllowed = Object.values(texts).some((text) => text.state !== 'ok' || names(text.value))
    return isAllowed ? null : kit
  },
})

export interface UserSession {
  /** systemd starts the user's services. */
  readonly systemd: boolean
  /** Why this session has no folder for its runtime files; null where it has one, or it is not the user's own session. */
  readonly noRuntimeFolder: string | null
  /** The engine's socket of this user. */
  readonly socket: string
  readonly socketExists: boolean
  readonly lingers: boolean
  /** Controllers that systemd hands on to the user; null where the user has no service manager now, or under cgroup v1. */
  readonly delegated: readonly string[] | null
  readonly limits: 'v2' | 'none'
}

export const userSession: Fact<UserSession> = defineFact({
  name: 'rootlessSession',
  about:
    "What the judged user's session gives an engine without root: runtime folder, lingering, controllers.",
  needs: { user: judgedUser, services: serviceManager, cgroups },
  reads: ({ user: { uid, name } }) => ({
    variable: orAbsent(environment('XDG_RUNTIME_DIR')),
    folder: asReading(stat(`/run/user/${uid}`)),
    socket: asReading(stat(`/run/user/${uid}/docker.sock`)),
    linger: asReading(stat(`/var/lib/systemd/linger/${name}`)),
    controllers: orAbsent(
      file(`/sys/fs/cgroup/user.slice/user-${uid}.slice/user@${uid}.service/cgroup.controllers`),
    ),
  }),
  reading: "XDG_RUNTIME_DIR, the judged user's folder in /run/user, linger file and cgroup.controllers",
  parse: ({ variable, folder, socket, linger, controllers }, { user, services, cgroups }): UserSession => {
    const path = `/run/user/${user.uid}`
    const lacks = variable ? null : 'XDG_RUNTIME_DIR is not set'
    const gone = folder.state === 'absent' ? `${path} does not exist` : null
    const isSystemd = services.kind === 'systemd'
    const isUnified = cgroups.mode === 'v2'
    return {
      systemd: isSystemd,
      noRuntimeFolder: isSystemd && user.isSelf ? (lacks ?? gone) : null,
      socket: `${path}/docker.sock`,
      socketExists: socket.state === 'ok' && socket.value.type === 'socket',
      lingers: linger.state === 'ok',
      delegated: isUnified ? (controllers?.split(/\s+/).filter(Boolean) ?? null) : null,
      limits: isUnified && isSystemd ? 'v2' : 'none',
    }
  },
})
