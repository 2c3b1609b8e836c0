/** Text as people's systems write it. */

/**
 * What Windows saves is often UTF-16, and says so in its first two bytes; what is no UTF-8 may be what Chinese systems write (GBK and its
 * successor). All else is read as UTF-8, with its damage: a journal with a torn character, or the accents of Latin-1.
 */
export function decoded(bytes: Buffer): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes)
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes)
  const text = new TextDecoder().decode(bytes)
  return isChinese(bytes, text) ? (decodedAs('gb18030', bytes) ?? text) : text
}

/** Bytes that are no UTF-8 nearly throughout, most of them pairs as the common characters have them: an accent is followed by a letter. */
function isChinese(bytes: Buffer, asUtf8: string): boolean {
  const beyond = asUtf8.match(/[^\0-\x7f]/gu) ?? []
  if (beyond.filter((char) => char === '\uFFFD').length <= beyond.length / 2) return false
  let [pairs, others] = [0, 0]
  for (let at = 0; at < bytes.length; at++) {
    if ((bytes[at] ?? 0) < FIRST_OF_TWO) continue
    at += 1
    if ((bytes[at] ?? 0) >= COMMON_SECOND) pairs += 1
    else others += 1
  }
  return pairs > others
}

/** @see https://encoding.spec.whatwg.org/#gb18030-decoder */
const FIRST_OF_TWO = 0x81
/** Of GB 2312, whose characters are the common ones. */
const COMMON_SECOND = 0xa1

function decodedAs(encoding: string, bytes: Buffer): string | null {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes)
  } catch {
    return null
  }
}
