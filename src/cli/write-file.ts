/** Writes a file whole or not at all. */
import { lstat, realpath, rename, rm, writeFile } from 'node:fs/promises'
import { InputError } from '../model/errors.ts'

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  ENOENT: 'no such directory',
  ENOTDIR: 'no such directory',
  EISDIR: 'it is a directory',
  ENOSPC: 'no space left',
  EROFS: 'read-only file system',
}

/** @throws {InputError} where it cannot be written */
export async function writeWhole(path: string, text: string): Promise<void> {
  try {
    const target = await realpath(path).catch(() => path)
    const old = await lstat(target).catch(() => null)
    // A device or a pipe cannot be replaced, only written to; writing to a directory says what is wrong.
    await (old === null || old.isFile() ? replace(target, text, old?.mode) : writeFile(target, text))
  } catch (error) {
    throw new InputError(`cannot write ${path}: ${reasonOf(error)}`)
  }
}

async function replace(target: string, text: string, mode = 0o666): Promise<void> {
  const fresh = `${target}.${process.pid}.new`
  try {
    await writeFile(fresh, text, { flag: 'wx', mode: mode & 0o777 })
    await rename(fresh, target)
  } catch (error) {
    await rm(fresh, { force: true })
    throw error
  }
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return REASONS[code] ?? (error instanceof Error ? error.message : String(error))
}
