/** A rule put into what `nft -j list ruleset` printed. */
import { NFT_RULESET } from '../../facts/firewall.ts'
import type { Readings } from '../../hosts/memory.ts'
import type { NftStep } from '../../model/fix.ts'
import { sourceKey } from '../../model/source.ts'
import { type Effect, opaque, outputOf, told, withOutput } from './effect.ts'

const KEY = sourceKey(NFT_RULESET)

export function insertNftRule(readings: Readings, step: NftStep): Effect {
  const text = outputOf(readings, KEY)
  const expr = expressionsOf(step.rule)
  const changed = text === null || expr === null ? null : withRule(text, step, expr)
  return changed === null ? opaque(readings) : told(withOutput(readings, KEY, changed))
}

interface Place {
  readonly family: string
  readonly table: string
}
interface Entry {
  readonly chain?: Place & { readonly name: string }
  readonly rule?: Place & { readonly chain: string; readonly handle?: number; readonly expr: unknown }
}

/** Null where the text lacks the chain: then nft would fail. */
function withRule(text: string, { family, table, chain }: NftStep, expr: readonly object[]): string | null {
  const { nftables, ...rest } = JSON.parse(text) as { readonly nftables: readonly Entry[] }
  const isThere = (place: Place | undefined): boolean => place?.family === family && place.table === table
  if (!nftables.some((entry) => isThere(entry.chain) && entry.chain?.name === chain)) return null
  const isOfChain = ({ rule }: Entry): boolean => isThere(rule) && rule?.chain === chain
  const wanted = JSON.stringify(expr)
  if (nftables.some((entry) => isOfChain(entry) && JSON.stringify(entry.rule?.expr) === wanted)) return text
  const handle = 1 + Math.max(0, ...nftables.map(({ rule }) => rule?.handle ?? 0))
  const first = nftables.findIndex(isOfChain)
  const at = first < 0 ? nftables.length : first
  const rule = { family, table, chain, handle, expr }
  return JSON.stringify({ nftables: nftables.toSpliced(at, 0, { rule }), ...rest })
}

const match = (left: object, right: unknown): object => ({ match: { op: '==', left, right } })

/** The words that fixes write, and what nft makes of them. @see https://manpages.debian.org/libnftables-json.5 */
const PHRASES: readonly (readonly [RegExp, (found: readonly string[]) => object])[] = [
  [/^([io]ifname) "([^"]+)"/, ([, key, name]) => match({ meta: { key } }, name)],
  [/^meta (l4proto) (\w+)/, ([, key, protocol]) => match({ meta: { key } }, protocol)],
  [
    /^(tcp|udp|sctp) dport (\d+)/,
    ([, protocol, port]) => match({ payload: { protocol, field: 'dport' } }, Number(port)),
  ],
  [/^accept$/, () => ({ accept: null })],
]

/** Null where a word is none of them. */
function expressionsOf(words: readonly string[]): readonly object[] | null {
  const found: object[] = []
  let rest = words.join(' ')
  while (rest !== '') {
    const phrase = PHRASES.map(([pattern, make]) => ({ said: pattern.exec(rest), make })).find(
      ({ said }) => said,
    )
    if (!phrase?.said) return null
    found.push(phrase.make(phrase.said))
    rest = rest.slice(phrase.said[0].length).trimStart()
  }
  return found
}
