/** How much of what networks have a fixed number of is taken. */
import { defineFact, type Fact, type OrAbsent, orAbsent } from '../model/fact.ts'
import { type DirectorySource, directory, file } from '../model/source.ts'

const NET = '/sys/class/net'
/** Ports of bridges themselves come in hundreds, and are no bridges; so many others no host has. */
const MOST_ASKED = 256

const possibleBridges: Fact<readonly string[]> = defineFact({
  name: 'possibleBridges',
  about: 'The interfaces that may be bridges: all but the ends of cables.',
  reads: { names: directory(NET) },
  parse: ({ names }): readonly string[] =>
    names
      .map((name) => name.replace(/\/$/, ''))
      .filter((name) => !/^(?:veth|lo$)/.test(name))
      .slice(0, MOST_ASKED),
})

/** From the kernel's own folders: with a thousand interfaces iproute2 prints more than is read of it. */
export const bridgePorts: Fact<ReadonlyMap<string, number>> = defineFact({
  name: 'bridgePorts',
  about: 'How many ports each bridge has.',
  needs: { names: possibleBridges },
  reads: ({ names }): Record<string, OrAbsent<DirectorySource>> =>
    Object.fromEntries(names.map((name) => [name, orAbsent(directory(`${NET}/${name}/brif`))])),
  reading: `${NET}/NAME/brif/ of each bridge`,
  parse: (ports) =>
    new Map(Object.entries(ports).flatMap(([name, list]) => (list ? [[name, list.length]] : []))),
})

/** Rows of /proc/net/arp, without the heading. @see https://man7.org/linux/man-pages/man5/proc_pid_net.5.html */
export const countNeighbours = (text: string): number =>
  (text.match(/^\d{1,3}(?:\.\d{1,3}){3}\s/gm) ?? []).length

export const neighbourCount: Fact<number> = defineFact({
  name: 'neighbourCount',
  about: 'How many IPv4 neighbours the host knows in its own network.',
  reads: { table: file('/proc/net/arp', { maxBytes: 8 * 1024 * 1024 }) },
  parse: ({ table }) => countNeighbours(table),
})
