import { parseAddress } from './cidr.ts'

/** One line of `/etc/hosts` (hosts(5)): an address and the names it answers to, the canonical one first. */
export interface HostsEntry {
  readonly address: string
  readonly names: readonly string[]
  /** 1-based. */
  readonly line: number
  /** The line as it stands. */
  readonly text: string
}

/** Never throws: lines without an address and a name are skipped. */
export function parseHosts(text: string): HostsEntry[] {
  return text.split('\n').flatMap((content, index) => {
    const [address, ...names] = content
      .replace(/#.*$/, '')
      .split(/\s+/)
      .filter((word) => word !== '')
    if (address === undefined || names.length === 0 || parseAddress(address) === undefined) return []
    return [{ address, names, line: index + 1, text: content }]
  })
}

/** The addresses that the file gives for a name, in file order; names are compared without case. */
export function addressesOf(entries: readonly HostsEntry[], name: string): string[] {
  const wanted = name.toLowerCase()
  return entries
    .filter((entry) => entry.names.some((known) => known.toLowerCase() === wanted))
    .map((entry) => entry.address)
}
