/** Waits for the engine to answer after it was started. */
import { setTimeout as sleep } from 'node:timers/promises'
import { FactStore } from '../../engine/facts.ts'
import { Reader } from '../../engine/reader.ts'
import { dockerdProcess } from '../../facts/dockerd-process.ts'
import { engineState } from '../../facts/engine.ts'
import { engineLog, startError } from '../../facts/engine-log.ts'
import { liveHost } from '../../hosts/live.ts'

/** Own choice: an engine with many containers takes its time, and a person waits. */
const PATIENCE_MS = 90_000
/** An engine that is gone for as long has given up. Its script, or systemd, may start it once more. */
const GONE_MS = 6_000
const PAUSE_MS = 300

const factsNow = (): FactStore =>
  new FactStore(new Reader(liveHost, { signal: AbortSignal.timeout(10_000), atOnce: 4, offline: true }))

/** @returns why it does not answer, in its own words where it has any; null where it does */
export async function engineTrouble(): Promise<string | null> {
  const started = performance.now()
  let seen = started
  for (;;) {
    const facts = factsNow()
    const [{ outcome: state }, { outcome: dockerd }] = await Promise.all([
      facts.get(engineState),
      facts.get(dockerdProcess),
    ])
    // A socket that systemd holds starts the engine for whoever asks.
    if (state.known && ['answers', 'asleep', 'elsewhere'].includes(state.value.state)) return null
    const now = performance.now()
    if (!dockerd.known || dockerd.value !== null) seen = now
    if (now - seen > GONE_MS || now - started > PATIENCE_MS) {
      const { outcome: log } = await facts.get(engineLog)
      const said = log.known ? startError(log.value) : null
      return said ?? (now - seen > GONE_MS ? 'it ended again' : `no answer in ${PATIENCE_MS / 1000} s`)
    }
    await sleep(PAUSE_MS)
  }
}
