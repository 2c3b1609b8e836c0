/** `-` on the command line. */
import { InputError } from '../model/errors.ts'

/** All of the standard input. @throws {InputError} where it is longer than `most` bytes */
export async function readStandardInput(most: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of process.stdin) {
    length += (chunk as Buffer).length
    if (length > most) throw new InputError(`standard input: longer than ${most} bytes`)
    chunks.push(chunk as Buffer)
  }
  return Buffer.concat(chunks)
}
