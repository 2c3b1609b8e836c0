/** Opens a snapshot file. It may come from anyone: every way in which it can be wrong is one line, an {@link InputError}. */
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'
import type { ParseError } from 'jsonc-parser'
import { InputError } from '../../model/errors.ts'
import type { Entry } from '../memory.ts'
import { FORMAT, kindOf, type Snapshot } from './format.ts'
import type { Misshapen } from './shapes.ts'

const MOST_BYTES = 64 * 1024 * 1024
const MOST_UNZIPPED = 256 * 1024 * 1024

/** @throws {InputError} when the file cannot be read or is not a snapshot */
export async function loadSnapshot(path: string): Promise<Snapshot> {
  const fail = (what: string): never => {
    throw new InputError(`${printable(path)}: ${what}`)
  }
  const text = decode(await unzipped(readCapped(path, fail), fail), fail)
  return parseSnapshot(text, fail)
}

type Fail = (what: string) => never

const CHUNK = 1024 * 1024

function readCapped(path: string, fail: Fail): Buffer {
  let fd: number | undefined
  try {
    fd = openSync(path, constants.O_RDONLY | constants.O_NOCTTY)
    if (fstatSync(fd).isDirectory()) return fail('is a directory, not a snapshot')
    const chunks: Buffer[] = []
    for (let total = 0; ; ) {
      const chunk = Buffer.allocUnsafe(CHUNK)
      const count = readSync(fd, chunk, 0, CHUNK, null)
      if (count === 0) return Buffer.concat(chunks)
      chunks.push(chunk.subarray(0, count))
      total += count
      if (total > MOST_BYTES) return fail(`is larger than ${MOST_BYTES / 1024 / 1024} MiB`)
    }
  } catch (error) {
    if (error instanceof InputError) throw error
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    const said = { ENOENT: 'does not exist', ENOTDIR: 'does not exist', EACCES: 'permission denied' }[code]
    return fail(said ?? `cannot be read (${code})`)
  } finally {
    if (fd !== undefined) closeSync(fd)
  }
}

async function unzipped(bytes: Buffer, fail: Fail): Promise<Buffer> {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes
  const { gunzipSync } = await import('node:zlib')
  try {
    return gunzipSync(bytes, { maxOutputLength: MOST_UNZIPPED })
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : ''
    if (code === 'ERR_BUFFER_TOO_LARGE') return fail(`unzips to more than ${MOST_UNZIPPED / 1024 / 1024} MiB`)
    return fail(code === 'Z_BUF_ERROR' ? 'is cut short (gzip)' : 'is damaged (gzip)')
  }
}

function decode(bytes: Buffer, fail: Fail): string {
  if (bytes.subarray(0, 4096).includes(0)) return fail('is binary, not a snapshot')
  const text = bytes.toString('utf8').replace(/^\uFEFF/, '')
  return text.trim() === '' ? fail('is empty') : text
}

/** @throws {InputError} by way of `fail`, naming line and column, or the key */
async function parseSnapshot(text: string, fail: Fail): Promise<Snapshot> {
  const value = await parseJson(text, fail)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return fail('is not a snapshot')
  const format =
    Object.hasOwn(value, 'seaworthySnapshot') && (value as Record<string, unknown>).seaworthySnapshot
  if (typeof format === 'number' && format > FORMAT) {
    return fail(`is of format ${format}, written by a newer seaworthy; this one reads format ${FORMAT}`)
  }
  if (format === false)
    return fail(`is not a snapshot${Object.hasOwn(value, 'verdict') ? ' but a report' : ''}`)
  const { headFrom, readingFrom } = await import('./shapes.ts')
  const wrong = async ({ path, message }: Misshapen): Promise<never> =>
    fail(`${await placeOf(text, path)}${keyPath(path)} ${message}`)
  const top = headFrom(value)
  if ('problem' in top) return wrong(top.problem)
  const { tool, recordedAt, readings } = top.head
  const entries: [string, Entry][] = []
  for (const [key, entry] of Object.entries(readings)) {
    const kind = kindOf(key)
    // What a wildcard gives is looked at when it is known for what.
    if (key.endsWith('**')) entries.push([key, entry as Entry])
    if (!kind) continue
    const shaped = readingFrom(kind, entry)
    if ('problem' in shaped) {
      return wrong({ ...shaped.problem, path: ['readings', key, ...shaped.problem.path] })
    }
    entries.push([key, shaped.reading])
  }
  return { tool, recordedAt, readings: Object.fromEntries(entries) }
}

async function parseJson(text: string, fail: Fail): Promise<unknown> {
  try {
    return JSON.parse(text)
  } catch {
    const { parse, printParseErrorCode } = await import('jsonc-parser')
    const errors: ParseError[] = []
    try {
      parse(text, errors, { disallowComments: true })
    } catch {
      return fail('is not JSON')
    }
    const first = errors[0]
    if (!first) return fail('is not JSON')
    const what = printParseErrorCode(first.error).replace(/[A-Z]/g, ' $&').trim().toLowerCase()
    return fail(`${lineColumn(text, first.offset)}: is not JSON: ${what}`)
  }
}

/** `line 3 column 5: `, where the member at a path is; empty where that cannot be told. */
async function placeOf(text: string, path: readonly (string | number)[]): Promise<string> {
  const { findNodeAtLocation, parseTree } = await import('jsonc-parser')
  try {
    const root = parseTree(text)
    const node = root && findNodeAtLocation(root, [...path])
    return node ? `${lineColumn(text, node.offset)}: ` : ''
  } catch {
    return ''
  }
}

function lineColumn(text: string, offset: number): string {
  const before = text.slice(0, offset)
  const start = before.lastIndexOf('\n') + 1
  return `line ${before.split('\n').length} column ${offset - start + 1}`
}

/** `readings["/etc/hosts"].value` */
const keyPath = (path: readonly (string | number)[]): string =>
  path
    .map((key, i) =>
      /^[A-Za-z]\w*$/.test(String(key)) ? `${i > 0 ? '.' : ''}${key}` : `[${printable(JSON.stringify(key))}]`,
    )
    .join('')

const LONGEST = 160

/** One line that a terminal does not obey, whatever the file or its name holds. */
const printable = (text: string): string => {
  const shown = text.replace(/[^\P{C}]/gu, (c) => `\\u{${(c.codePointAt(0) ?? 0).toString(16)}}`)
  return shown.length > LONGEST ? `${shown.slice(0, LONGEST - 1)}…` : shown
}
