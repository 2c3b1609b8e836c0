import type { Profile } from '../model/check.ts'
import { defineFact, type Fact } from '../model/fact.ts'

/** What the user asked for on the command line, as far as it changes judgement. */
export interface Settings {
  readonly profile: Profile
  /** `--user NAME`: whose access is judged, instead of who runs the tool. */
  readonly user?: string
}

/** Given by the run, never read from the host. */
export const settings: Fact<Settings> = defineFact({
  name: 'settings',
  about: 'What the user asked for: profile and user.',
  parse: (): Settings => ({ profile: 'docker' }),
})
