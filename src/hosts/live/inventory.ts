/**
 * Memory as systeminformation sees it. Measured with 5.33 on Node 20: of its calls only `mem` reads nothing but
 * /proc/meminfo (2 ms) and starts no program. `cpu` runs lscpu twice and dmidecode (34 ms); `osInfo` runs hostname, ip,
 * dmesg and more, several of them blocking the whole process (70 ms); `time`, `fsSize`, `system`, `uuid`,
 * `networkInterfaces`, `blockDevices`, `currentLoad` run shells as well. All of these can hang, some with no time limit,
 * so none is offered. Loading the library costs 8 to 11 ms from the bundle, so it is loaded when asked for.
 */
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
