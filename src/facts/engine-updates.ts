/** How one part of an engine is brought to a version. */
import {
  disruptive,
  type Fix,
  fix,
  installPackages,
  manual,
  manualFix,
  type PackageFamily,
  runCommand,
} from '../model/fix.ts'
import type { Part } from './engine-builds.ts'
import type { Packages } from './engine-packages.ts'

export const PART_NAMES: Readonly<Record<Part, string>> = {
  engine: 'engine',
  containerd: 'containerd',
  runc: 'runc',
  client: 'the docker command',
  compose: 'docker compose',
  buildx: 'docker buildx',
}
/** Docker's packages. @see https://docs.docker.com/engine/install/debian/#upgrade-docker-engine */
const PACKAGES: Readonly<Record<Part, string>> = {
  engine: 'docker-ce',
  containerd: 'containerd.io',
  runc: 'containerd.io',
  client: 'docker-ce-cli',
  compose: 'docker-compose-plugin',
  buildx: 'docker-buildx-plugin',
}
/** Their update restarts them. */
const RUNNING: ReadonlySet<Part> = new Set(['engine', 'containerd', 'runc'])

const major = (version: string): number => Number.parseInt(version, 10)

/** A new line of the engine may break what relies on the old one: that step is for a person to take. */
export function updatePart(
  part: Part,
  { from, to }: { readonly from: string; readonly to: string },
  packages: Packages | null,
  family: PackageFamily | null,
): Fix {
  const name = PACKAGES[part]
  const staysInLine = part !== 'engine' || major(from) === major(to)
  if (!family || !packages?.has(name) || !staysInLine)
    return manualFix(`Update ${PART_NAMES[part]} to ${to} or later, from where it was installed`)
  const steps = [
    ...(part === 'engine' ? [manual(stayIn(major(from), family))] : []),
    ...(family === 'apt' ? [runCommand(['apt-get', 'update'])] : []),
    installPackages(family, name),
  ]
  return RUNNING.has(part) ? disruptive(`Update ${name}`, ...steps) : fix(`Update ${name}`, ...steps)
}

const stayIn = (line: number, family: PackageFamily): string => {
  const versions =
    family === 'apt' ? 'apt-cache madison docker-ce' : `${family} list docker-ce --showduplicates`
  return `This installs the newest that the repository has. Where that is of a newer line than ${line}, and you want to stay: name a version (${versions}).`
}
