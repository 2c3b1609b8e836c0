import { isLoopback } from './cidr.ts'

/**
 * What `/etc/resolv.conf` says, by resolv.conf(5): the last of `domain` and `search` wins, `nameserver` and
 * `options` add up. glibc itself uses the first three servers only; all are kept.
 */
export interface ResolvConf {
  /** Addresses, a zone kept (`fe80::1%eth0`), in order. Text that is no address is kept too: the resolver skips it. */
  readonly nameservers: readonly string[]
  readonly search: readonly string[]
  readonly options: readonly string[]
  readonly sortlist: readonly string[]
}

/** Never throws: unknown lines are skipped, as the resolver does. */
export function parseResolvConf(text: string): ResolvConf {
  const found = {
    nameservers: [] as string[],
    search: [] as string[],
    options: [] as string[],
    sortlist: [] as string[],
  }
  for (const line of text.split(/\r?\n/)) {
    const [keyword, ...values] = words(line)
    if (keyword === 'nameserver' && values[0] !== undefined) found.nameservers.push(values[0])
    else if (keyword === 'search' && values.length > 0) found.search = values
    else if (keyword === 'domain' && values[0] !== undefined) found.search = [values[0]]
    else if (keyword === 'options') found.options.push(...values)
    else if (keyword === 'sortlist') found.sortlist = values
  }
  return found
}

/**
 * The nameservers that a container on the host could also ask: all but the host's own loopback ones
 * (127.0.0.53 and the like), which a container's network namespace does not have.
 */
export function nonLoopbackNameservers(resolvConf: ResolvConf): string[] {
  return resolvConf.nameservers.filter((server) => !isLoopback(server))
}

/** Whether servers are named, and every one of them is a loopback address. */
export function hasOnlyLoopbackNameservers(resolvConf: ResolvConf): boolean {
  return resolvConf.nameservers.length > 0 && nonLoopbackNameservers(resolvConf).length === 0
}

// A comment starts a line, or stands after white space: `options ndots:1 # why`.
function words(line: string): string[] {
  const end = line.search(/(^|\s)[#;]/)
  return (end === -1 ? line : line.slice(0, end)).split(/\s+/).filter((word) => word !== '')
}
