/**
 * The way to a folder, one step at a time, so that nobody can lead a write elsewhere: each part is opened by itself, and a symbolic link is
 * followed only where root (or whoever runs this) made it in a folder that nobody else may write to. What is then named in an open folder
 * through /proc/self/fd stays in it, whatever happens to the path meanwhile.
 */
import { constants } from 'node:fs'
import { type FileHandle, lstat, open, readlink } from 'node:fs/promises'
import { dirname, join, normalize, resolve } from 'node:path'
import { codeOf, Refused } from './refused.ts'

const FOLDER = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW
const MOST_LINKS = 40
const OTHERS_WRITE = 0o022
const STICKY = 0o1000

/** An open folder. What lies in it is reached by {@link within}. */
export interface SafeFolder {
  /** As it was asked for. */
  readonly path: string
  readonly handle: FileHandle
}

/** A path that leads to `name` in the folder that is open, and in no other. */
export const within = ({ handle }: SafeFolder, name: string): string => `/proc/self/fd/${handle.fd}/${name}`

/**
 * @param root where paths begin; empty for the host itself
 * @throws {Refused} where a link may not be followed; the system's error where a part is missing
 */
export async function openFolder(path: string, root = ''): Promise<SafeFolder> {
  const left = parts(path)
  let links = 0
  let here: SafeFolder = { path: '/', handle: await open(root === '' ? '/' : root, FOLDER) }
  try {
    for (let part = left.shift(); part !== undefined; part = left.shift()) {
      const target = await linkIn(here, part)
      if (target === undefined) {
        here = await step(here, part)
        continue
      }
      links += 1
      if (links > MOST_LINKS) throw new Refused(`${path}: too many symbolic links`)
      left.unshift(...parts(resolve(here.path, target)))
      here = await restart(here, root)
    }
    return { ...here, path }
  } catch (error) {
    await here.handle.close().catch(() => undefined)
    throw error
  }
}

const parts = (path: string): string[] => normalize(path).split('/').filter(Boolean)

async function step(here: SafeFolder, part: string): Promise<SafeFolder> {
  const handle = await open(within(here, part), FOLDER)
  await here.handle.close()
  return { path: join(here.path, part), handle }
}

async function restart(here: SafeFolder, root: string): Promise<SafeFolder> {
  const handle = await open(root === '' ? '/' : root, FOLDER)
  await here.handle.close()
  return { path: '/', handle }
}

/** Where a part leads to, if it is a link that may be followed; undefined for what is none. */
async function linkIn(here: SafeFolder, part: string): Promise<string | undefined> {
  const stats = await lstat(within(here, part)).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return null
    throw error
  })
  if (!stats?.isSymbolicLink()) return undefined
  const around = await here.handle.stat()
  const trusted = [0, process.getuid?.() ?? 0]
  const isOurs = trusted.includes(stats.uid) && trusted.includes(around.uid)
  const isShared = (around.mode & OTHERS_WRITE) !== 0 && (around.mode & STICKY) === 0
  if (!isOurs || isShared) {
    throw new Refused(
      `${join(here.path, part)} is a symbolic link that others could have made: it is not followed`,
    )
  }
  return readlink(within(here, part))
}

/** Opens the folder that a file lies in. */
export const openParent = (path: string, root = ''): Promise<SafeFolder> => openFolder(dirname(path), root)
