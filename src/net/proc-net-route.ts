import { formatCidr, parseCidr } from './cidr.ts'
import { defined } from './record.ts'
import type { Route } from './route.ts'

const RTF_UP = 0x1
const RTF_GATEWAY = 0x2
const RTF_REJECT = 0x200

/**
 * Reads `/proc/net/route`: the IPv4 routes of table main, for hosts without a usable `ip`. Addresses are hexadecimal
 * in host byte order, taken to be little-endian. Blackhole, prohibit and unreachable cannot be told apart there: all
 * are given as `unreachable`. Never throws: lines of no known form are skipped.
 */
export function parseProcNetRoute(text: string): Route[] {
  return text.split(/\r?\n/).flatMap((line) => {
    const [dev, destination, gateway, flagText, , , metric, mask] = line.trim().split(/\s+/)
    const dst = toCidr(destination, mask)
    const flags = Number.parseInt(flagText ?? '', 16)
    if (dst === undefined || Number.isNaN(flags) || (flags & RTF_UP) === 0) return []
    return [
      defined({
        family: 4 as const,
        dst,
        type: rejects(dev, flags) ? 'unreachable' : 'unicast',
        table: 'main',
        gateway: (flags & RTF_GATEWAY) === 0 ? undefined : toAddress(gateway),
        dev: dev === '*' ? undefined : dev,
        metric: /^[1-9]\d*$/.test(metric ?? '') ? Number(metric) : undefined,
        flags: [],
        nexthops: [],
      }),
    ]
  })
}

// A blackhole has no flag of its own: it shows as a route through no device.
function rejects(dev: string | undefined, flags: number): boolean {
  return dev === '*' || (flags & RTF_REJECT) !== 0
}

function toCidr(destination: string | undefined, mask: string | undefined): string | undefined {
  const cidr = parseCidr(`${toAddress(destination)}/${toAddress(mask)}`)
  return cidr === undefined ? undefined : formatCidr(cidr)
}

function toAddress(hex: string | undefined): string | undefined {
  if (hex === undefined || !/^[\dA-F]{8}$/i.test(hex)) return undefined
  return Buffer.from(hex, 'hex').reverse().join('.')
}
