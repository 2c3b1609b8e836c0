import type { Family } from './cidr.ts'
import { parseCidr } from './cidr.ts'
import type { DockerBridge } from './docker-rules.ts'
import type { NftRuleset } from './nftables.ts'
import { nftFamily } from './path/program.ts'

/** Something that dockerd's nftables backend (29.0+, `firewall-backend: nftables`) makes and that is not there. */
export interface MissingNftObject {
  readonly kind: 'table' | 'chain'
  /** As `nft list` takes it: `ip docker-bridges`, `ip docker-bridges filter-FORWARD`. */
  readonly name: string
  readonly bridge?: string
}

const TABLE = 'docker-bridges'
// Recorded from 29.7.2; moby's daemon/libnetwork/drivers/bridge/internal/nftabler makes them.
const BASE_CHAINS = ['filter-FORWARD', 'nat-PREROUTING', 'nat-OUTPUT', 'nat-POSTROUTING']
const BRIDGE_CHAINS = ['filter-forward-in__', 'filter-forward-out__']

/** What is missing for the bridges that have a subnet of the IP version; nothing is expected when there is none. */
export function missingDockerNftObjects(
  ruleset: NftRuleset,
  bridges: readonly DockerBridge[],
  family: Family = 4,
): MissingNftObject[] {
  const concerned = bridges.filter(({ subnets }) =>
    subnets.some((subnet) => parseCidr(subnet)?.family === family),
  )
  if (concerned.length === 0) return []
  const name = `${nftFamily(family)} ${TABLE}`
  const table = ruleset.tables.find((candidate) => `${candidate.family} ${candidate.name}` === name)
  if (table === undefined) return [{ kind: 'table', name }]
  const present = new Set(table.chains.map((chain) => chain.name))
  const base = BASE_CHAINS.filter((chain) => !present.has(chain))
  return [
    ...base.map((chain) => ({ kind: 'chain', name: `${name} ${chain}` }) as const),
    ...concerned.flatMap((bridge) =>
      BRIDGE_CHAINS.map((prefix) => prefix + bridge.name)
        .filter((chain) => !present.has(chain))
        .map((chain) => ({ kind: 'chain', name: `${name} ${chain}`, bridge: bridge.name }) as const),
    ),
  ]
}
