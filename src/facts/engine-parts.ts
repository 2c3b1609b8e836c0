/** What is wrong with the programs of an installed engine: missing, broken, foreign, there twice. */

import { defineFact, type Fact, maybe } from '../model/fact.ts'
import { daemonSettings } from './daemon-config.ts'
import { copies, dockerClient, helperCopies, trial } from './engine-binaries.ts'
import { engineVersion } from './engine-version.ts'
import { wordOf } from './json.ts'

export interface MissingProgram {
  readonly name: string
  /** What does not work without it. */
  readonly effect: string
  /** Containers start without it, in the usual ways. */
  readonly optional?: true
}

/** From here on the engine uses containerd's second shim only. @see https://docs.docker.com/engine/release-notes/20.10/ */
const FIRST_WITH_SHIM_V2 = 20
/** The socket of the packaged containerd, which the packaged unit names. */
const PACKAGED_CONTAINERD = '/run/containerd/containerd.sock'

/** Programs that this engine, as it is configured, needs and that are nowhere in its PATH. */
export const missingPrograms: Fact<readonly MissingProgram[]> = defineFact({
  name: 'missingPrograms',
  about: 'Programs that the engine needs, as it is configured, and that are not installed.',
  needs: {
    containerd: copies('containerd'),
    runc: copies('runc'),
    shim: copies('containerd-shim-runc-v2'),
    proxy: helperCopies('docker-proxy'),
    init: helperCopies('docker-init'),
    client: dockerClient,
    settings: maybe(daemonSettings),
    version: maybe(engineVersion),
  },
  parse: (
    _,
    { containerd, runc, shim, proxy, init, client, settings, version },
  ): readonly MissingProgram[] => {
    const get = (key: string): string => wordOf(settings.known ? settings.value.get(key) : undefined)
    const ownContainerd = ['', PACKAGED_CONTAINERD].includes(get('containerd'))
    const major = Number.parseInt((version.known && version.value) || '', 10)
    const needed: readonly (readonly [boolean, MissingProgram])[] = [
      [ownContainerd && containerd.length === 0, { name: 'containerd', effect: 'the engine cannot start' }],
      [
        ['', 'runc'].includes(get('default-runtime')) && runc.length === 0,
        { name: 'runc', effect: 'no container can start' },
      ],
      [
        ownContainerd && major >= FIRST_WITH_SHIM_V2 && shim.length === 0,
        { name: 'containerd-shim-runc-v2', effect: 'no container can start' },
      ],
      [
        get('userland-proxy') !== 'false' && get('userland-proxy-path') === '' && proxy.length === 0,
        { name: 'docker-proxy', effect: 'no container with a published port can start' },
      ],
      [client === null, { name: 'docker', effect: 'there is no command to use the engine with' }],
      [
        get('init-path') === '' && init.length === 0,
        { name: 'docker-init', effect: 'docker run --init fails', optional: true },
      ],
    ]
    return needed.flatMap(([missing, program]) => (missing ? [program] : []))
  },
})

export interface BrokenProgram {
  readonly name: string
  readonly path: string
  readonly reason: string
}

/** What `--version` of a runtime that fits says; crun may stand in for runc. */
const IS_RUNTIME = /^(runc|crun) version/m

/** containerd and runc: those that do not start, or are not what their name says. */
export const brokenPrograms: Fact<readonly BrokenProgram[]> = defineFact({
  name: 'brokenPrograms',
  about: 'containerd or runc, where it does not start or is another program.',
  needs: { containerd: maybe(trial('containerd')), runc: maybe(trial('runc')) },
  parse: (_, trials): readonly BrokenProgram[] =>
    Object.entries(trials).flatMap(([name, { known, ...tried }]) => {
      const one = known && 'value' in tried ? tried.value : null
      if (one?.state === 'broken')
        return [{ name, path: one.path, reason: `it does not start (${one.reason})` }]
      if (one?.state !== 'runs' || name !== 'runc' || IS_RUNTIME.test(one.says)) return []
      const first = one.says.split('\n')[0]?.slice(0, 80) || 'nothing'
      return [{ name, path: one.path, reason: `it is another program, which says ${JSON.stringify(first)}` }]
    }),
})

/** One program that hides another of its name. */
export interface Shadow {
  readonly path: string
  readonly hidden: string
}

export const shadowedPrograms: Fact<readonly Shadow[]> = defineFact({
  name: 'shadowedPrograms',
  about: 'Copies of dockerd, containerd or runc that hide another copy of the same name.',
  needs: { dockerd: copies('dockerd'), containerd: copies('containerd'), runc: copies('runc') },
  parse: (_, found): readonly Shadow[] =>
    Object.values(found).flatMap(([first, second]) =>
      first && second ? [{ path: first.real, hidden: second.real }] : [],
    ),
})
