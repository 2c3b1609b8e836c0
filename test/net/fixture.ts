import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** The text of a recorded output below `test/fixtures`. */
export function fixture(path: string): string {
  return readFileSync(fileURLToPath(new URL(`../fixtures/${path}`, import.meta.url)), 'utf8')
}

/** `iptables-save` texts by docker version, then by the situation in which dockerd was started. */
export const dockerRules: Readonly<
  Record<string, Readonly<Record<string, { readonly iptables: string; readonly ip6tables: string }>>>
> = JSON.parse(fixture('net/docker-rules-by-version.json'))
