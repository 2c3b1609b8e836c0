/** IPv4 forwarding: of the interfaces now, and what files make of it. */
import { defineFact, type Fact, maybe, type OrAbsent, orAbsent } from '../model/fact.ts'
import { type FileSource, file } from '../model/source.ts'
import { engineBridges } from './engine-bridges.ts'
import { type Setting, sysctlPath, sysctlSettings } from './sysctl.ts'
import { uplinks } from './uplinks.ts'

/** A dot separates the parts of a parameter's name: the one of `eth0.1` is written as a slash. */
export const forwardingKey = (device: string): string =>
  `net.ipv4.conf.${device.replaceAll('.', '/')}.forwarding`

const SWITCHES: ReadonlySet<string> = new Set(
  ['net.ipv4.ip_forward', 'net.ipv4.conf.all.forwarding'].map(sysctlPath),
)

/**
 * The setting that decides forwarding when the files are applied; null where none does. The two names are one switch.
 * @see https://www.kernel.org/doc/html/latest/networking/ip-sysctl.html
 */
export const persistedForwarding: Fact<Setting | null> = defineFact({
  name: 'persistedForwarding',
  about:
    'The file and line that decide IPv4 forwarding when the sysctl files are applied; null where none does.',
  needs: { settings: sysctlSettings },
  parse: (_, { settings }) => settings.findLast(({ key }) => SWITCHES.has(sysctlPath(key))) ?? null,
})

export interface InterfaceForwarding {
  readonly name: string
  readonly role: 'uplink' | 'bridge'
  readonly on: boolean
}

interface Watched {
  readonly name: string
  readonly role: InterfaceForwarding['role']
}

const watched: Fact<readonly Watched[]> = defineFact({
  name: 'forwardingInterfaces',
  about:
    'The uplinks and, where the engine may be asked, its bridges: whose forwarding containers depend on.',
  needs: { uplinks, bridges: maybe(engineBridges) },
  parse: (_, { uplinks, bridges }): readonly Watched[] => [
    ...uplinks.map(({ name }): Watched => ({ name, role: 'uplink' })),
    ...(bridges.known ? bridges.value : [])
      .filter(({ device, network }) => device && !network.internal)
      .map(({ name }): Watched => ({ name, role: 'bridge' })),
  ],
})

/** Forwarding of single interfaces: packets that come in through one where it is off are not passed on. */
export const interfaceForwarding: Fact<readonly InterfaceForwarding[]> = defineFact({
  name: 'interfaceForwarding',
  about: "Whether the uplinks and the engine's bridges pass packets on.",
  needs: { watched },
  reads: ({ watched }): Record<string, OrAbsent<FileSource>> =>
    Object.fromEntries(
      watched.map(({ name }) => [name, orAbsent(file(`/proc/sys/net/ipv4/conf/${name}/forwarding`))]),
    ),
  reading: "/proc/sys/net/ipv4/conf/NAME/forwarding of the uplinks and of the engine's bridges",
  parse: (values, { watched }): readonly InterfaceForwarding[] =>
    watched.map((one) => ({ ...one, on: values[one.name]?.trim() !== '0' })),
})
