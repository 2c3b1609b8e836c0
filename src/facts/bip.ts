/** The address that daemon.json gives the default bridge. */

import { defineFact, type Fact } from '../model/fact.ts'
import { formatCidr, parseAddress, parseCidr } from '../net/cidr.ts'
import { daemonSettings } from './daemon-config.ts'
import { textOf } from './json.ts'

export interface Bip {
  /** As it is set. */
  readonly text: string
  readonly address: string
  /** The network that it lies in; null where it says no mask. */
  readonly subnet: string | null
  /** Why the engine refuses it; null where it does not. */
  readonly problem: string | null
  /** What was probably meant; null where that cannot be told. */
  readonly meant: string | null
}

/** Bits of the network part where no mask says: as in Docker's own default pools. */
const usualPrefix = (address: string): number => (address.startsWith('192.168.') ? 24 : 16)

/**
 * The engine wants an address of a host with a mask, and hands the network's own address out to nobody.
 * @see https://docs.docker.com/engine/network/drivers/bridge/#configure-the-default-bridge-network
 */
export function parseBip(text: string): Bip {
  const [address = '', mask] = text.trim().split('/')
  const own = parseAddress(address)
  const cidr = parseCidr(mask === undefined ? `${address}/${usualPrefix(address)}` : text.trim())
  const refused = (problem: string, meant: string | null): Bip => ({
    text,
    address,
    subnet: null,
    problem,
    meant,
  })
  if (own?.family !== 4 || !cidr) return refused('is no IPv4 address with a mask', null)
  const gateway = ipv4(cidr.first + 1n)
  if (mask === undefined) {
    const meant = own.value === cidr.first ? gateway : address
    return refused('has no mask', `${meant}/${cidr.prefix}`)
  }
  if (own.value === cidr.first && cidr.prefix < 31)
    return refused("is the network's address, not one of a host", `${gateway}/${cidr.prefix}`)
  return { text, address, subnet: formatCidr(cidr), problem: null, meant: null }
}

const ipv4 = (value: bigint): string =>
  [24n, 16n, 8n, 0n].map((shift) => String((value >> shift) & 0xffn)).join('.')

/** null where it is not set: the engine then chooses. */
export const bip: Fact<Bip | null> = defineFact({
  name: 'bip',
  about: 'The address that the settings give the default bridge; null where they give none.',
  needs: { settings: daemonSettings },
  parse: (_, { settings }) => {
    const text = textOf(settings.get('bip'))
    return text === '' ? null : parseBip(text)
  },
})

/** The first address of a block, as `bip` wants it: `172.20.0.0/16` → `172.20.0.1/16`. */
export function bipIn(block: string): string {
  const cidr = parseCidr(block)
  return cidr?.family === 4 ? `${ipv4(cidr.first + 1n)}/${cidr.prefix}` : block
}

/** An address of a subnet that its bridge has not: what a container there may have. */
export function containerIn(subnet: string, gateway: string): string {
  const cidr = parseCidr(subnet)
  if (cidr?.family !== 4) return ''
  const [own] = gateway.split('/')
  return [ipv4(cidr.first + 2n), ipv4(cidr.first + 1n)].find((address) => address !== own) ?? ''
}
