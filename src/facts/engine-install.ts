/** How an engine is installed, and put right, by distribution. */
import { installPackages, manual, type PackageFamily, runCommand, type Step, service } from '../model/fix.ts'
import type { Packages } from './engine-packages.ts'
import type { OsRelease } from './os-release.ts'
import type { ServiceManager } from './service-manager.ts'

/** @see https://docs.docker.com/engine/install/ */
const DOCKER_CE = [
  'docker-ce',
  'docker-ce-cli',
  'containerd.io',
  'docker-buildx-plugin',
  'docker-compose-plugin',
]
const REPOSITORY = '/etc/yum.repos.d/docker-ce.repo'

/** Distributions that package an engine themselves, by ID; the others by package manager. */
const OWN_PACKAGE: Readonly<Record<string, string>> = {
  fedora: 'moby-engine',
  amzn: 'docker',
  openeuler: 'docker-engine',
  euleros: 'docker-engine',
}
const BY_FAMILY: Readonly<Partial<Record<PackageFamily, string>>> = {
  apt: 'docker.io',
  zypper: 'docker',
  apk: 'docker',
  pacman: 'docker',
}
/** Rebuilds that Docker's rpm repository serves by their release number. */
const LIKE_RHEL: ReadonlySet<string> = new Set([
  'rhel',
  'centos',
  'rocky',
  'almalinux',
  'ol',
  'cloudlinux',
  'eurolinux',
])

/** The steps that install an engine from where this distribution gets it, enable it and start it. */
export function installEngine(
  family: PackageFamily | null,
  os: OsRelease | null,
  services: ServiceManager,
): Step[] {
  const own = OWN_PACKAGE[os?.id ?? ''] ?? (family ? BY_FAMILY[family] : undefined)
  if (family && own) return [installPackages(family, own), ...startAtBoot(services)]
  if ((family === 'dnf' || family === 'yum') && os && LIKE_RHEL.has(os.id))
    return [...addRepository(family, os.id), installPackages(family, ...DOCKER_CE), ...startAtBoot(services)]
  return [manual('Install the engine as https://docs.docker.com/engine/install/ says for this distribution.')]
}

function addRepository(family: 'dnf' | 'yum', id: string): Step[] {
  const url = `https://download.docker.com/linux/${id === 'rhel' ? 'rhel' : 'centos'}/docker-ce.repo`
  const options = { unless: ['test', '-e', REPOSITORY], undo: ['rm', '-f', '--', REPOSITORY] } as const
  return family === 'dnf'
    ? [
        installPackages('dnf', 'dnf-plugins-core'),
        runCommand(['dnf', 'config-manager', '--add-repo', url], options),
      ]
    : [installPackages('yum', 'yum-utils'), runCommand(['yum-config-manager', '--add-repo', url], options)]
}

export function startAtBoot({ kind }: ServiceManager): Step[] {
  const atBoot = kind === 'systemd' || kind === 'openrc' ? [service('docker', 'enable')] : []
  return [...atBoot, service('docker', 'start')]
}

/** Packages that bring a part of the engine, of which the installed one is meant. */
const OWNERS: Readonly<Record<string, readonly string[]>> = {
  containerd: ['containerd.io', 'containerd', 'moby-containerd', 'docker-engine', 'docker'],
  runc: ['containerd.io', 'runc', 'moby-runc', 'docker-runc', 'docker-engine'],
  'containerd-shim-runc-v2': ['containerd.io', 'containerd', 'moby-containerd', 'docker-engine', 'docker'],
  docker: [
    'docker-ce-cli',
    'docker-cli',
    'moby-cli',
    'docker.io',
    'docker-client',
    'docker-engine',
    'moby-engine',
    'docker',
  ],
}
const ENGINE = ['docker-ce', 'docker.io', 'moby-engine', 'docker-engine', 'docker']

const REINSTALL: Readonly<Record<PackageFamily, readonly [string, ...string[]]>> = {
  apt: ['apt-get', 'install', '--reinstall', '-y'],
  dnf: ['dnf', 'reinstall', '-y'],
  yum: ['yum', 'reinstall', '-y'],
  zypper: ['zypper', '--non-interactive', 'install', '--force'],
  apk: ['apk', 'fix', '--reinstall'],
  pacman: ['pacman', '-S', '--noconfirm'],
}

/** These say their version, and so that they run at all. */
const TELL_VERSION: ReadonlySet<string> = new Set([
  'docker',
  'dockerd',
  'containerd',
  'runc',
  'docker-init',
  'iptables',
])

/** Where packages put programs. */
const PROGRAM_FOLDERS = ['/usr/bin', '/usr/sbin'] as const

/** Installs a package that is there once more, because a program of it is gone or does not run. Taken back, the program is as it was. */
export const installAnew = (family: PackageFamily, name: string, program: string): Step =>
  runCommand([...REINSTALL[family], name], {
    changes: PROGRAM_FOLDERS.map((folder) => `${folder}/${program}`),
    unless: TELL_VERSION.has(program)
      ? [program, '--version']
      : ['sh', '-c', 'command -v "$1"', 'sh', program],
  })

const UNIT_FILES = ['/usr/lib', '/lib'].flatMap((lib) =>
  ['docker.service', 'docker.socket'].map((unit) => `${lib}/systemd/system/${unit}`),
)

/** Brings back the engine's unit: from the package of the engine, if it can be told. */
export function restoreUnit(family: PackageFamily | null, packages: Packages): Step {
  const engine = ENGINE.find((candidate) => packages.has(candidate))
  return family && engine
    ? runCommand([...REINSTALL[family], engine], {
        changes: UNIT_FILES,
        unless: ['systemctl', 'cat', 'docker.service'],
      })
    : manual('Install dockerd from where it came from: that brings docker.service.')
}

/** Debian 13 and Ubuntu 24.10 keep the client apart from docker.io; with docker-ce it always was. */
const CLIENT_OF: Readonly<Record<string, string>> = {
  'docker-ce': 'docker-ce-cli',
  'docker.io': 'docker-cli',
}

/** Brings back one program of the engine: from the package that owns it, if it can be told. */
export function restoreProgram(name: string, family: PackageFamily | null, packages: Packages): Step {
  const owners = OWNERS[name] ?? ENGINE
  const owner = owners.find((candidate) => packages.has(candidate))
  if (family && owner) return installAnew(family, owner, name)
  const engine = ENGINE.find((candidate) => packages.has(candidate))
  const client = name === 'docker' && engine ? CLIENT_OF[engine] : undefined
  return family && client
    ? installPackages(family, client)
    : manual(`Install ${name} from where dockerd came from.`)
}
