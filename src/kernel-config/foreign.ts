const signatures: readonly [magic: string, what: string][] = [
  ['\x7fELF', 'an ELF binary, such as vmlinux'],
  ['MZ', 'a kernel image or another executable'],
  ['\x28\xb5\x2f\xfd', 'zstd data (decompress it first)'],
  ['BZh', 'bzip2 data (decompress it first)'],
  ['\x04\x22\x4d\x18', 'lz4 data (decompress it first)'],
  ['PK\x03\x04', 'a zip archive'],
  ['\x1f\x8b', 'gzip data within the compressed data'],
  ['\xfd7zXZ', 'xz data within the compressed data'],
]

const sniffed = 64 * 1024
const optionLine = /^(?:#[ \t]*)?CONFIG_\w+(?:=| is not set)/m

/**
 * What some bytes are instead of a kernel configuration, as a noun with its article.
 * @returns undefined where they are one
 */
export function foreignInput(bytes: Uint8Array): string | undefined {
  if (bytes.byteLength === 0) return 'nothing: it is empty'
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
  const signature = signatures.find(([magic]) => text.startsWith(magic))
  if (signature !== undefined) return signature[1]
  if (text.slice(0, sniffed).includes('\0')) return 'binary data'
  return foreignText(text)
}

function foreignText(text: string): string | undefined {
  const start = text.slice(0, sniffed).trimStart()
  if (/^<(?:!doctype|html|\?xml|head|body)/i.test(start)) return 'an HTML page'
  if (optionLine.test(text)) return undefined
  if (start === '') return 'nothing but white space'
  if (/^[{[]/.test(start)) return 'JSON'
  return 'text without any CONFIG_ line'
}
