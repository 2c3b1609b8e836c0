/** Records a host: reads everything that any check would read, and keeps the readings as they came. */
import { FactStore } from '../engine/facts.ts'
import { Reader } from '../engine/reader.ts'
import { hostReport } from '../facts/host-report.ts'
import { settings as settingsFact } from '../facts/settings.ts'
import { type Check, PROFILES } from '../model/check.ts'
import type { Reading } from '../model/reading.ts'
import type { Host } from './host.ts'

export interface RecordOptions {
  readonly checks: readonly Check[]
  /** Probes are recorded as not asked. */
  readonly offline: boolean
  /** Seconds that the whole recording may take; what has not ended by then is recorded as `timeout`. */
  readonly timeoutS: number
  /** Whose access is recorded, where it is not that of who runs the tool. */
  readonly user?: string | undefined
  /** The container that the checks of area container are about. */
  readonly container?: string | undefined
  /** Ends the recording early. */
  readonly signal?: AbortSignal
}

const AT_ONCE = 8

/**
 * All readings by source key. A fact decides by what it reads what is read next, so the facts are worked out, for every
 * profile; a source is read once all the same.
 */
export async function record(host: Host, options: RecordOptions): Promise<ReadonlyMap<string, Reading>> {
  const deadline = new AbortController()
  const timer = setTimeout(() => deadline.abort(), options.timeoutS * 1000)
  const signal = options.signal ? AbortSignal.any([deadline.signal, options.signal]) : deadline.signal
  const reader = new Reader(host, { signal, atOnce: AT_ONCE, offline: options.offline })
  try {
    await Promise.all(
      PROFILES.map(async (profile) => {
        const { user, container } = options
        const settings = {
          profile,
          ...(user === undefined ? {} : { user }),
          ...(container === undefined ? {} : { container }),
        }
        const facts = new FactStore(reader, new Map([[settingsFact.name, settings]]))
        await Promise.all([
          hostReport(facts, host),
          ...options.checks.map((check) => facts.needs(check.needs)),
        ])
      }),
    )
    return reader.ended
  } finally {
    clearTimeout(timer)
  }
}
