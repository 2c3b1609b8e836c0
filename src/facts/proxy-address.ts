/** Proxies as they are written: `http://host:3128`, or without the scheme. */
import { isLoopback } from '../net/cidr.ts'

export interface ProxyAddress {
  readonly scheme: 'http' | 'https' | 'socks'
  /** A name, or an address; in brackets where it is one of IPv6. */
  readonly host: string
  readonly port: number
}

const SCHEMES: Readonly<Record<string, readonly [ProxyAddress['scheme'], number]>> = {
  'http:': ['http', 80],
  'https:': ['https', 443],
  'socks5:': ['socks', 1080],
  'socks5h:': ['socks', 1080],
}

/** null where it cannot be used. Without a scheme it is `http`. @see https://pkg.go.dev/golang.org/x/net/http/httpproxy#Config */
export function proxyAddress(written: string): ProxyAddress | null {
  const text = /^[a-z][a-z0-9+.-]*:\/\//i.test(written) ? written : `http://${written}`
  if (/\s/.test(text) || !URL.canParse(text)) return null
  const { protocol, hostname, port } = new URL(text)
  const known = SCHEMES[protocol]
  return known && hostname ? { scheme: known[0], host: hostname, port: Number(port) || known[1] } : null
}

export const isOwnAddress = ({ host }: ProxyAddress): boolean =>
  host === 'localhost' || isLoopback(host.replace(/^\[|\]$/g, ''))
