import type { Profile } from '../model/check.ts'
import { defineFact, type Fact } from '../model/fact.ts'

/** What the user asked for on the command line, as far as it changes judgement. */
export interface Settings {
  readonly profile: Profile
  /** `--user NAME`: whose access is judged, instead of who runs the tool. */
  readonly user?: string
  /** The text that `diagnose` was given shows that the engine's socket refused its user; false: that nothing answered there. */
  readonly refused?: boolean
  /** `--container NAME`: the container that the checks of area container are about, by name or id. */
  readonly container?: string
  /** What `trace` asks of the way to that container and out of it. */
  readonly way?: WayAsked
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
  about: 'What the user asked for: profile, user, container and way.',
  parse: (): Settings => ({ profile: 'docker' }),
})
