/**
 * Reads `/proc/net/fib_trie`: the IPv4 addresses that are this namespace's own, each once, without loopback's. A leaf
 * (`|-- 172.17.0.2`) is followed by its prefixes, one of which is `/32 host LOCAL`. Never throws.
 */
export function parseLocalAddresses(text: string): string[] {
  const own = new Set<string>()
  let leaf = ''
  for (const line of text.split('\n')) {
    const [, address] = /^\s*\|-- (\d{1,3}(?:\.\d{1,3}){3})$/.exec(line) ?? []
    if (address !== undefined) leaf = address
    else if (leaf !== '' && !leaf.startsWith('127.') && /^\s*\/32 host LOCAL$/.test(line)) own.add(leaf)
  }
  return [...own]
}
