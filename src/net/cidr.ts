import ipaddr from 'ipaddr.js'

/** IP version. */
export type Family = 4 | 6

/**
 * A block of addresses. `first` and `last` are the block's bounds as numbers, so that every question about
 * blocks is a comparison.
 */
export interface Cidr {
  readonly family: Family
  /** Prefix length in bits: 0 to 32 or 0 to 128. */
  readonly prefix: number
  readonly first: bigint
  readonly last: bigint
}

/** The private IPv4 ranges (RFC 1918), in the order in which Docker's own default pools use them. */
export const PRIVATE_RANGES = ['172.16.0.0/12', '192.168.0.0/16', '10.0.0.0/8'] as const

/**
 * Reads `10.1.2.3`, `10.1.2.3/8`, `10.0.0.0/255.0.0.0`, `fd00::1`, `fd00::/8`, `fe80::1%eth0`.
 * Host bits are cut off. Anything else, such as `default`, is undefined.
 */
export function parseCidr(text: string): Cidr | undefined {
  const [addressText = '', prefixText, ...rest] = text.split('/')
  if (rest.length > 0) return undefined
  const address = parseAddress(addressText)
  if (address === undefined) return undefined
  const prefix = parsePrefix(prefixText, address.family)
  return prefix === undefined ? undefined : block(address.family, address.value, prefix)
}

/** The block's usual notation: `172.17.0.0/16`. */
export function formatCidr(cidr: Cidr): string {
  return `${formatAddress(cidr.family, cidr.first)}/${cidr.prefix}`
}

/** The network that an interface address lies in: `172.17.0.1`, 16 → `172.17.0.0/16`. Undefined when invalid. */
export function networkOf(address: string, prefix: number): string | undefined {
  const cidr = parseCidr(`${address}/${prefix}`)
  return cidr === undefined ? undefined : formatCidr(cidr)
}

/** Whether every address of `inner` (a block or an address) is in `outer`. Invalid text contains nothing. */
export function contains(outer: string, inner: string): boolean {
  const [a, b] = [parseCidr(outer), parseCidr(inner)]
  return a !== undefined && b !== undefined && encloses(a, b)
}

/** Whether two blocks or addresses share an address. Invalid text overlaps nothing. */
export function overlaps(left: string, right: string): boolean {
  const [a, b] = [parseCidr(left), parseCidr(right)]
  return a !== undefined && b !== undefined && intersects(a, b)
}

export function encloses(outer: Cidr, inner: Cidr): boolean {
  return outer.family === inner.family && outer.first <= inner.first && inner.last <= outer.last
}

export function intersects(a: Cidr, b: Cidr): boolean {
  return a.family === b.family && a.first <= b.last && b.first <= a.last
}

/** An address as a number, with its family; undefined when the text is not an address. A zone (`%eth0`) is dropped. */
export function parseAddress(text: string): { readonly family: Family; readonly value: bigint } | undefined {
  const [address = ''] = text.split('%')
  if (ipaddr.IPv4.isValidFourPartDecimal(address))
    return { family: 4, value: toNumber(ipaddr.IPv4.parse(address)) }
  if (address.includes(':') && ipaddr.IPv6.isValid(address)) {
    return { family: 6, value: toNumber(ipaddr.IPv6.parse(address)) }
  }
  return undefined
}

/** Whether an address (a zone is allowed) is one that never leaves the host: 127.0.0.0/8, ::1, ::ffff:127.0.0.0/104. */
export function isLoopback(address: string): boolean {
  const [bare = ''] = address.split('%')
  return LOOPBACK.some((range) => contains(range, bare))
}

/** A block's broadcast address, or undefined where there is none (IPv6, /31 and /32). */
export function broadcastOf(text: string): string | undefined {
  const cidr = parseCidr(text)
  if (cidr === undefined || cidr.family === 6 || cidr.prefix > 30) return undefined
  return formatAddress(4, cidr.last)
}

/**
 * The first block of `prefix` bits in `ranges`, in the order given, that shares no address with any block in
 * `taken`; undefined when all are taken. Invalid entries of `taken` and `ranges` are ignored.
 */
export function firstFree(
  prefix: number,
  taken: readonly string[],
  ranges: readonly string[] = PRIVATE_RANGES,
): string | undefined {
  const used = taken.map(parseCidr).filter((cidr) => cidr !== undefined)
  for (const range of ranges) {
    const cidr = parseCidr(range)
    const free = cidr === undefined ? undefined : firstFreeIn(cidr, prefix, used)
    if (free !== undefined) return formatCidr(free)
  }
  return undefined
}

const LOOPBACK = ['127.0.0.0/8', '::1/128', '::ffff:127.0.0.0/104']

function firstFreeIn(range: Cidr, prefix: number, used: readonly Cidr[]): Cidr | undefined {
  if (!Number.isInteger(prefix) || prefix < range.prefix || prefix > bits(range.family)) return undefined
  let candidate = block(range.family, range.first, prefix)
  while (candidate.last <= range.last) {
    const obstacle = used.find((cidr) => intersects(cidr, candidate))
    if (obstacle === undefined) return candidate
    candidate = block(range.family, blockAfter(candidate, obstacle.last), prefix)
  }
  return undefined
}

function blockAfter(candidate: Cidr, last: bigint): bigint {
  const size = candidate.last - candidate.first + 1n
  const end = last > candidate.last ? last : candidate.last
  return (end / size + 1n) * size
}

function block(family: Family, address: bigint, prefix: number): Cidr {
  const size = 1n << BigInt(bits(family) - prefix)
  const first = (address / size) * size
  return { family, prefix, first, last: first + size - 1n }
}

function parsePrefix(text: string | undefined, family: Family): number | undefined {
  if (text === undefined) return bits(family)
  if (/^\d{1,3}$/.test(text)) return Number(text) <= bits(family) ? Number(text) : undefined
  if (family === 6 || !ipaddr.IPv4.isValidFourPartDecimal(text)) return undefined
  return ipaddr.IPv4.parse(text).prefixLengthFromSubnetMask() ?? undefined
}

function bits(family: Family): number {
  return family === 4 ? 32 : 128
}

function toNumber(address: { toByteArray(): number[] }): bigint {
  return address.toByteArray().reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n)
}

function formatAddress(family: Family, value: bigint): string {
  const bytes = Array.from({ length: bits(family) / 8 }, (_, index, count = bits(family) / 8) =>
    Number((value >> BigInt(8 * (count - 1 - index))) & 0xffn),
  )
  const address = ipaddr.fromByteArray(bytes)
  return address.kind() === 'ipv6' ? (address as ipaddr.IPv6).toRFC5952String() : address.toString()
}
