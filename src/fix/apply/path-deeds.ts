/** How a path comes to hold something else: the folders above it, then the thing itself. */
import { readFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { isKernelFile } from '../places.ts'
import { look, type PathState, type Seen, sameState, sha256 } from './path-state.ts'
import type { Prepared } from './prepared.ts'
import { Refused, wordsOf } from './refused.ts'

const NEW_FILE = 0o644
const NEW_FOLDER = 0o755

/** A state that a path is to have, and the content where it is a file. */
export function pathDeed(
  path: string,
  before: Seen,
  after: PathState,
  content: Uint8Array | null,
): Prepared[] {
  if (sameState(before.state, after)) return []
  const contents = [before.content, content].filter((one) => one !== null)
  return [{ deed: { do: 'path', path, before: before.state, after }, contents }]
}

/**
 * Where a path that is to be edited really lies. A link is followed within its folder alone: elsewhere, what is edited would not be what the
 * plan names.
 * @throws {Refused}
 */
export async function realFile(path: string, root: string): Promise<{ path: string; seen: Seen }> {
  const seen = await look(path, root)
  if (seen.state.type !== 'link') return { path, seen }
  const { target } = seen.state
  if (target.includes('/') || target === '..')
    throw new Refused(`${path} is a symbolic link to ${target}: it is not followed; edit that by hand`)
  const inFolder = join(dirname(path), basename(target))
  const there = await look(inFolder, root)
  if (there.state.type === 'link')
    throw new Refused(`${path} is a symbolic link to another one: it is not followed`)
  return { path: inFolder, seen: there }
}

/** The kernel keeps it until the next boot. */
export async function kernelDeeds(
  path: string,
  wanted: (text: string) => string | null,
): Promise<Prepared[]> {
  const before = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new Refused(`${path}: ${wordsOf(error)}`)
  })
  const after = wanted(before)?.trim()
  if (after === undefined || inOneLine(before) === inOneLine(after)) return []
  return [{ deed: { do: 'kernel', path, before: before.trim(), after }, contents: [] }]
}

/** As the kernel prints several values: separated by tabs. */
export const inOneLine = (value: string): string => value.trim().split(/\s+/).join(' ')

/** A file gets another content, and a mode where one is asked for. */
export async function fileDeeds(
  asked: string,
  contentOf: (text: string | null) => string | null,
  { mode, root }: { mode?: number | undefined; root: string },
): Promise<Prepared[]> {
  if (isKernelFile(asked)) return kernelDeeds(asked, contentOf)
  const { path, seen } = await realFile(asked, root)
  const { state, content: old } = seen
  if (state.type === 'special' || (state.type === 'folder' && !seen.isEmpty))
    throw new Refused(`${path} is no file`)
  const text = contentOf(old === null ? null : old.toString('utf8'))
  if (text === null) return []
  if (
    old !== null &&
    text === old.toString('utf8') &&
    (mode === undefined || (state.type === 'file' && state.mode === mode))
  )
    return []
  const content = Buffer.from(text)
  const { folders, owner } = await foldersAbove(path, root)
  const kept = state.type === 'file' ? state : { mode: NEW_FILE, ...owner }
  const after: PathState = {
    type: 'file',
    sha256: sha256(content),
    mode: mode ?? kept.mode,
    uid: kept.uid,
    gid: kept.gid,
  }
  return [...folders, ...pathDeed(path, seen, after, content)]
}

interface Owner {
  readonly uid: number
  readonly gid: number
}

/** The folders that are missing above a path, and whose the nearest one is that is there: what is made in it is theirs, too. */
export async function foldersAbove(
  path: string,
  root: string,
): Promise<{ folders: Prepared[]; owner: Owner }> {
  const parent = dirname(path)
  // A link above is followed where it is opened; only what is missing is made.
  const { state } = parent === '/' ? await look('/.', root) : await look(parent, root)
  if (state.type === 'folder') return { folders: [], owner: { uid: state.uid, gid: state.gid } }
  if (state.type === 'link')
    return { folders: [], owner: { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 } }
  if (state.type !== 'absent') throw new Refused(`${parent} is no folder`)
  const above = await foldersAbove(parent, root)
  const after: PathState = { type: 'folder', mode: NEW_FOLDER, ...above.owner }
  const made: Prepared = {
    deed: { do: 'path', path: parent, before: { type: 'absent' }, after },
    contents: [],
  }
  return { folders: [...above.folders, made], owner: above.owner }
}
