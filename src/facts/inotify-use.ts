/** Who has how many inotify instances, counted by the files that processes hold open. */
import { type AsReading, asReading, defineFact, type Fact, maybe } from '../model/fact.ts'
import { type CommandSource, command, identity, sourceKey } from '../model/source.ts'
import { runningEngine } from './engine.ts'

/** No file says it. Only GNU's find reads links by their text: elsewhere nothing is known, nor where a host has so many files open that it takes long. */
const FOLDERS_OF_FILES = ['!', '-path', '/proc/*/fd', '!', '-path', '/proc/*/fd/*'] as const
const PASS_OVER = [
  '(',
  '-path',
  '/proc/[!0-9]*',
  '-o',
  '-path',
  '/proc/*/*',
  ...FOLDERS_OF_FILES,
  ')',
] as const
const OWNER = ['-lname', 'anon_inode:inotify', '-printf', '%U\\n'] as const
export const HELD = command(['find', '/proc', '-maxdepth', '3', ...PASS_OVER, '-prune', '-o', ...OWNER], {
  timeoutMs: 500,
})

/** Counts the lines of each uid. Never throws. */
export function countUsers(text: string): ReadonlyMap<number, number> {
  const counts = new Map<number, number>()
  for (const [uid] of text.matchAll(/^\d{1,10}$/gm))
    counts.set(Number(uid), (counts.get(Number(uid)) ?? 0) + 1)
  return counts
}

const isRoot = defineFact({
  name: 'collectedByRoot',
  about: 'Whether root reads this host.',
  reads: { who: identity },
  parse: ({ who }) => who.uid === 0,
})

/** Processes end while they are looked at, which find calls an error: what it printed counts. */
export const inotifyUse: Fact<ReadonlyMap<number, number>> = defineFact({
  name: 'inotifyUse',
  about: 'The inotify instances of each user, by uid; of none where only root could tell, or no engine runs.',
  needs: { isRoot, engine: maybe(runningEngine) },
  reads: ({ isRoot, engine }): Record<string, AsReading<CommandSource>> =>
    isRoot && engine.known && engine.value ? { held: asReading(HELD) } : {},
  reading: `${sourceKey(HELD)} (as root, where an engine runs)`,
  parse: ({ held }) => countUsers(held?.state === 'ok' ? held.value.stdout : ''),
})
