/** One run at a time: a file that names the process that holds it. It may be left behind by one that was killed. */
import { link, readFile, rename, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { InputError } from '../../model/errors.ts'
import { codeOf, wordsOf } from './refused.ts'

/** A process, told from a later one with the same number by when it started, in clock ticks since boot. */
async function processName(pid: number): Promise<string | null> {
  const [boot, stat] = await Promise.all([
    readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => ''),
    readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null),
  ])
  const started = stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
  return started === undefined ? null : `${pid} ${started} ${boot.trim()}`
}

/**
 * @param state the folder that the lock lies in
 * @returns what lets it go
 * @throws {InputError} where another run holds it, or it cannot be written
 */
export async function lock(state: string): Promise<() => Promise<void>> {
  const path = join(state, 'lock')
  const own = join(state, `.lock.${process.pid}`)
  try {
    await writeFile(own, (await processName(process.pid)) ?? String(process.pid), { mode: 0o600 })
    for (;;) {
      try {
        await link(own, path)
        return () => unlink(path)
      } catch (error) {
        if (codeOf(error) !== 'EEXIST') throw error
      }
      await dropStale(path, own)
    }
  } catch (error) {
    if (error instanceof InputError) throw error
    throw new InputError(`nothing was touched: ${state} cannot be written: ${wordsOf(error)}`)
  } finally {
    await unlink(own).catch(() => undefined)
  }
}

async function dropStale(path: string, own: string): Promise<void> {
  const holder = await readFile(path, 'utf8').catch(() => null)
  if (holder === null) return
  const pid = Number(holder.split(' ')[0])
  if ((await processName(pid)) === holder)
    throw new InputError(`another run of seaworthy fix is at work (process ${pid}); wait for it to end`)
  const stale = `${own}.stale`
  await rename(path, stale).catch(() => undefined)
  const moved = await readFile(stale, 'utf8').catch(() => null)
  // Somebody else took the lock between the look and the move: it is theirs.
  if (moved !== null && moved !== holder) await link(stale, path).catch(() => undefined)
  await unlink(stale).catch(() => undefined)
}
