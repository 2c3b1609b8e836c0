import { defineFact, type Fact } from '../model/fact.ts'
import { clock } from '../model/source.ts'

/** The host's wall clock, RFC 3339. */
export const now: Fact<string> = defineFact({
  name: 'now',
  about: "The host's wall clock, RFC 3339.",
  reads: { clock },
  parse: ({ clock }) => clock,
})
