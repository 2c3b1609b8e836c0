/** The pools that the engine takes the subnets of new networks from. */
import { defineFact, type Fact } from '../model/fact.ts'
import { type Cidr, encloses, firstFree, intersects, parseCidr } from '../net/cidr.ts'
import { usedBlocks } from './address-plan.ts'
import { daemonSettings } from './daemon-config.ts'
import { networks } from './engine.ts'
import { listOf, numberOf, recordOf, textOf } from './json.ts'
import { interfaces } from './network.ts'

interface Pool {
  readonly base: string
  /** Prefix length in bits of each network that is cut from it. */
  readonly size: number
}

/** What the engine uses when nothing is set. @see https://github.com/moby/moby/blob/v28.5.2/libnetwork/ipamutils/utils.go */
const DEFAULTS: readonly Pool[] = [
  { base: '172.17.0.0/16', size: 16 },
  { base: '172.18.0.0/16', size: 16 },
  { base: '172.19.0.0/16', size: 16 },
  { base: '172.20.0.0/14', size: 16 },
  { base: '172.24.0.0/14', size: 16 },
  { base: '172.28.0.0/14', size: 16 },
  { base: '192.168.0.0/16', size: 20 },
]

/** The same ranges cut smaller: 254 addresses for a network are plenty, and there are thousands of them. */
const SMALLER: readonly Pool[] = [
  { base: '172.17.0.0/16', size: 16 },
  { base: '172.18.0.0/15', size: 24 },
  { base: '172.20.0.0/14', size: 24 },
  { base: '172.24.0.0/13', size: 24 },
  { base: '192.168.0.0/16', size: 24 },
]

/** Smaller pools, and a block beside them: networks that are there keep theirs, and routes of the host may cover them all. */
export const roomierPools = (spare: string): readonly Pool[] => [...SMALLER, { base: spare, size: 24 }]

/** Clouds and offices begin at the other end. */
const BESIDE = ['10.128.0.0/9', '10.0.0.0/9']

export const spareBlock: Fact<string | null> = defineFact({
  name: 'spareBlock',
  about: 'A private /16 beside the usual pools that neither the host nor a network of the engine uses.',
  needs: { used: usedBlocks, networks },
  parse: (_, { used, networks }) => {
    const ofNetworks = networks.flatMap(({ subnets }) => subnets.map(({ subnet }) => subnet))
    return firstFree(16, [...used.map(({ block }) => block), ...ofNetworks], BESIDE) ?? null
  },
})

export interface PoolSpace {
  readonly total: number
  /** Counted up to {@link ENOUGH}. */
  readonly free: number
  /** Networks of the engine that hold a subnet. */
  readonly networks: number
}

/** More free networks than this need not be counted. */
const ENOUGH = 64

/** How much room is left: a pool that overlaps a network, a route or an address of the host is passed over by the engine. */
export const poolSpace: Fact<PoolSpace> = defineFact({
  name: 'poolSpace',
  about: 'How many networks the pools of the engine hold, and how many can still be made.',
  needs: { settings: daemonSettings, networks, used: usedBlocks },
  parse: (_, { settings, networks, used }): PoolSpace => {
    const own = listOf(settings.get('default-address-pools')).flatMap(readPool)
    const pools = own.length > 0 ? own : DEFAULTS
    const local = networks.filter(({ subnets, scope }) => subnets.length > 0 && scope !== 'swarm')
    const taken = [
      ...used.map(({ block }) => block),
      ...local.flatMap((one) => one.subnets.map(({ subnet }) => subnet)),
    ]
      .map(parseCidr)
      .filter((cidr) => cidr !== undefined)
    return {
      total: pools.reduce((sum, pool) => sum + sizeOf(pool), 0),
      free: pools.reduce((sum, pool) => sum + (sum < ENOUGH ? freeIn(pool, taken) : 0), 0),
      networks: local.length,
    }
  },
})

/** As daemon.json writes it (`{"base": "10.1.0.0/16", "size": 24}`), or as the flag does (`base=10.1.0.0/16,size=24`). */
function readPool(value: unknown): Pool[] {
  const { base, size } = recordOf(
    typeof value === 'string' ? Object.fromEntries(value.split(',').map((word) => word.split('='))) : value,
  )
  const bits = numberOf(typeof size === 'string' ? Number(size) : size)
  return bits === null ? [] : [{ base: textOf(base), size: bits }]
}

function sizeOf({ base, size }: Pool): number {
  const cidr = parseCidr(base)
  return !cidr || size < cidr.prefix || size > 32 ? 0 : 2 ** (size - cidr.prefix)
}

/** Tries each subnet of the pool until enough are free; one block after another that is taken is jumped over. */
function freeIn(pool: Pool, taken: readonly Cidr[]): number {
  const cidr = parseCidr(pool.base)
  if (!cidr || sizeOf(pool) === 0 || taken.some((one) => encloses(one, cidr))) return 0
  const step = 1n << BigInt(32 - pool.size)
  let free = 0
  for (let first = cidr.first; first <= cidr.last && free < ENOUGH; ) {
    const candidate: Cidr = { family: 4, prefix: pool.size, first, last: first + step - 1n }
    const obstacle = taken.find((one) => intersects(one, candidate))
    if (!obstacle) free++
    const end = obstacle && obstacle.last > candidate.last ? obstacle.last : candidate.last
    first = (end / step + 1n) * step
  }
  return free
}

/** Then the engine needs no pool to start. */
export const defaultNetworkSettled: Fact<boolean> = defineFact({
  name: 'defaultNetworkSettled',
  about:
    'Whether the default network has its addresses: by bip or bridge, or of a docker0 that is there already.',
  needs: { settings: daemonSettings, interfaces },
  parse: (_, { settings, interfaces }) =>
    ['bip', 'bridge'].some((key) => textOf(settings.get(key)) !== '') ||
    interfaces.some(
      ({ name, addresses }) => name === 'docker0' && addresses.some(({ family }) => family === 4),
    ),
})
