import { type Cidr, parseAddress, parseCidr } from '../net/cidr.ts'
import { atLeast, type EngineVersion } from './version.ts'

/*
 * The texts inside daemon.json are read by functions of Go's standard library and of docker/go-units.
 * These are their rules, as far as acceptance depends on them.
 */

/** An IP address as Go's `net.ParseIP` takes it: no zone, no leading zeros, no white space. */
export function isIp(text: string): boolean {
  return !text.includes('%') && isAddress(text)
}

/** An IP address as Go's `netip.ParseAddr` takes it: an IPv6 address may carry a zone. */
export function isAddress(text: string): boolean {
  if (/[\s/]/.test(text) || /^[^%]*%$/.test(text)) return false
  if (text.includes('%') && !text.includes(':')) return false
  return !/(?:^|[.:])0\d+\./.test(text) && !/\.0\d+$/.test(text) && parseAddress(text) !== undefined
}

/** An address with a prefix length as Go's `net.ParseCIDR` takes it, and the block it lies in. */
export function goCidr(text: string): (Cidr & { readonly address: bigint }) | undefined {
  const [address = '', prefix = '', ...rest] = text.split('/')
  if (rest.length > 0 || !/^\d{1,6}$/.test(prefix) || !isIp(address)) return undefined
  const block = parseCidr(`${address}/${Number(prefix)}`)
  const value = parseAddress(address)?.value
  return block === undefined || value === undefined ? undefined : { ...block, address: value }
}

/** As Go's `netip.ParsePrefix`, which is stricter: no leading zeros in the length. */
export function goPrefix(text: string): ReturnType<typeof goCidr> {
  return /\/0\d/.test(text) ? undefined : goCidr(text)
}

/** What Go's `strconv.ParseBool` makes of a text. */
export function goBool(text: string): boolean | undefined {
  if (/^(?:1|t|T|TRUE|true|True)$/.test(text)) return true
  return /^(?:0|f|F|FALSE|false|False)$/.test(text) ? false : undefined
}

/** A size in bytes (`64m`, `1.5 GiB`) by https://github.com/docker/go-units; the older release had other rules for suffixes. */
export function isSize(text: string, version: EngineVersion): boolean {
  if (!atLeast(version, '23.0')) return /^\d+(?:\.\d+)? ?[kmgtp]?i?b?$/i.test(text)
  return /^\+?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)? ?(?:b|[kmgtp](?:i?b)?)?$/i.test(text)
}

/** A duration as Go's `time.ParseDuration` takes it: `1h30m`, `500ms`. A number needs a unit, except 0. */
export function isDuration(text: string): boolean {
  return /^[+-]?(?:0|(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+)$/.test(text)
}

/** An integer as Go's `strconv.Atoi` takes it. */
export function goInteger(text: string): number | undefined {
  return /^[+-]?\d{1,18}$/.test(text) ? Number(text) : undefined
}

/** An unsigned 32-bit integer in any base, as `strconv.ParseUint(text, 0, 32)` takes it. */
export function isUnsigned32(text: string): boolean {
  const digits = text.replaceAll('_', '')
  if (/__|_$|^_/.test(text)) return false
  if (/^0[xX][0-9a-fA-F]+$|^0[bB][01]+$|^0[oO][0-7]+$/.test(digits)) return Number(digits) <= 0xffffffff
  if (text.includes('_') && !digits.startsWith('0')) return false
  if (/^0[0-7]+$/.test(digits)) return Number.parseInt(digits, 8) <= 0xffffffff
  return /^(?:0|[1-9]\d*)$/.test(digits) && Number(digits) <= 0xffffffff
}

/** The parts of a URL that the engine looks at. */
export interface GoUrl {
  readonly scheme: string
  readonly user: boolean
  /** With the port. */
  readonly host: string
  readonly path: string
  readonly query: string
  readonly fragment: string
}

/** A URL as Go's `net/url.Parse` takes it; a text saying why it does not. */
export function goUrl(text: string): GoUrl | string {
  if (/[\u0000-\u001f\u007f]/.test(text)) return 'it holds a control character'
  const [beforeFragment = '', ...fragments] = text.split('#')
  const scheme = /^([a-zA-Z][a-zA-Z0-9+.-]*):/.exec(beforeFragment)?.[1] ?? ''
  if (scheme === '' && beforeFragment.startsWith(':')) return 'the scheme is missing'
  const [rest = '', ...queries] = (
    scheme === '' ? beforeFragment : beforeFragment.slice(scheme.length + 1)
  ).split('?')
  const parts = { scheme: scheme.toLowerCase(), query: queries.join('?'), fragment: fragments.join('#') }
  if (!rest.startsWith('/')) return withoutSlash(rest, parts)
  if (!rest.startsWith('//')) return escaped(rest) ?? { ...parts, user: false, host: '', path: rest }
  const [, authority = '', path = ''] = /^\/\/([^/]*)(.*)$/s.exec(rest) ?? []
  const problem = authorityProblem(authority) ?? escaped(path)
  if (problem !== undefined) return problem
  const at = authority.lastIndexOf('@')
  return { ...parts, user: at >= 0, host: authority.slice(at + 1), path }
}

function withoutSlash(rest: string, parts: Omit<GoUrl, 'user' | 'host' | 'path'>): GoUrl | string {
  const opaque = parts.scheme !== ''
  if (!opaque && /^[^/]*:/.test(rest)) return 'a colon stands in its first part'
  return { ...parts, user: false, host: '', path: opaque ? '' : rest }
}

function escaped(text: string): string | undefined {
  return /%(?![0-9a-fA-F]{2})/.test(text) ? 'it holds a % that is no escape' : undefined
}

function authorityProblem(authority: string): string | undefined {
  const at = authority.lastIndexOf('@')
  if (at >= 0 && !/^[A-Za-z0-9._~!$&'()*+,;=:%@-]*$/.test(authority.slice(0, at)))
    return 'the user name is not valid'
  const host = authority.slice(at + 1)
  const bracketed = /^\[([^\]]*)\](.*)$/.exec(host)
  if (host.startsWith('[') && bracketed === null) return 'a ] is missing in the host'
  const port = bracketed?.[2] ?? /:[^:]*$/.exec(host)?.[0] ?? ''
  if (!/^(?::\d*)?$/.test(port)) return `the port ${JSON.stringify(port.replace(/^:/, ''))} is not a number`
  const name = bracketed === null ? host : (bracketed[1] ?? '')
  const wrong = /[\u0000-\u0020{}|\\^`"#?]/.exec(name.replaceAll(/["<>]/g, ''))?.[0]
  if (wrong !== undefined) return `${JSON.stringify(wrong)} cannot be in a host name`
  return /%(?![89a-fA-F][0-9a-fA-F])/.test(name.replace(/%25.*/, ''))
    ? 'it holds a % in the host name'
    : undefined
}

/** Host and port as Go's `net.SplitHostPort` splits them; undefined where it would not. */
export function splitHostPort(text: string): { readonly host: string; readonly port: string } | undefined {
  const bracketed = /^\[([^[\]]*)\]:([^:[\]]*)$/.exec(text)
  const plain = /^([^:[\]]*):([^:[\]]*)$/.exec(text)
  const [, host, port] = bracketed ?? plain ?? []
  return host === undefined || port === undefined ? undefined : { host, port }
}
