/** What lies at a path: kept before it is changed, compared before it is put back. */
import { createHash } from 'node:crypto'
import { constants, type Stats } from 'node:fs'
import { lstat, open, readdir, readlink } from 'node:fs/promises'
import { basename } from 'node:path'
import { codeOf, Refused } from './refused.ts'
import { openParent, type SafeFolder, within } from './safe-folder.ts'

interface Owned {
  /** Permission bits. */
  readonly mode: number
  readonly uid: number
  readonly gid: number
}

export type PathState =
  | { readonly type: 'absent' }
  | ({ readonly type: 'file'; readonly sha256: string } & Owned)
  | { readonly type: 'link'; readonly target: string }
  | ({ readonly type: 'folder' } & Owned)
  /** A socket, a device: only whose it is can be changed. */
  | ({ readonly type: 'special' } & Owned)

/** A state, and what is not part of it: the content of a file, whether a folder is empty. */
export interface Seen {
  readonly state: PathState
  readonly content: Buffer | null
  readonly isEmpty?: boolean
}

/** Nothing that a fix edits, or an installation puts back, is as large: dockerd has some 100 MB. */
const MOST_BYTES = 256 * 1024 * 1024

export const sha256 = (content: Uint8Array): string => createHash('sha256').update(content).digest('hex')

export const sameState = (a: PathState, b: PathState): boolean =>
  JSON.stringify(sorted(a)) === JSON.stringify(sorted(b))

const sorted = (state: PathState): unknown => Object.entries(state).sort(([a], [b]) => (a < b ? -1 : 1))

/** @throws {Refused} for a file that is too large to be kept */
export async function look(path: string, root = ''): Promise<Seen> {
  const folder = await openParent(path, root).catch((error: unknown) => {
    if (['ENOENT', 'ENOTDIR'].includes(codeOf(error))) return null
    throw error
  })
  if (!folder) return { state: { type: 'absent' }, content: null }
  try {
    return await lookIn(folder, basename(path))
  } finally {
    await folder.handle.close()
  }
}

export async function lookIn(folder: SafeFolder, name: string): Promise<Seen> {
  const at = within(folder, name)
  const stats = await lstat(at).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return null
    throw error
  })
  if (!stats) return { state: { type: 'absent' }, content: null }
  if (stats.isSymbolicLink()) return { state: { type: 'link', target: await readlink(at) }, content: null }
  if (stats.isDirectory()) {
    const isEmpty = (await readdir(at)).length === 0
    return { state: { type: 'folder', ...ownedOf(stats) }, content: null, isEmpty }
  }
  if (!stats.isFile()) return { state: { type: 'special', ...ownedOf(stats) }, content: null }
  if (stats.size > MOST_BYTES)
    throw new Refused(`${folder.path}/${name} is too large to be kept (${stats.size} bytes)`)
  const content = await read(at)
  return { state: { type: 'file', sha256: sha256(content), ...ownedOf(stats) }, content }
}

async function read(at: string): Promise<Buffer> {
  const handle = await open(at, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  try {
    return await handle.readFile()
  } finally {
    await handle.close()
  }
}

const ownedOf = ({ mode, uid, gid }: Stats): Owned => ({ mode: mode & 0o7777, uid, gid })
