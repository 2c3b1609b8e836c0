/** The versions of the engine and its parts, and who built them: only an upstream build's version tells what is fixed in it. */
import { defineFact, type Fact, maybe } from '../model/fact.ts'
import { runningEngine } from './engine.ts'
import { type Trial, trial } from './engine-binaries.ts'
import { enginePackages, type Packages } from './engine-packages.ts'
import { engineVersion } from './engine-version.ts'

export const PARTS = ['engine', 'containerd', 'runc', 'client', 'compose', 'buildx'] as const
export type Part = (typeof PARTS)[number]

export interface Build {
  /** As it says it, without epoch or package revision. */
  readonly version: string
  /** Built by Docker or the project itself. Distributions fix holes and bugs under the old number: theirs tells nothing. */
  readonly upstream: boolean
}
export type Builds = ReadonlyMap<Part, Build>

/** What Docker's packages and static binaries call themselves. @see https://github.com/docker/docker-ce-packaging */
const DOCKERS = 'Docker Engine - Community'
/** Docker's package that brings containerd and runc. */
const CONTAINERD_IO = 'containerd.io'
/** Packages of distributions that bring either. */
const THEIRS = ['containerd', 'runc', 'moby-containerd', 'moby-runc', 'docker-runc', 'docker-engine']
/** Docker's packages that are versioned like what they bring. */
const PACKAGE_OF: Readonly<Partial<Record<Part, string>>> = {
  client: 'docker-ce-cli',
  compose: 'docker-compose-plugin',
  buildx: 'docker-buildx-plugin',
}
/** A release as the projects number them; `+dev`, `+dfsg1` or a commit's hash is something else. */
const RELEASE = /^v?(\d+\.\d+\.\d+(?:-(?:alpha|beta|rc)[.-]?\d+)?)(?:-ce)?$/
const PACKAGED = /^(?:\d+:)?(\d+\.\d+\.\d+)/

export const engineBuilds: Fact<Builds> = defineFact({
  name: 'engineBuilds',
  about:
    'The versions of the engine and its parts, as far as they are known, and whether they are upstream builds.',
  needs: {
    version: engineVersion,
    running: maybe(runningEngine),
    packages: maybe(enginePackages),
    containerd: maybe(trial('containerd')),
    runc: maybe(trial('runc')),
  },
  parse: (_, { version, running, packages, containerd, runc }): Builds => {
    const installed: Packages | null = packages.known ? packages.value : null
    const platform = (running.known && running.value?.version.platform) || ''
    const isDockers = platform === DOCKERS || installed?.has('docker-ce') === true
    const theirs = !installed || THEIRS.some((name) => installed.has(name))
    const isPlain = installed?.has(CONTAINERD_IO) === true || (isDockers && !theirs)
    const found: readonly (readonly [Part, string | null, boolean])[] = [
      ['engine', version, isDockers],
      ['containerd', containerd.known ? versionOf('containerd', containerd.value) : null, isPlain],
      ['runc', runc.known ? versionOf('runc', runc.value) : null, isPlain],
      ...Object.entries(PACKAGE_OF).map(
        ([part, name]) =>
          [part as Part, PACKAGED.exec(installed?.get(name) ?? '')?.[1] ?? null, true] as const,
      ),
    ]
    return new Map(
      found.flatMap(([part, said, upstream]) => {
        if (said === null) return []
        const release = RELEASE.exec(said)?.[1]
        return [[part, { version: release ?? said, upstream: upstream && release !== undefined }] as const]
      }),
    )
  },
})

/** From `runc version 1.1.12`, `containerd containerd.io 1.7.27 05044ec`, `containerd github.com/containerd/containerd v2.1.5 fcd43`. */
function versionOf(name: string, tried: Trial): string | null {
  if (tried.state !== 'runs') return null
  const [first = ''] = tried.says.split('\n')
  return first.startsWith(`${name} `) ? (/\sv?(\d+\.\d+\.\d+\S*)/.exec(first)?.[1] ?? null) : null
}
