/** Whether this host is a node of a swarm. */
import { type AsReading, asReading, defineFact, type Fact, maybe } from '../model/fact.ts'
import { type StatSource, stat } from '../model/source.ts'
import { dataRoot } from './data-root.ts'
import { runningEngine } from './engine.ts'

/** The states in which the engine belongs to a swarm. @see https://docs.docker.com/reference/api/engine/version/v1.47/#tag/System/operation/SystemInfo */
const MEMBER = /^(?:active|pending|locked|error)$/

/** Told by the engine; by the file in which it keeps its membership where none runs; null where neither can be seen. */
export const inSwarm: Fact<boolean | null> = defineFact({
  name: 'inSwarm',
  about: 'Whether this host is a node of a swarm; null where that cannot be seen.',
  needs: { engine: maybe(runningEngine), dataRoot },
  reads: ({ engine, dataRoot }): Record<string, AsReading<StatSource>> =>
    engine.known && engine.value ? {} : { kept: asReading(stat(`${dataRoot}/swarm/docker-state.json`)) },
  reading: 'stat of swarm/docker-state.json in the data root (where the engine does not answer)',
  parse: ({ kept }, { engine }): boolean | null => {
    if (engine.known && engine.value) return MEMBER.test(engine.value.info.swarm)
    return kept?.state === 'ok' ? true : kept?.state === 'absent' ? false : null
  },
})
