import type { IptablesRules } from './iptables.ts'

/**
 * The chains and jumps that dockerd's iptables backend always makes, whatever networks there are.
 * What it adds for each bridge is described by the three chains at the end.
 */
export interface DockerLayout {
  /** Engine versions, for people. */
  readonly versions: string
  /** The first version with this layout, as [major, minor, patch]. */
  readonly since: readonly [number, number, number]
  readonly filterChains: readonly string[]
  /** As dockerd writes them; the first has to stand before what accepts. */
  readonly jumps: readonly Jump[]
  /** Holds `-o BRIDGE -j DOCKER`. */
  readonly bridgeChain: string
  /** Holds `-o BRIDGE … --ctstate RELATED,ESTABLISHED -j ACCEPT`. */
  readonly establishedChain: string
  /** Holds `-i BRIDGE … -j ACCEPT`. */
  readonly outgoingChain: string
}

export interface Jump {
  readonly chain: string
  readonly target: string
}

export const NAT_CHAINS = ['DOCKER'] as const
/** OUTPUT's is limited to addresses beyond 127.0.0.0/8 unless `userland-proxy` is off; both forms will do. */
export const NAT_JUMPS: readonly Jump[] = [
  { chain: 'PREROUTING', target: 'DOCKER' },
  { chain: 'OUTPUT', target: 'DOCKER' },
]

/**
 * Oldest first. Sources: moby's bridge driver (daemon/libnetwork/drivers/bridge, libnetwork/firewall_linux.go) at the
 * tags named, and rules recorded from 20.10.24, 25.0.5, 26.1.5, 27.5.1, 28.5.2, 29.0.0 and 29.7.2.
 */
export const DOCKER_LAYOUTS: readonly DockerLayout[] = [
  {
    // 1.13 has one chain DOCKER-ISOLATION and no DOCKER-USER (17.06); the two stages came with 18.03.
    versions: 'before 18.09',
    since: [0, 0, 0],
    filterChains: ['DOCKER'],
    jumps: [],
    bridgeChain: 'FORWARD',
    establishedChain: 'FORWARD',
    outgoingChain: 'FORWARD',
  },
  {
    // 28.0.0 still has this, with ipsets in place of the rules for each bridge.
    versions: '18.09 to 28.0.0',
    since: [18, 9, 0],
    filterChains: ['DOCKER', 'DOCKER-ISOLATION-STAGE-1', 'DOCKER-ISOLATION-STAGE-2', 'DOCKER-USER'],
    jumps: [
      { chain: 'FORWARD', target: 'DOCKER-USER' },
      { chain: 'FORWARD', target: 'DOCKER-ISOLATION-STAGE-1' },
    ],
    bridgeChain: 'FORWARD',
    establishedChain: 'FORWARD',
    outgoingChain: 'FORWARD',
  },
  {
    versions: '28.0.1 to 28.5',
    since: [28, 0, 1],
    filterChains: [
      'DOCKER',
      'DOCKER-BRIDGE',
      'DOCKER-CT',
      'DOCKER-FORWARD',
      'DOCKER-ISOLATION-STAGE-1',
      'DOCKER-ISOLATION-STAGE-2',
      'DOCKER-USER',
    ],
    jumps: [
      { chain: 'FORWARD', target: 'DOCKER-USER' },
      { chain: 'FORWARD', target: 'DOCKER-FORWARD' },
      { chain: 'DOCKER-FORWARD', target: 'DOCKER-CT' },
      { chain: 'DOCKER-FORWARD', target: 'DOCKER-ISOLATION-STAGE-1' },
      { chain: 'DOCKER-FORWARD', target: 'DOCKER-BRIDGE' },
    ],
    bridgeChain: 'DOCKER-BRIDGE',
    establishedChain: 'DOCKER-CT',
    outgoingChain: 'DOCKER-FORWARD',
  },
  {
    versions: '29.0 and later',
    since: [29, 0, 0],
    filterChains: [
      'DOCKER',
      'DOCKER-BRIDGE',
      'DOCKER-CT',
      'DOCKER-FORWARD',
      'DOCKER-INTERNAL',
      'DOCKER-USER',
    ],
    jumps: [
      { chain: 'FORWARD', target: 'DOCKER-USER' },
      { chain: 'FORWARD', target: 'DOCKER-FORWARD' },
      { chain: 'DOCKER-FORWARD', target: 'DOCKER-CT' },
      { chain: 'DOCKER-FORWARD', target: 'DOCKER-INTERNAL' },
      { chain: 'DOCKER-FORWARD', target: 'DOCKER-BRIDGE' },
    ],
    bridgeChain: 'DOCKER-BRIDGE',
    establishedChain: 'DOCKER-CT',
    outgoingChain: 'DOCKER-FORWARD',
  },
]

/** The layout of an engine version such as `20.10.24+dfsg1`; undefined when the text names no version. */
export function layoutOfVersion(version: string): DockerLayout | undefined {
  const [, ...parts] = /^v?(\d+)\.(\d+)(?:\.(\d+))?/.exec(version) ?? []
  const [major, minor = 0, patch = 0] = parts.map((part) => Number(part ?? 0))
  if (major === undefined) return undefined
  return DOCKER_LAYOUTS.findLast(({ since }) => compare([major, minor, patch], since) >= 0)
}

/** The layout whose chains are there; undefined when there is no chain of docker's. */
export function layoutOfRules(rules: IptablesRules): DockerLayout | undefined {
  const chains = rules.tables.filter?.chains ?? {}
  return DOCKER_LAYOUTS.findLast(({ filterChains }) =>
    filterChains.every((name) => chains[name] !== undefined),
  )
}

function compare(a: readonly [number, number, number], b: readonly [number, number, number]): number {
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2]
}
