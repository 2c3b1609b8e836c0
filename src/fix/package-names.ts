/** Packages as their manager is asked for them. */
import type { PackageStep } from '../model/fix.ts'

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
