/** Which files systemd-networkd configured the uplinks with. */
import { defineFact, type Fact, maybe, type OrAbsent, orAbsent } from '../model/fact.ts'
import { type FileSource, file } from '../model/source.ts'
import { interfaces } from './network.ts'
import { uplinks } from './uplinks.ts'

const uplinkIndexes: Fact<ReadonlyMap<string, number>> = defineFact({
  name: 'uplinkIndexes',
  about: "The uplinks' interface numbers.",
  needs: { uplinks: maybe(uplinks), interfaces: maybe(interfaces) },
  parse: (_, { uplinks, interfaces }): ReadonlyMap<string, number> =>
    new Map(
      (uplinks.known ? uplinks.value : []).flatMap(({ name }): [string, number][] => {
        const index = interfaces.known && interfaces.value.find((one) => one.name === name)?.index
        return index ? [[name, index]] : []
      }),
    ),
})

/**
 * The `.network` file by interface name; empty where systemd-networkd manages none of the uplinks.
 * @see https://www.freedesktop.org/software/systemd/man/latest/sd_network_get_state.html
 */
export const networkFiles: Fact<ReadonlyMap<string, string>> = defineFact({
  name: 'networkFiles',
  about: 'The .network file that systemd-networkd configured each uplink with.',
  needs: { indexes: uplinkIndexes },
  reads: ({ indexes }): Record<string, OrAbsent<FileSource>> =>
    Object.fromEntries(
      [...indexes].map(([name, index]) => [name, orAbsent(file(`/run/systemd/netif/links/${index}`))]),
    ),
  reading: '/run/systemd/netif/links/N of the uplinks',
  parse: (states, { indexes }): ReadonlyMap<string, string> =>
    new Map(
      [...indexes.keys()].flatMap((name): [string, string][] => {
        const path = /^NETWORK_FILE=(\/.+)$/m.exec(states[name] ?? '')?.[1]
        return path ? [[name, path.trim()]] : []
      }),
    ),
})
