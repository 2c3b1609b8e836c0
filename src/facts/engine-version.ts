import { defineFact, type Fact, maybe, orAbsent } from '../model/fact.ts'
import { type CommandSource, command } from '../model/source.ts'
import { runningEngine } from './engine.ts'

const ASK_BINARY = command(['dockerd', '--version'])

/**
 * The engine's version, as it says it (`20.10.24+dfsg1`): of the one that runs, else of the one that is installed;
 * null where none is. The binary is asked only when the engine does not answer, because starting it takes a while.
 */
export const engineVersion: Fact<string | null> = defineFact({
  name: 'engineVersion',
  about: 'The version of the running engine, else of the installed one; null where there is none.',
  needs: { running: maybe(runningEngine) },
  reads: ({ running }): Record<string, { lens: 'orAbsent'; source: CommandSource }> =>
    running.known && running.value ? {} : { binary: orAbsent(ASK_BINARY) },
  reading: '$ dockerd --version (where the engine does not answer)',
  parse: ({ binary }, { running }) => {
    if (running.known && running.value) return running.value.version.version
    return /version ([^\s,]+)/.exec(binary?.stdout ?? '')?.[1] ?? null
  },
})
