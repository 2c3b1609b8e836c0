/** Probes of what lies outside the host, stage by stage. */
import { missing, type Reading } from '../../model/reading.ts'
import type { ProbeSource } from '../../model/source.ts'

export async function readProbe(source: ProbeSource, _signal: AbortSignal): Promise<Reading<ProbeSource>> {
  return missing('failed', `probe of ${source.url} is not built yet`)
}
