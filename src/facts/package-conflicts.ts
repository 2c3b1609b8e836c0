/** Packages that bring a second engine, or stand in the way of the one that is to be installed. */
import { defineFact, type Fact } from '../model/fact.ts'
import { dockerSnap, enginePackages } from './engine-packages.ts'
import { packageFamily } from './package-manager.ts'

/** Packages of which each brings an engine of its own. @see https://docs.docker.com/engine/install/debian/#uninstall-old-versions */
const ENGINES = [
  'docker-ce',
  'docker.io',
  'moby-engine',
  'docker-engine',
  'docker-latest',
  'docker-current',
] as const
/** An engine by this name in rpm, Alpine and Arch; a desktop's dock in Debian. */
const ENGINE_BUT_FOR_APT = 'docker'

/** Packages that Docker's own cannot be installed beside. @see https://docs.docker.com/engine/install/rhel/#uninstall-old-versions */
const IN_THE_WAY = [
  'podman-docker',
  'docker-client',
  'docker-client-latest',
  'docker-common',
  'docker-logrotate',
  'docker-selinux',
] as const

export interface PackageConflicts {
  /** Installed engines, from packages and from the snap. */
  readonly engines: readonly string[]
  /** podman's stand-in for the docker command is installed. */
  readonly hasStandIn: boolean
  /** Installed packages that keep docker-ce from being installed. */
  readonly inTheWay: readonly string[]
}

export const packageConflicts: Fact<PackageConflicts> = defineFact({
  name: 'packageConflicts',
  about: 'Engines that are installed beside each other, and packages in the way of one.',
  needs: { packages: enginePackages, snap: dockerSnap, family: packageFamily },
  parse: (_, { packages, snap, family }): PackageConflicts => {
    const named = ENGINES.filter((name) => packages.has(name))
    // moby-engine and docker-engine may themselves come with a package of the plain name.
    const plain =
      family !== 'apt' && named.length === 0 && packages.has(ENGINE_BUT_FOR_APT) ? [ENGINE_BUT_FOR_APT] : []
    return {
      engines: [...named, ...plain, ...(snap ? ['the docker snap'] : [])],
      hasStandIn: packages.has('podman-docker'),
      inTheWay: IN_THE_WAY.filter((name) => packages.has(name)),
    }
  },
})
