/** Whether an engine runs here, whether or not it may be asked. */
import { defineFact, type Fact, unavailable } from '../model/fact.ts'
import { sourceKey, unixHttp } from '../model/source.ts'
import { ENGINE_SOCKET, engineState } from './engine.ts'

/** A socket that this user may not open, or that does not answer in time, belongs to an engine too. */
export const engineRuns: Fact<boolean> = defineFact({
  name: 'engineRuns',
  about: 'Whether an engine runs, even one that this user may not ask or that does not answer in time.',
  needs: { state: engineState },
  parse: (_, { state }) => {
    if (state.state !== 'failed') return !['absent', 'refused', 'asleep', 'elsewhere'].includes(state.state)
    const { reason } = state
    return unavailable(sourceKey(unixHttp(ENGINE_SOCKET, '/version')), {
      state: 'failed',
      reason,
      durationMs: 0,
    })
  },
})
