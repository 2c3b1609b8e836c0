import { createReadStream } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { KernelConfigError, printable } from './error.ts'
import { foreignInput } from './foreign.ts'

/**
 * The most bytes accepted, before and after decompression: 16 MiB. The largest distribution configurations have 0.3 MiB.
 * It bounds what a decompression bomb or an endless device can take.
 */
export const kernelConfigLimit = 16 * 1024 * 1024

/**
 * The text of the kernel configuration in a file: plain, gzip or xz, told apart by content rather than by name.
 * @throws KernelConfigError with one line that names the file, what was expected and what was found
 */
export async function loadKernelConfig(file: string): Promise<string> {
  return await decodeKernelConfig(await readCapped(file), file)
}

/**
 * The text of the kernel configuration in some bytes: plain, gzip or xz.
 * @param label names the input in errors
 * @throws KernelConfigError with one line that names the input, what was expected and what was found
 */
export async function decodeKernelConfig(bytes: Uint8Array, label: string): Promise<string> {
  const plain = await decompress(bytes, label)
  const found = foreignInput(plain)
  if (found !== undefined) throw unusable(label, found)
  return Buffer.from(plain.buffer, plain.byteOffset, plain.byteLength).toString('latin1')
}

async function decompress(bytes: Uint8Array, label: string): Promise<Uint8Array> {
  if (startsWith(bytes, [0x1f, 0x8b])) return gunzip(bytes, label)
  if (startsWith(bytes, [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00])) return await unxz(bytes, label)
  return bytes
}

function gunzip(bytes: Uint8Array, label: string): Uint8Array {
  try {
    return gunzipSync(bytes, { maxOutputLength: kernelConfigLimit })
  } catch (error) {
    if (errorCode(error) === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(label)
    throw unusable(label, 'damaged gzip data')
  }
}

async function unxz(bytes: Uint8Array, label: string): Promise<Uint8Array> {
  const { XzReadableStream } = await import('xz-decompress')
  const compressed = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(bytes)
      controller.close()
    },
  })
  try {
    return await collect(new XzReadableStream(compressed), label)
  } catch (error) {
    if (error instanceof KernelConfigError) throw error
    throw unusable(label, 'xz data that is damaged or uses features beyond LZMA2 and CRC (try xz -d first)')
  }
}

async function readCapped(file: string): Promise<Uint8Array> {
  try {
    return await collect(createReadStream(file), file)
  } catch (error) {
    if (error instanceof KernelConfigError) throw error
    throw new KernelConfigError(`${printable(file)}: cannot be read: ${readFailure(error)}`)
  }
}

/** All chunks as one array; leaving the loop early closes the stream. */
async function collect(chunks: AsyncIterable<Uint8Array>, label: string): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  let length = 0
  for await (const chunk of chunks) {
    length += chunk.byteLength
    if (length > kernelConfigLimit) throw tooLarge(label)
    parts.push(chunk)
  }
  return Buffer.concat(parts, length)
}

const readFailures: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  ENOTDIR: 'no such file',
  EACCES: 'permission denied (run with sudo)',
  EPERM: 'permission denied (run with sudo)',
  EISDIR: 'it is a directory',
  ELOOP: 'too many symbolic links',
}

function readFailure(error: unknown): string {
  const code = errorCode(error)
  return readFailures[code] ?? (code === '' ? printable(String(error)) : code)
}

function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}

function unusable(label: string, found: string): KernelConfigError {
  return new KernelConfigError(
    `${printable(label)}: expected a kernel configuration (lines such as CONFIG_VETH=m, plain or compressed by gzip or xz), found ${found}`,
  )
}

function tooLarge(label: string): KernelConfigError {
  return unusable(label, `more than ${kernelConfigLimit / 1024 / 1024} MiB`)
}

function startsWith(bytes: Uint8Array, magic: readonly number[]): boolean {
  return magic.every((byte, at) => bytes[at] === byte)
}
