/** Does one deed. */
import { rename, writeFile } from 'node:fs/promises'
import { basename } from 'node:path'
import type { Deed, MoveDeed, ProgramDeed } from './deed.ts'
import { look, type PathState } from './path-state.ts'
import { type Ran, runProgram } from './program.ts'
import { wordsOf } from './refused.ts'
import { openParent, within } from './safe-folder.ts'
import { put } from './write.ts'

/** A deed that went wrong: it may have been done in part. */
export class DeedFailed extends Error {
  /** Of a program. */
  readonly ran: Ran | null

  constructor(message: string, ran: Ran | null = null) {
    super(message)
    this.name = 'DeedFailed'
    this.ran = ran
  }
}

export interface Done {
  /** Of a program. */
  readonly ran?: Ran
  /** What became of the files that a program changes. */
  readonly changed?: readonly { readonly path: string; readonly after: PathState }[]
}

/**
 * @param content of the file that it writes
 * @throws {DeedFailed}
 */
export async function doDeed(deed: Deed, content: Uint8Array | null, root: string): Promise<Done> {
  switch (deed.do) {
    case 'path':
      await put(deed.path, deed.after, content, root).catch(failed(deed.path))
      return {}
    case 'move':
      await moveTo(deed, root).catch(failed(deed.from))
      return {}
    case 'kernel':
      await writeFile(deed.path, `${deed.after}\n`).catch(failed(deed.path))
      return {}
    case 'program':
      return run(deed)
    default:
      return deed satisfies never
  }
}

const failed =
  (what: string) =>
  (error: unknown): never => {
    throw new DeedFailed(`${what}: ${wordsOf(error)}`)
  }

/** @throws the system's error */
export async function moveTo({ from, to }: Pick<MoveDeed, 'from' | 'to'>, root: string): Promise<void> {
  const [source, target] = await Promise.all([openParent(from, root), openParent(to, root)])
  try {
    await rename(within(source, basename(from)), within(target, basename(to)))
    await Promise.all([source.handle.sync(), target.handle.sync()])
  } finally {
    await Promise.all([source.handle.close(), target.handle.close()])
  }
}

async function run(deed: ProgramDeed): Promise<Done> {
  const { argv, timeoutMs, changes } = deed
  const ran = await runProgram(argv, timeoutMs)
  if (!endedWell(deed, ran)) throw new DeedFailed(saying(argv, ran), ran)
  const changed = await Promise.all(
    changes.map(async ({ path }) => ({ path, after: (await look(path)).state })),
  )
  return { ran, changed }
}

/** Of the program of a deed, or of what takes it back. */
export const endedWell = ({ alsoDone = [] }: ProgramDeed, { exit }: Ran): boolean =>
  exit !== null && [0, ...alsoDone].includes(exit)

/** What a program said when it gave up: its last lines. */
export function saying(argv: readonly string[], { exit, output }: Ran): string {
  const last = output.split('\n').slice(-3).join(' / ')
  const status = exit === null ? '' : ` (exit status ${exit})`
  return `${argv.join(' ')}${status}${last === '' ? '' : `: ${last}`}`
}
