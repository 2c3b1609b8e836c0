import { type Cidr, intersects } from '../../net/cidr.ts'
import type { ConfigFile } from '../config-file.ts'
import { goCidr } from '../go-text.ts'
import type { JsonNode, JsonObject } from '../json-tree.ts'
import { fail, type Issue, type Place, show, warn } from '../problem.ts'
import { fieldOf, numberField, textField } from './fields.ts'

/*
 * default-address-pools. Rules: libnetwork/ipamutils and libnetwork/ipams/defaultipam of
 * https://github.com/moby/moby (each entry is cut into networks of `size` when the engine starts).
 */

const KEY = 'default-address-pools'
const EXAMPLE = '{"base": "10.200.0.0/16", "size": 24}'

interface Pool extends Place {
  readonly block: Cidr
  readonly size: number
}

export function* poolRules(file: ConfigFile): Generator<Issue> {
  const node = file.value(KEY)
  if (node?.kind !== 'array') return
  const pools: Pool[] = []
  for (const [index, item] of node.items.entries()) {
    const key = `${KEY}.${index}`
    if (item.kind === 'null') yield fail(item, key, 'empty-pool', 'null is no pool', `write ${EXAMPLE}`)
    else if (item.kind === 'object') {
      const pool = poolOf(item)
      yield* poolProblems(file, item, pool, key)
      if (pool !== undefined) pools.push(pool)
    }
  }
  if (node.items.length > 0 && pools.length === node.items.length) yield* together(file, node, pools)
}

function poolOf(item: JsonObject): Pool | undefined {
  const block = goCidr(textField(item, 'base'))
  const size = numberField(item, 'size') ?? 0
  return block === undefined ? undefined : { offset: item.offset, block, size }
}

function* poolProblems(
  file: ConfigFile,
  item: JsonObject,
  pool: Pool | undefined,
  key: string,
): Generator<Issue> {
  const base = fieldOf(item, 'base')
  const size = fieldOf(item, 'size')
  if (base !== undefined && base.kind !== 'string' && base.kind !== 'null') return
  if (size !== undefined && size.kind !== 'number' && size.kind !== 'null') return
  if (pool === undefined) {
    const written = textField(item, 'base')
    if (written !== '' && file.from('27.0')) return
    const message =
      written === '' ? 'the pool has no base' : `${show(written)} is not a network with a prefix length`
    yield fail(base ?? item, `${key}.base`, 'bad-pool-base', message, `write ${EXAMPLE}`)
  } else yield* sizeProblems(file, size ?? item, pool, `${key}.size`)
}

function* sizeProblems(file: ConfigFile, place: Place, { block, size }: Pool, key: string): Generator<Issue> {
  const bits = block.family === 4 ? 32 : 128
  const range = `from ${block.prefix + 1} to ${bits === 32 ? 30 : 64}`
  const suggestion = `write the prefix length that each network shall have, ${range}`
  if (size <= 0) {
    yield fail(place, key, 'pool-size-missing', 'the pool does not say how large each network is', suggestion)
  } else if (size < block.prefix) {
    const message = `networks of /${size} do not fit into a pool of /${block.prefix}`
    yield fail(place, key, 'pool-size-too-small', message, suggestion)
  } else if (size > bits) {
    // A bridge with an address of its own does not come across the broken pool, except where all pools are cut at once.
    const unseen = file.text('bip') !== undefined && (!file.from('25.0') || file.from('27.0'))
    yield (unseen ? warn : fail)(
      place,
      key,
      'pool-size-too-large',
      `there is no prefix length ${size}`,
      suggestion,
    )
  } else if (block.family === 4 && size > 30) yield noRoom(file, place, size, key, suggestion)
  else if (size - block.prefix > 24 && !file.from('27.0')) {
    const message = `the engine lists all 2^${size - block.prefix} networks when it starts, and runs out of memory`
    yield fail(place, key, 'too-many-networks', message, 'write a smaller pool, or larger networks')
  }
}

function noRoom(file: ConfigFile, place: Place, size: number, key: string, suggestion: string): Issue {
  const message = `networks of /${size} have no address for a container`
  const needed = file.text('bip') === undefined && file.text('bridge')?.text !== 'none'
  if (needed && !file.from('23.0')) return fail(place, key, 'no-room', message, suggestion)
  return warn(place, key, 'no-room', message, suggestion)
}

function* together(file: ConfigFile, node: JsonNode, pools: readonly Pool[]): Generator<Issue> {
  const needed = file.text('bip') === undefined && file.text('bridge')?.text !== 'none'
  if (needed && !pools.some(({ block }) => block.family === 4)) {
    const message = 'no pool is IPv4, so that the default bridge gets no address'
    yield fail(node, KEY, 'no-ipv4-pool', message, 'add an IPv4 pool, or set bip')
  }
  for (const [index, pool] of pools.entries()) {
    const earlier = pools.slice(0, index).find((other) => intersects(other.block, pool.block))
    if (earlier === undefined) continue
    const message = 'this pool overlaps an earlier one: the same addresses may be given to two networks'
    yield warn(pool, `${KEY}.${index}`, 'pools-overlap', message, 'remove one of the two')
  }
  const [only] = pools
  if (pools.length === 1 && only !== undefined && only.size === only.block.prefix) {
    const message =
      'this is a single network, which the default bridge takes: none is left for networks of your own'
    yield warn(
      only,
      KEY,
      'single-network',
      message,
      `write a larger size, such as ${Math.min(only.size + 8, 30)}`,
    )
  }
}
