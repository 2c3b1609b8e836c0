/** TCP ports that something listens on, as the kernel lists them. */
import { defineFact, type Fact, maybe, type OrAbsent, orAbsent } from '../model/fact.ts'
import { type FileSource, file } from '../model/source.ts'
import { listeners } from './listeners.ts'

export interface TcpListener {
  /** `0.0.0.0`, `127.0.0.1`, `::`, `::1`, … */
  readonly address: string
  readonly port: number
}

/** States of a socket that waits for anybody: TCP_LISTEN, and TCP_CLOSE, which is how the kernel shows an unconnected UDP socket. */
const WAITING = { tcp: '0A', udp: '07' } as const

/**
 * Parses /proc/net/tcp, tcp6, udp or udp6 (addresses in host byte order, taken to be little-endian). Never throws.
 * @see https://docs.kernel.org/networking/proc_net_tcp.html
 */
export function parseTcpListeners(text: string, protocol: keyof typeof WAITING = 'tcp'): TcpListener[] {
  return text.split('\n').flatMap((line) => {
    const fields = line.trim().split(/\s+/)
    const [, hex, port] = /^((?:[0-9A-F]{8}){1,4}):([0-9A-F]{4})$/i.exec(fields[1] ?? '') ?? []
    if (!hex || !port || fields[3] !== WAITING[protocol] || (hex.length !== 8 && hex.length !== 32)) return []
    return [{ address: addressOf(hex), port: Number.parseInt(port, 16) }]
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

/** As `ss` lists them; where it is not installed, from the kernel's own tables, which takes it milliseconds to write. */
export const tcpListeners: Fact<readonly TcpListener[]> = defineFact({
  name: 'tcpListeners',
  about: 'The TCP ports that something listens on in the network of this host; empty without an engine.',
  needs: { listed: maybe(listeners) },
  reads: ({ listed }): Record<string, OrAbsent<FileSource>> =>
    listed.known ? {} : { four: orAbsent(file('/proc/net/tcp')), six: orAbsent(file('/proc/net/tcp6')) },
  reading: '/proc/net/tcp and /proc/net/tcp6 (where ss is not installed)',
  parse: ({ four, six }, { listed }): readonly TcpListener[] => {
    if (!listed.known) return [...parseTcpListeners(four ?? ''), ...parseTcpListeners(six ?? '')]
    return listed.value
      .filter(({ protocol }) => protocol === 'tcp')
      .map(({ address, port }) => ({ address, port }))
  },
})
