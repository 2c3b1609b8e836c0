/** A recorded host, replayed. */
import { missing, type Reading } from '../model/reading.ts'
import type { Host } from './host.ts'
import { memoryHost } from './memory.ts'
import { redacted } from './redact.ts'
import type { Snapshot } from './snapshot/format.ts'
import { readingFrom } from './snapshot/shapes.ts'

const UNUSABLE = 'the snapshot has something else in its place'

/** Answers with what was recorded; what does not fit the kind of source that is asked for is `failed`. */
export function snapshotHost({ readings }: Snapshot): Host {
  const recorded = memoryHost(readings)
  // Redacted again: a snapshot may be written by hand or by another tool.
  return redacted('snapshot', async (source, signal): Promise<Reading> => {
    const entry = await recorded.read(source, signal)
    const shaped = readingFrom(source.kind, entry)
    if ('reading' in shaped) return shaped.reading
    const { path, message } = shaped.problem
    const where = path.filter((key) => key !== 'value').join('.')
    return missing('failed', `${UNUSABLE}: ${where ? `${where} ` : ''}${message}`)
  })
}
