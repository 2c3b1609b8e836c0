/** How one part of an engine is brought to a version. */
import { disruptive, type Fix, fix, manualFix, type PackageFamily, updatePackage } from '../model/fix.ts'
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
  const line = part === 'engine' ? versionsOf(major(from), family) : undefined
  if (line === null) return manualFix(`Update ${name} to ${to} or later, within line ${major(from)}`)
  const update = updatePackage(family, name, line)
  return RUNNING.has(part) ? disruptive(`Update ${name}`, update) : fix(`Update ${name}`, update)
}

/** How the versions of one line begin in Docker's packages; null where its line cannot be asked for. @see https://docs.docker.com/engine/install/debian/#install-using-the-repository */
function versionsOf(line: number, family: PackageFamily): string | null {
  if (family === 'apt') return `5:${line}.`
  return family === 'dnf' || family === 'yum' ? `${line}.` : null
}
