/** What a command asked for and was refused, as far as a text names it: what the checks of a host then look for. */
import { everywhere, type Wish } from '../facts/port-wishes.ts'
import type { Refused } from '../facts/settings.ts'

/**
 * `Bind for 0.0.0.0:8081 failed: port is already allocated` leaves open which protocol it was. An address stands there wherever the engine
 * asks for a port of the host: a program in a container that says `listen tcp :8080` means a port of its own.
 */
const PORTS = [
  /\bBind for (?<address>\S{1,45}):(?<port>\d{1,5}) failed: port is already allocated/g,
  /\blisten (?<protocol>tcp|udp)\d? (?<address>\S{1,45}):(?<port>\d{1,5}): bind: (?:address already in use|Only one usage)/g,
  /\bfailed to bind host port (?:for )?(?<address>\S{1,45}?):(?<port>\d{1,5})(?::\S{1,60})?\/(?<protocol>tcp|udp): address already in use/g,
  /\bexposing port (?<protocol>tcp|udp) (?<address>\S{1,45}):(?<port>\d{1,5}) ->/gi,
] as const
const PROTOCOLS = ['tcp', 'udp'] as const

/** `docker compose up -d` without the plugin is docker's own command line with an option that it does not have. */
const PLUGINS = [
  /'(?<plugin>compose|buildx)' is not a docker command/g,
  /docker: unknown command: docker (?<plugin>compose|buildx)\b/g,
  /unknown shorthand flag: '[df]' in -[df]/g,
  /BuildKit is enabled but the (?<plugin>buildx) component is missing/g,
  /docker-compose: (?:command )?not found/g,
] as const

const MOUNTS =
  /path \S+ is mounted on (?<mountPoint>\S+) but it is not a shared(?<slaveDoes> or slave)? mount/g

const REGISTRIES = {
  plain:
    /https:\/\/(?<name>[^\s/"]{1,200})\/v[12]\/[^\s"]{0,500}"?: http: server gave HTTP response to HTTPS client/g,
  others: /https:\/\/(?<name>[^\s/"]{1,200})\/v[12]\//g,
} as const

type Groups = Readonly<Record<string, string | undefined>>

const groupsIn = (text: string, ...patterns: readonly RegExp[]): Groups[] =>
  patterns.flatMap((pattern) => [...text.matchAll(pattern)]).map(({ groups }) => groups ?? {})

const once = <T>(items: readonly T[]): T[] => [
  ...new Map(items.map((item) => [JSON.stringify(item), item])).values(),
]

export function refusedIn(paste: string): Refused {
  const text = paste.replace(/\s+/g, ' ')
  const plain = once(groupsIn(text, REGISTRIES.plain).map(({ name }) => name ?? ''))
  const others = once(groupsIn(text, REGISTRIES.others).map(({ name }) => name ?? ''))
  return {
    ports: once(groupsIn(text, ...PORTS).flatMap(wishesOf)),
    plugins: once(groupsIn(text, ...PLUGINS).map(({ plugin = 'compose' }) => plugin)),
    mounts: groupsIn(text, MOUNTS).map(({ mountPoint = '/', slaveDoes }) => ({
      mountPoint,
      slaveDoes: slaveDoes !== undefined,
    })),
    registries: { plain, others: others.filter((name) => !plain.includes(name)) },
  }
}

function wishesOf({ protocol, address = '', port }: Groups): Wish[] {
  const bare = everywhere(address.replace(/^\[(.*)\]$/, '$1'))
  return PROTOCOLS.filter((one) => protocol === undefined || one === protocol.toLowerCase()).map((one) => ({
    protocol: one,
    port: Number(port),
    address: bare,
  }))
}
