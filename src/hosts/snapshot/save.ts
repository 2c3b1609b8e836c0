/** Writes a snapshot so that FILE is either the old one or the whole new one, and readable by its owner alone. */
import { randomBytes } from 'node:crypto'
import { closeSync, fsyncSync, lstatSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { InputError } from '../../model/errors.ts'

const OWNER_ONLY = 0o600

/**
 * A name that ends in `.gz` is written compressed.
 * @throws {InputError} when FILE is a link, a folder, a device, or cannot be written
 */
export async function saveSnapshot(path: string, text: string): Promise<void> {
  const bytes = path.endsWith('.gz') ? (await import('node:zlib')).gzipSync(text) : Buffer.from(text)
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}`)
  let created = false
  try {
    refuseOdd(path)
    const fd = openSync(temporary, 'wx', OWNER_ONLY)
    created = true
    writeWhole(fd, bytes)
    renameSync(temporary, path)
  } catch (error) {
    if (error instanceof InputError) throw error
    if (created) rmSync(temporary, { force: true })
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    const said = {
      ENOENT: 'its folder does not exist',
      ENOTDIR: 'its folder does not exist',
      EACCES: 'permission denied',
      ENOSPC: 'no space left',
      EROFS: 'the file system is read-only',
    }[code]
    throw new InputError(`cannot write ${path}: ${said ?? code}`)
  }
}

/** What stands at the place already, if anything, must be an ordinary file. */
function refuseOdd(path: string): void {
  const stats = lstatSync(path, { throwIfNoEntry: false })
  if (!stats || stats.isFile()) return
  const what = stats.isSymbolicLink() ? 'a symbolic link' : stats.isDirectory() ? 'a directory' : 'not a file'
  throw new InputError(`cannot write ${path}: it is ${what}`)
}

function writeWhole(fd: number, bytes: Buffer): void {
  try {
    for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at)
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}
