/** TCP ports that something listens on, as the kernel lists them. */
import { defineFact, type Fact, type OrAbsent, orAbsent } from '../model/fact.ts'
import { type FileSource, file } from '../model/source.ts'
import { engineVersion } from './engine-version.ts'

export interface TcpListener {
  /** `0.0.0.0`, `127.0.0.1`, `::`, `::1`, … */
  readonly address: string
  readonly port: number
  readonly inode: number
}

const LISTEN = '0A'

/** Parses /proc/net/tcp or tcp6 (addresses in host byte order, taken to be little-endian). Never throws. @see https://docs.kernel.org/networking/proc_net_tcp.html */
export function parseTcpListeners(text: string): TcpListener[] {
  return text.split('\n').flatMap((line) => {
    const fields = line.trim().split(/\s+/)
    const [, hex, port] = /^((?:[0-9A-F]{8}){1,4}):([0-9A-F]{4})$/i.exec(fields[1] ?? '') ?? []
    if (!hex || !port || fields[3] !== LISTEN || (hex.length !== 8 && hex.length !== 32)) return []
    return [{ address: addressOf(hex), port: Number.parseInt(port, 16), inode: Number(fields[9]) || 0 }]
  })
}

function addressOf(hex: string): string {
  const bytes = (hex.match(/.{8}/g) ?? []).flatMap((word) => (word.match(/../g) ?? []).reverse())
  if (bytes.length === 4) return bytes.map((byte) => Number.parseInt(byte, 16)).join('.')
  const text = bytes.join('').toLowerCase()
  if (/^0+$/.test(text)) return '::'
  if (/^0{31}1$/.test(text)) return '::1'
  if (text.startsWith('0'.repeat(20) + 'ffff')) return addressOf(reversed(text.slice(24)))
  return (text.match(/.{4}/g) ?? []).map((group) => group.replace(/^0{1,3}/, '')).join(':')
}

const reversed = (hex: string): string => (hex.match(/../g) ?? []).reverse().join('')

export const isLoopback = (address: string): boolean => address.startsWith('127.') || address === '::1'

/** Every address, or none named. */
export const isAnyAddress = (address: string): boolean => ['', '0.0.0.0', '::', '*'].includes(address)

export const tcpListeners: Fact<readonly TcpListener[]> = defineFact({
  name: 'tcpListeners',
  about: 'The TCP ports that something listens on in the network of this host; empty without an engine.',
  needs: { version: engineVersion },
  // The kernel walks its whole table for each of them, which takes milliseconds.
  reads: ({ version }): Record<string, OrAbsent<FileSource>> =>
    version === null ? {} : { four: orAbsent(file('/proc/net/tcp')), six: orAbsent(file('/proc/net/tcp6')) },
  reading: '/proc/net/tcp and /proc/net/tcp6 (where an engine is installed)',
  parse: ({ four, six }): readonly TcpListener[] => [
    ...parseTcpListeners(four ?? ''),
    ...parseTcpListeners(six ?? ''),
  ],
})
