/** The few systeminformation calls that read files only: cheap, and nothing in them can hang. */
import { ok, type Reading } from '../../model/reading.ts'
import type { InventorySource } from '../../model/source.ts'
import { missingFrom } from './errors.ts'

export async function readInventory(source: InventorySource): Promise<Reading<InventorySource>> {
  const started = performance.now()
  try {
    const si = await import('systeminformation')
    return ok({ ...(await si[source.call]()) }, performance.now() - started)
  } catch (error) {
    return missingFrom(error, performance.now() - started)
  }
}
