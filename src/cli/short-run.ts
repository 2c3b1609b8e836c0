/** Suits V8 to a run: over before optimised code pays for its making, which would take a quarter of the processor's time. */
import { setFlagsFromString } from 'node:v8'

/** Thirty times what V8 waits for: what goes on for that long is optimised all the same. */
const BUDGET = 2_000_000

/** To be called late: what is compiled of Node.js itself is kept for other flags, so it loads slower from here on. */
export function expectShortRun(): void {
  // Loaded when it is first asked for.
  performance.now()
  setFlagsFromString(`--interrupt-budget=${BUDGET}`)
}
