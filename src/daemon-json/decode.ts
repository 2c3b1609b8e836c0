import { fail, type Issue, warn } from './problem.ts'
import { atLeast, type EngineVersion } from './version.ts'

/** The text of a file, and what is wrong with its bytes. */
export interface Decoded {
  readonly text: string
  readonly issues: readonly Issue[]
  /** Whether the bytes alone make the engine refuse the file, so that its text need not be explained again. */
  readonly refused: boolean
}

/** Engines from this one on look at a byte order mark and insist on valid UTF-8. */
const READS_MARKS = '23.0'
const START = { offset: 0 }
const RESAVE = 'save the file as UTF-8 without a byte order mark'

/**
 * Decodes a file as the engine does: since 23.0 by its byte order mark (UTF-8, UTF-16), before that as UTF-8 without one
 * (https://github.com/moby/moby/blob/v23.0.0/daemon/config/config.go, getConflictFreeConfiguration).
 */
export function decode(bytes: Uint8Array, version: EngineVersion): Decoded {
  const utf16 = utf16Order(bytes)
  if (utf16 !== undefined) return decodeUtf16(bytes, utf16, version)
  if (looksLikeUtf16(bytes)) {
    const text = utf16Text(bytes, bytes[0] === 0)
    return refused(
      text,
      fail(
        START,
        null,
        'utf-16',
        'the file is UTF-16 without a byte order mark: every other byte is NUL',
        RESAVE,
      ),
    )
  }
  return decodeUtf8(bytes, version)
}

function decodeUtf8(bytes: Uint8Array, version: EngineVersion): Decoded {
  const marked = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(marked ? bytes.subarray(3) : bytes)
  if (marked && !atLeast(version, READS_MARKS)) {
    const message = `the file starts with a UTF-8 byte order mark (EF BB BF), which ${version.text} takes for text`
    return refused(text, fail(START, null, 'byte-order-mark', message, RESAVE))
  }
  const mark = marked ? [markWarning()] : []
  const broken = invalidUtf8(bytes)
  if (broken === undefined) return { text, issues: mark, refused: false }
  return brokenUtf8(text, broken, bytes, mark, version)
}

function brokenUtf8(
  text: string,
  at: number,
  bytes: Uint8Array,
  others: Issue[],
  version: EngineVersion,
): Decoded {
  const before = new TextDecoder('utf-8').decode(bytes.subarray(0, at))
  const byte = (bytes[at] ?? 0).toString(16).toUpperCase().padStart(2, '0')
  const message = `byte ${byte} is not valid UTF-8: the file was saved in another encoding, or is damaged`
  const suggestion = 'save the file as UTF-8'
  const place = { offset: before.length }
  if (atLeast(version, READS_MARKS))
    return refused(text, fail(place, null, 'invalid-utf-8', message, suggestion))
  return {
    text,
    issues: [...others, warn(place, null, 'invalid-utf-8', message, suggestion)],
    refused: false,
  }
}

function decodeUtf16(bytes: Uint8Array, bigEndian: boolean, version: EngineVersion): Decoded {
  const text = utf16Text(bytes.subarray(2), bigEndian)
  if (!atLeast(version, READS_MARKS)) {
    return refused(
      text,
      fail(START, null, 'utf-16', `the file is UTF-16; ${version.text} reads UTF-8 only`, RESAVE),
    )
  }
  const message = 'the file is UTF-16; engines before 23.0 and most other tools cannot read it'
  return { text, issues: [warn(START, null, 'utf-16', message, RESAVE)], refused: false }
}

function markWarning(): Issue {
  const message =
    'the file starts with a UTF-8 byte order mark; engines before 23.0 and many other tools refuse it'
  return warn(START, null, 'byte-order-mark', message, RESAVE)
}

function refused(text: string, issue: Issue): Decoded {
  return { text, issues: [issue], refused: true }
}

/** Whether a UTF-16 byte order mark says big endian; undefined without such a mark. */
function utf16Order(bytes: Uint8Array): boolean | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return false
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return true
  return undefined
}

/** UTF-16 text in Latin letters has a NUL next to each of its first characters. */
function looksLikeUtf16(bytes: Uint8Array): boolean {
  if (bytes.length < 4) return false
  const [a, b, c, d] = bytes
  return (a === 0 && b !== 0 && c === 0 && d !== 0) || (a !== 0 && b === 0 && c !== 0 && d === 0)
}

function utf16Text(bytes: Uint8Array, bigEndian: boolean): string {
  if (!bigEndian) return new TextDecoder('utf-16le', { ignoreBOM: true }).decode(bytes)
  const swapped = new Uint8Array(bytes.length)
  for (let at = 0; at < bytes.length; at += 2) {
    swapped[at] = bytes[at + 1] ?? 0
    if (at + 1 < bytes.length) swapped[at + 1] = bytes[at] ?? 0
  }
  return new TextDecoder('utf-16le', { ignoreBOM: true }).decode(swapped)
}

/** Offset of the first byte that is not part of valid UTF-8. */
function invalidUtf8(bytes: Uint8Array): number | undefined {
  for (let at = 0; at < bytes.length; ) {
    const length = sequenceLength(bytes, at)
    if (length === 0) return at
    at += length
  }
  return undefined
}

/** Length of the valid sequence at `at`, 0 where there is none (RFC 3629, section 4). */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at] ?? 0
  if (first < 0x80) return 1
  const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2
  if (first < 0xc2 || first > 0xf4) return 0
  for (let index = 1; index < length; index += 1) {
    const [low, high] = index === 1 ? secondByteRange(first) : [0x80, 0xbf]
    const byte = bytes[at + index] ?? 0
    if (byte < low || byte > high) return 0
  }
  return length
}

function secondByteRange(first: number): readonly [number, number] {
  if (first === 0xe0) return [0xa0, 0xbf]
  if (first === 0xed) return [0x80, 0x9f]
  if (first === 0xf0) return [0x90, 0xbf]
  if (first === 0xf4) return [0x80, 0x8f]
  return [0x80, 0xbf]
}
