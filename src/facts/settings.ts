import type { Profile } from '../model/check.ts'
import { defineFact, type Fact } from '../model/fact.ts'
import type { Wish } from './port-wishes.ts'

/** What the user asked for on the command line, as far as it changes judgement. */
export interface Settings {
  readonly profile: Profile
  /** `--user NAME`: whose access is judged, instead of who runs the tool. */
  readonly user?: string
  /** The text that `diagnose` was given shows that the engine's socket refused its user; false: that nothing answered there. */
  readonly socketRefused?: boolean
  /** `--container NAME`: the container that the checks of area container are about, by name or id. */
  readonly container?: string
  /** What `trace` asks of the way to that container and out of it. */
  readonly way?: WayAsked
  /** What a command asked for and was refused, as the text of `diagnose` tells. */
  readonly refused?: Refused
}

export interface Refused {
  /** Ports to be published. */
  readonly ports: readonly Wish[]
  /** Plugins of the docker command, by name: `compose`. */
  readonly plugins: readonly string[]
  /** Mounts that were to be shared with a container, by where they are mounted. */
  readonly mounts: readonly { readonly mountPoint: string; readonly slaveDoes: boolean }[]
  /** Registries, as images have them (`host:port`): those that have no TLS, and all others. */
  readonly registries: { readonly plain: readonly string[]; readonly others: readonly string[] }
}

export interface WayAsked {
  /** The container's own port, or the one that it is published as. */
  readonly port?: number
  /** Whom packets come from: an address, a block, a name or another container. */
  readonly from?: string
  /** Whom the container is to reach. */
  readonly to?: { readonly host: string; readonly port: number | null }
  /** Nothing is sent. */
  readonly passive?: boolean
}

/** Given by the run, never read from the host. */
export const settings: Fact<Settings> = defineFact({
  name: 'settings',
  about: 'What the user asked for: profile, user, container and way, and what a text says was refused.',
  parse: (): Settings => ({ profile: 'docker' }),
})
