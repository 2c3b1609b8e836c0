/** A file that the user names; `-` is the standard input. */
import { createReadStream } from 'node:fs'
import { InputError } from '../model/errors.ts'

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  ENOTDIR: 'no such file',
  EACCES: 'permission denied (run with sudo)',
  EPERM: 'permission denied (run with sudo)',
  EISDIR: 'it is a directory',
}

/**
 * @param remedy what to do where it is too long
 * @throws {InputError} where it cannot be read, or is longer than `most` bytes
 */
export async function readInput(file: string, most: number, remedy = ''): Promise<Buffer> {
  const name = file === '-' ? 'standard input' : file
  const chunks: Buffer[] = []
  let length = 0
  try {
    for await (const chunk of file === '-' ? process.stdin : createReadStream(file)) {
      length += (chunk as Buffer).length
      if (length > most)
        throw new InputError(`${name}: longer than ${most / 1024 / 1024} MiB${remedy ? `; ${remedy}` : ''}`)
      chunks.push(chunk as Buffer)
    }
  } catch (error) {
    if (error instanceof InputError) throw error
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    throw new InputError(`${name}: cannot be read: ${REASONS[code] ?? code}`)
  }
  return Buffer.concat(chunks)
}
