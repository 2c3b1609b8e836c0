/** Entries of `insecure-registries`: a host, host:port, or a network. */
import { contains, parseAddress, parseCidr } from '../net/cidr.ts'

/** The engine takes `http://` and `https://` off, with a warning. @see https://github.com/moby/moby/blob/docker-v28.5.2/registry/config.go */
const withoutScheme = (entry: string): string => entry.replace(/^https?:\/\//i, '')

/** Why an entry does not mean what it says, and what to write instead; null where it is fine. */
export function insecureProblem(
  entry: string,
): { readonly reason: string; readonly instead?: string } | null {
  const bare = withoutScheme(entry.trim())
  if (bare === '') return { reason: 'it is empty' }
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(bare))
    return { reason: 'it may not have a scheme', instead: bare.replace(/^.*:\/\//, '') }
  if (parseCidr(bare) && bare.includes('/')) return null
  if (bare.includes('*')) return { reason: 'a wildcard matches nothing' }
  if (bare.includes('/')) {
    return {
      reason: 'it may not have a path: only host:port is compared',
      instead: bare.slice(0, bare.indexOf('/')),
    }
  }
  return null
}

/** Does the list let the engine speak plain HTTP to `host` (`name`, `name:port`, `address:port`)? Loopback always may. */
export function isListed(host: string, entries: readonly string[]): boolean {
  const address = host.replace(/:\d+$/, '').replace(/^\[|\]$/g, '')
  const networks = ['127.0.0.0/8', '::1/128', ...entries.map((entry) => withoutScheme(entry))]
  return networks.some(
    (entry) =>
      entry === host || (inNetwork(entry) && parseAddress(address) !== undefined && contains(entry, address)),
  )
}

const inNetwork = (entry: string): boolean => entry.includes('/') && parseCidr(entry) !== undefined
