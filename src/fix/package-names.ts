/** Packages as their manager is asked for them. */
import type { PackageFamily, PackageStep } from '../model/fix.ts'

type Commands = Readonly<Record<PackageFamily, readonly [string, ...string[]]>>

export const INSTALL: Commands = {
  apt: ['apt-get', 'install', '-y'],
  dnf: ['dnf', 'install', '-y'],
  yum: ['yum', 'install', '-y'],
  zypper: ['zypper', '--non-interactive', 'install'],
  apk: ['apk', 'add', '--update-cache'],
  pacman: ['pacman', '-S', '--needed', '--noconfirm'],
}
/**
 * What is named, and nothing else: dnf would take along what only that needed, such as podman with podman-docker. Never purged: Debian's docker.io
 * would take all images and volumes with it, and others the configuration that was there before them.
 */
export const REMOVE: Commands = {
  apt: ['apt-get', 'remove', '-y'],
  dnf: ['dnf', 'remove', '-y', '--setopt=clean_requirements_on_remove=False'],
  yum: ['yum', 'remove', '-y', '--setopt=clean_requirements_on_remove=0'],
  zypper: ['zypper', '--non-interactive', 'remove'],
  apk: ['apk', 'del'],
  pacman: ['pacman', '-R', '--noconfirm'],
}

/** With the versions that are meant. Only apt and the managers of rpm packages are asked for versions. @see https://manpages.debian.org/apt-get.8 @see https://dnf.readthedocs.io/en/latest/command_ref.html#specifying-packages */
export const packageNames = ({
  manager,
  packages,
  within,
}: Pick<PackageStep, 'manager' | 'packages' | 'within'>): readonly string[] =>
  packages.map((name) => (within ? `${name}${manager === 'apt' ? '=' : '-'}${within}*` : name))

/** What else the manager is told where an installed package is to be updated: apk would leave it as it is. */
export const updateOptions = ({
  manager,
  refresh,
}: Pick<PackageStep, 'manager' | 'refresh'>): readonly string[] =>
  refresh && manager === 'apk' ? ['--upgrade'] : []
