/**
 * Looks for damage in a bolt database without opening it: its two meta pages, its length, and the pages that lie in what was read of it.
 * @see https://github.com/etcd-io/bbolt/blob/v1.3.11/page.go
 * @see https://github.com/etcd-io/bbolt/blob/v1.3.11/db.go
 */

const MAGIC = 0xed0cdaed
const VERSION = 2
const PAGE_HEADER = 16
const META_HASHED = 56
const META_END = PAGE_HEADER + META_HASHED + 8
const PAGE_SIZES = [4096, 16384, 65536] as const
/** bbolt writes no list of free pages where it was told so. */
const NO_FREELIST = 0xffffffffffffffffn
const BRANCH = 0x01
const LEAF = 0x02
const FREELIST = 0x10
const ELEMENT = 16
const HOLDS_BUCKET = 0x01
const BUCKET_HEADER = 16

interface Meta {
  readonly pageSize: number
  readonly root: bigint
  readonly freelist: bigint
  readonly pages: bigint
  readonly transaction: bigint
}

/** What of a database must be read to judge it: both meta pages, however large pages are. */
export const BOLT_HEAD = 128 * 1024

/**
 * What is wrong with a database, in words; null where nothing is. An empty file is none: bolt begins it anew.
 * `head` is its beginning, `size` its length in bytes.
 */
export function boltDamage(head: Uint8Array, size: number): string | null {
  if (size === 0) return null
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength)
  const little = !isMagic(view, 0, false) && !PAGE_SIZES.some((at) => isMagic(view, at, false))
  const metas = [0, ...PAGE_SIZES].flatMap((at) => metaAt(view, at, little) ?? [])
  const [meta] = metas.sort((a, b) => (a.transaction > b.transaction ? -1 : 1))
  if (!meta) return 'it has no valid header'
  if (BigInt(size) < meta.pages * BigInt(meta.pageSize)) {
    return `it was cut off: ${size} bytes are left of ${meta.pages * BigInt(meta.pageSize)}`
  }
  const bad = new Pages(view, little, meta).firstBad()
  return bad === null ? null : `page ${bad} is no page`
}

const isMagic = (view: DataView, at: number, little: boolean): boolean =>
  view.byteLength >= at + META_END && view.getUint32(at + PAGE_HEADER, little) === MAGIC

function metaAt(view: DataView, at: number, little: boolean): Meta | null {
  const start = at + PAGE_HEADER
  if (!isMagic(view, at, little) || view.getUint32(start + 4, little) !== VERSION) return null
  const wide = (offset: number): bigint => view.getBigUint64(start + offset, little)
  if (wide(META_HASHED) !== fnv1a(view, start, META_HASHED)) return null
  const pageSize = view.getUint32(start + 8, little)
  if (pageSize < 1024) return null
  return { pageSize, root: wide(16), freelist: wide(32), pages: wide(40), transaction: wide(48) }
}

function fnv1a(view: DataView, start: number, length: number): bigint {
  let hash = 0xcbf29ce484222325n
  for (let i = 0; i < length; i++) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(view.getUint8(start + i))) * 0x100000001b3n)
  }
  return hash
}

/** The pages that the newest meta page leads to, as far as they lie in what was read. */
class Pages {
  readonly #view: DataView
  readonly #little: boolean
  readonly #meta: Meta
  readonly #seen = new Set<bigint>()

  constructor(view: DataView, little: boolean, meta: Meta) {
    this.#view = view
    this.#little = little
    this.#meta = meta
  }

  firstBad(): bigint | null {
    const { root, freelist } = this.#meta
    if (
      freelist !== NO_FREELIST &&
      this.#flagsOf(freelist) !== undefined &&
      this.#flagsOf(freelist) !== FREELIST
    )
      return freelist
    const waiting = [root]
    for (let page = waiting.pop(); page !== undefined; page = waiting.pop()) {
      if (this.#seen.has(page)) continue
      this.#seen.add(page)
      const flags = this.#flagsOf(page)
      if (flags === undefined) continue
      if (flags !== BRANCH && flags !== LEAF) return page
      waiting.push(...this.#below(page, flags))
    }
    return null
  }

  /** null where the page does not know its own number; undefined where it was not read. */
  #flagsOf(page: bigint): number | null | undefined {
    if (page >= this.#meta.pages) return null
    const at = this.#at(page)
    if (at + this.#meta.pageSize > this.#view.byteLength) return undefined
    return this.#wide(at) === page ? this.#view.getUint16(at + 8, this.#little) : null
  }

  #below(page: bigint, flags: number): bigint[] {
    const at = this.#at(page)
    const count = this.#view.getUint16(at + 10, this.#little)
    const elements = Array.from({ length: count }, (_, i) => at + PAGE_HEADER + i * ELEMENT)
    const whole = elements.filter((element) => element + ELEMENT <= this.#view.byteLength)
    return flags === BRANCH
      ? whole.map((element) => this.#wide(element + 8))
      : whole.flatMap((element) => this.#bucketIn(element))
  }

  /** The page of a bucket that a leaf holds; a small bucket lies within the leaf, and has none. */
  #bucketIn(element: number): bigint[] {
    const word = (offset: number): number => this.#view.getUint32(element + offset, this.#little)
    if ((word(0) & HOLDS_BUCKET) === 0) return []
    const value = element + word(4) + word(8)
    if (value + BUCKET_HEADER > this.#view.byteLength) return []
    const page = this.#wide(value)
    return page === 0n ? [] : [page]
  }

  #at(page: bigint): number {
    return Number(page) * this.#meta.pageSize
  }

  #wide(at: number): bigint {
    return this.#view.getBigUint64(at, this.#little)
  }
}
