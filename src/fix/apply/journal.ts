/**
 * What a run did, in a folder of its own: `journal.ndjson`, a line for each event, on the disk before the deed that it announces; `content/`, what
 * files held, by hash. After a crash it says how far the run came.
 */
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import * as z from 'zod/mini'
import { InputError } from '../../model/errors.ts'
import type { Argv, Deed } from './deed.ts'
import { type PathState, sha256 } from './path-state.ts'
import { codeOf } from './refused.ts'

export const STATE_FOLDER = '/var/lib/seaworthy'

export type Event =
  | {
      readonly event: 'begin'
      readonly at: string
      readonly version: string
      readonly findings: readonly string[]
    }
  /** Written before the deed. */
  | { readonly event: 'deed'; readonly n: number; readonly deed: Deed; readonly finding: string }
  /** Written after it; what only shows then. */
  | {
      readonly event: 'done'
      readonly n: number
      /** Null where nothing has to be taken back. */
      readonly undo?: Argv | null
      /** What cannot be taken back. */
      readonly note?: string
      readonly changed?: readonly { readonly path: string; readonly after: PathState }[]
    }
  | { readonly event: 'failed'; readonly n: number; readonly why: string }
  | { readonly event: 'takingBack'; readonly at: string }
  | { readonly event: 'takenBack'; readonly n: number; readonly note?: string }
  | { readonly event: 'end'; readonly at: string; readonly outcome: 'applied' | 'takenBack' }

/** As much of a line as is relied on; the rest is what this program wrote. */
const line = z.looseObject({ event: z.string() })

export interface Journal {
  readonly run: string
  write(event: Event): Promise<void>
  /** Keeps a file's content; gives where. */
  keep(content: Uint8Array): Promise<string>
  close(): Promise<void>
}

const runsFolder = (state: string): string => join(state, 'runs')
const journalFile = (state: string, run: string): string => join(runsFolder(state), run, 'journal.ndjson')

/** Begins a run. Its name is the time, which also orders runs. */
export async function beginRun(state: string, now: Date): Promise<Journal> {
  await mkdir(runsFolder(state), { recursive: true, mode: 0o700 })
  const base = now.toISOString().slice(0, 19).replace(/[-:]/g, '').replace('T', '-')
  for (let copy = 1; ; copy += 1) {
    const run = copy === 1 ? base : `${base}-${copy}`
    try {
      await mkdir(join(runsFolder(state), run), { mode: 0o700 })
    } catch (error) {
      if (codeOf(error) === 'EEXIST') continue
      throw error
    }
    await mkdir(join(runsFolder(state), run, 'content'), { mode: 0o700 })
    return openJournal(state, run)
  }
}

/** Goes on with a run that is there. */
export async function openJournal(state: string, run: string): Promise<Journal> {
  const path = journalFile(state, run)
  const handle = await open(path, 'a', 0o600)
  // What comes next must not be glued to a line that was torn.
  await handle.truncate(wholeLines(await readFile(path)).length)
  for (const folder of [join(runsFolder(state), run), runsFolder(state), state]) await syncFolder(folder)
  return {
    run,
    write: async (event) => {
      const { size } = await handle.stat()
      try {
        await handle.appendFile(`${JSON.stringify(event)}\n`)
      } catch (error) {
        // A full disk takes a part of a line.
        await handle.truncate(size).catch(() => undefined)
        throw error
      }
      await handle.sync()
    },
    keep: (content) => keep(join(runsFolder(state), run, 'content'), content),
    close: () => handle.close(),
  }
}

async function keep(folder: string, content: Uint8Array): Promise<string> {
  const name = sha256(content)
  const fresh = join(folder, `.${name}.new`)
  const handle = await open(fresh, 'w', 0o600)
  try {
    await handle.writeFile(content)
    await handle.sync()
  } finally {
    await handle.close()
  }
  await rename(fresh, join(folder, name))
  await syncFolder(folder)
  return join(folder, name)
}

async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, 'r')
  await handle.sync().finally(() => handle.close())
}

/** Where a run keeps content. */
export const contentFile = (state: string, run: string, hash: string): string =>
  join(runsFolder(state), run, 'content', hash)

export const keptContent = (state: string, run: string, hash: string): Promise<Buffer> =>
  readFile(contentFile(state, run, hash))

/** Names of runs, oldest first. */
export async function runNames(state: string): Promise<string[]> {
  const names = await readdir(runsFolder(state)).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return []
    throw error
  })
  return names
    .filter((name) => /^\d{8}-\d{6}(?:-\d+)?$/.test(name))
    .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
}

const wholeLines = (bytes: Buffer): Buffer => bytes.subarray(0, bytes.lastIndexOf('\n') + 1)

/** The events of a run. The last line may be torn: then its deed was not begun. */
export async function eventsOf(state: string, run: string): Promise<Event[]> {
  const bytes = await readFile(journalFile(state, run)).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return Buffer.alloc(0)
    throw error
  })
  return wholeLines(bytes)
    .toString('utf8')
    .split('\n')
    .filter(Boolean)
    .map((one, index) => {
      try {
        return line.parse(JSON.parse(one)) as unknown as Event
      } catch {
        throw new InputError(
          `${journalFile(state, run)}: line ${index + 1} is damaged, so nobody knows what that run did; to go on without it, move ${join(runsFolder(state), run)} elsewhere`,
        )
      }
    })
}

/** A run that has begun nothing leaves nothing. */
export const forgetRun = (state: string, run: string): Promise<void> =>
  rm(join(runsFolder(state), run), { recursive: true, force: true })
