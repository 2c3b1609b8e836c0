/** Changes to what lies at a path: whole or not at all, and on the disk before it counts as done. */
import { constants } from 'node:fs'
import { chmod, lchown, mkdir, open, rename, rmdir, symlink, unlink } from 'node:fs/promises'
import { basename } from 'node:path'
import { lookIn, type PathState } from './path-state.ts'
import { codeOf, Refused } from './refused.ts'
import { openParent, type SafeFolder, within } from './safe-folder.ts'

/**
 * Makes a path be in a state.
 * @param content of a file
 * @throws the system's error, or {Refused}, with the path as it was
 */
export async function put(
  path: string,
  state: PathState,
  content: Uint8Array | null,
  root = '',
): Promise<void> {
  const folder = await openParent(path, root)
  try {
    await putIn(folder, basename(path), state, content)
    await folder.handle.sync()
  } finally {
    await folder.handle.close()
  }
}

async function putIn(
  folder: SafeFolder,
  name: string,
  state: PathState,
  content: Uint8Array | null,
): Promise<void> {
  const at = within(folder, name)
  // Left by a run that was killed while it wrote.
  await removeFile(besides(folder, name))
  const { state: now } = await lookIn(folder, name)
  switch (state.type) {
    case 'absent':
      return remove(at, now)
    case 'link':
      return replace(folder, name, (fresh) => symlink(state.target, fresh), now)
    case 'special':
      if (now.type !== 'special') throw new Refused(`${folder.path}/${name} is not what it was`)
      return own(at, state)
    case 'folder':
      if (now.type !== 'folder') {
        await remove(at, now)
        await mkdir(at)
      }
      return own(at, state)
    case 'file':
      if (now.type === 'file' && now.sha256 === state.sha256) return own(at, state)
      return replace(folder, name, (fresh) => writeFresh(fresh, content ?? new Uint8Array(), state), now)
    default:
      return state satisfies never
  }
}

async function remove(at: string, now: PathState): Promise<void> {
  if (now.type === 'absent') return
  await (now.type === 'folder' ? rmdir(at) : unlink(at))
}

/** Where a file is written before it is put in place: one run at a time does so. */
const besides = (folder: SafeFolder, name: string): string =>
  within(folder, `.${name.slice(0, LONGEST)}.seaworthy`)
/** A name has at most 255 bytes; a character takes at most four. */
const LONGEST = 60

const removeFile = (at: string): Promise<void> =>
  unlink(at).catch((error: unknown) => {
    if (codeOf(error) !== 'ENOENT') throw error
  })

/**
 * Owner first: changing it takes away set-id bits. What lies there is held open meanwhile: by its name, whoever owns the folder could put a link in
 * its place. A socket cannot be opened.
 */
async function own(at: string, { type, mode, uid, gid }: OwnedState): Promise<void> {
  if (type === 'special') {
    await lchown(at, uid, gid)
    return chmod(at, mode)
  }
  const handle = await open(at, HELD)
  try {
    await handle.chown(uid, gid)
    await handle.chmod(mode)
  } finally {
    await handle.close()
  }
}

type OwnedState = Extract<PathState, { readonly mode: number }>
/** What became a pipe meanwhile would keep the opening waiting. */
const HELD = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK

/** Writes beside it, and puts it in place in one go. */
async function replace(
  folder: SafeFolder,
  name: string,
  write: (fresh: string) => Promise<void>,
  now: PathState,
): Promise<void> {
  const fresh = besides(folder, name)
  try {
    await write(fresh)
    // Nothing is renamed over a folder; an empty one may stand where a file belongs.
    if (now.type === 'folder') await rmdir(within(folder, name))
    await rename(fresh, within(folder, name))
  } catch (error) {
    await unlink(fresh).catch(() => undefined)
    throw error
  }
}

const FRESH = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW

async function writeFresh(
  at: string,
  content: Uint8Array,
  { mode, uid, gid }: { mode: number; uid: number; gid: number },
): Promise<void> {
  const handle = await open(at, FRESH, 0o600)
  try {
    await handle.writeFile(content)
    await handle.chown(uid, gid)
    await handle.chmod(mode)
    await handle.sync()
  } finally {
    await handle.close()
  }
}
