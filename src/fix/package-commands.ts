/** What package managers are asked to do, in their words. */
import type { PackageFamily, PackageStep } from '../model/fix.ts'

type Argv = readonly [string, ...string[]]
type Commands = Readonly<Record<PackageFamily, Argv>>

export interface PackageCommand {
  readonly argv: Argv
  /** Exit statuses besides 0 with which it has done its work. */
  readonly alsoDone: readonly number[]
}

const INSTALL: Commands = {
  apt: ['apt-get', 'install', '-y'],
  dnf: ['dnf', 'install', '-y'],
  yum: ['yum', 'install', '-y'],
  zypper: ['zypper', '--non-interactive', 'install'],
  apk: ['apk', 'add', '--update-cache'],
  pacman: ['pacman', '-S', '--needed', '--noconfirm'],
}
/** Of a package that is installed: dnf without `best`, and apk, would leave it as it is; yum takes versions only so. */
const UPDATE: Commands = {
  ...INSTALL,
  dnf: ['dnf', 'upgrade', '-y', '--refresh'],
  apk: [...INSTALL.apk, '--upgrade'],
}
/**
 * What is named, and nothing else: dnf would take along what only that needed, such as podman with podman-docker. Never purged: Debian's docker.io
 * would take all images and volumes with it, and others the configuration that was there before them.
 */
const REMOVE: Commands = {
  apt: ['apt-get', 'remove', '-y'],
  dnf: ['dnf', 'remove', '-y', '--setopt=clean_requirements_on_remove=False'],
  yum: ['yum', 'remove', '-y', '--setopt=clean_requirements_on_remove=0'],
  zypper: ['zypper', '--non-interactive', 'remove'],
  apk: ['apk', 'del'],
  pacman: ['pacman', '-R', '--noconfirm'],
}

/**
 * Fetches the lists of the repositories, or has the next command do so: rpm's managers keep theirs for hours or days, zypper for ever where a repository
 * does not refresh itself. dnf and apk do it on the way; pacman's are for a person to fetch, as an update of one package alone breaks others.
 * zypper ends with 4 where one of several repositories could not be reached.
 */
const FETCH: Readonly<Partial<Record<PackageFamily, PackageCommand>>> = {
  apt: { argv: ['apt-get', 'update'], alsoDone: [] },
  yum: { argv: ['yum', 'clean', 'expire-cache'], alsoDone: [] },
  zypper: { argv: ['zypper', '--non-interactive', 'refresh'], alsoDone: [4] },
}

/**
 * zypper says so what it left out or what is to follow: a restart (102, 103), a repository that could not be reached (106), a package's own script that
 * failed (107). @see https://manpages.opensuse.org/zypper.8
 */
const ALSO_DONE: Readonly<Partial<Record<PackageFamily, readonly number[]>>> = {
  zypper: [102, 103, 106, 107],
}

type What = Pick<PackageStep, 'action' | 'manager' | 'packages' | 'refresh' | 'within'>

/** @param options of the program, before the names */
export function packageCommand(step: What, options: readonly string[] = []): PackageCommand {
  const { action, manager, refresh } = step
  const argv = (action === 'remove' ? REMOVE : refresh ? UPDATE : INSTALL)[manager]
  return { argv: [...argv, ...options, ...packageNames(step)], alsoDone: ALSO_DONE[manager] ?? [] }
}

/** What comes before it; null where nothing has to. */
export const fetchCommand = ({
  manager,
  refresh,
}: Pick<What, 'manager' | 'refresh'>): PackageCommand | null => (refresh && FETCH[manager]) || null

/** With the versions that are meant. Only apt, dnf and yum are asked for versions. @see https://manpages.debian.org/apt-get.8 @see https://dnf.readthedocs.io/en/latest/command_ref.html#specifying-packages */
export const packageNames = ({
  manager,
  packages,
  within,
}: Pick<What, 'manager' | 'packages' | 'within'>): readonly string[] =>
  packages.map((name) => (within ? `${name}${manager === 'apt' ? '=' : '-'}${within}*` : name))
