/** Programs that configure network interfaces by themselves, and what they do with the engine's. */

import { type AsReading, asReading, defineFact, type Fact, type OrAbsent, orAbsent } from '../model/fact.ts'
import {
  type CommandSource,
  command,
  type DirectorySource,
  directory,
  type FileSource,
  file,
  stat,
} from '../model/source.ts'
import type { NetInterface } from '../net/interface.ts'
import {
  globMatches,
  isFor,
  type LinkKind,
  type NetworkFile,
  parseNetworkFile,
} from '../net/networkd-match.ts'
import { isEngineInterface } from './engine-bridges.ts'
import { interfaces } from './network.ts'
import { unitGroups } from './systemd-unit.ts'

export const MANAGERS = ['systemd-networkd', 'dhcpcd', 'connman', 'NetworkManager'] as const
export type InterfaceManager = (typeof MANAGERS)[number]

const UNITS = Object.fromEntries(
  MANAGERS.flatMap((name) =>
    unitGroups(`${name}.service`).map((path) => [`${name} ${path}`, orAbsent(stat(path))] as const),
  ),
)
/** Without systemd. dhcpcd writes it where it looks after every interface, by version. */
const PID_FILES: Readonly<Record<string, readonly string[]>> = {
  dhcpcd: ['/run/dhcpcd.pid', '/run/dhcpcd/pid'],
  NetworkManager: ['/run/NetworkManager/NetworkManager.pid'],
}
const PIDS = Object.fromEntries(
  Object.entries(PID_FILES).flatMap(([name, paths]) =>
    paths.map((path) => [`${name} ${path}`, orAbsent(stat(path))] as const),
  ),
)

export const interfaceManagers: Fact<ReadonlySet<InterfaceManager>> = defineFact({
  name: 'interfaceManagers',
  about: 'Which of systemd-networkd, dhcpcd, connman and NetworkManager run.',
  reads: { ...UNITS, ...PIDS },
  parse: (found) => {
    const there = Object.entries(found).filter(([, meta]) => meta !== null)
    return new Set(MANAGERS.filter((name) => there.some(([key]) => key.startsWith(`${name} `))))
  },
})

/** In the order in which one file hides another of the same name. */
const FOLDERS = ['/etc', '/run', '/usr/local/lib', '/usr/lib', '/lib'].map(
  (root) => `${root}/systemd/network`,
)

const networkdFileNames: Fact<readonly string[]> = defineFact({
  name: 'networkdFileNames',
  about:
    'The .network files of systemd-networkd in the order in which it reads them; empty where it does not run.',
  needs: { managers: interfaceManagers },
  reads: ({ managers }): Record<string, OrAbsent<DirectorySource>> =>
    managers.has('systemd-networkd')
      ? Object.fromEntries(FOLDERS.map((path) => [path, orAbsent(directory(path))]))
      : {},
  reading: `the .network files' names in ${FOLDERS.join(', ')} (where systemd-networkd runs)`,
  parse: (listings): readonly string[] => {
    const paths = new Map<string, string>()
    for (const folder of FOLDERS)
      for (const name of listings[folder] ?? [])
        if (name.endsWith('.network') && !paths.has(name)) paths.set(name, `${folder}/${name}`)
    return [...paths].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, path]) => path)
  },
})

export const networkdFiles: Fact<readonly NetworkFile[]> = defineFact({
  name: 'networkdFiles',
  about: 'The .network files of a running systemd-networkd, in order.',
  needs: { paths: networkdFileNames },
  reads: ({ paths }): Record<string, OrAbsent<FileSource>> =>
    Object.fromEntries(paths.map((path) => [path, orAbsent(file(path))])),
  reading: 'each .network file (where systemd-networkd runs)',
  parse: (texts, { paths }) => paths.map((path) => parseNetworkFile(path, texts[path] ?? '')),
})

/**
 * What NetworkManager holds is `connected` or on the way to it; what it lets be is `connected (externally)` or `unmanaged`.
 * @see https://networkmanager.dev/docs/api/latest/nmcli.html
 */
const HELD = /^(?:connected|connecting\b.*|deactivating)$/

export const heldByNetworkManager: Fact<ReadonlySet<string>> = defineFact({
  name: 'heldByNetworkManager',
  about:
    "The interfaces that a running NetworkManager has taken for its own; empty where the engine's have what they need.",
  needs: { managers: interfaceManagers, interfaces },
  reads: ({ managers, interfaces }): Record<string, AsReading<CommandSource>> => {
    const own = interfaces.filter(({ name }) => isEngineInterface(name))
    const lacking = (one: NetInterface): boolean =>
      one.name.startsWith('veth') ? !one.master : !one.addresses.some(({ family }) => family === 4)
    return managers.has('NetworkManager') && own.some(lacking)
      ? { devices: asReading(command(['nmcli', '-t', '-f', 'DEVICE,STATE', 'device'])) }
      : {}
  },
  reading: "$ nmcli device (where NetworkManager runs, and one of the engine's interfaces is cut off)",
  parse: ({ devices }): ReadonlySet<string> =>
    new Set(devices?.state === 'ok' ? heldIn(devices.value.stdout) : []),
})

/** Names in `nmcli -t -f DEVICE,STATE device` of interfaces that it holds. Never throws. */
export const heldIn = (output: string): readonly string[] =>
  output.split('\n').flatMap((line) => {
    const [, name, state] = /^(.+?):([^:]*)$/.exec(line) ?? []
    return name && HELD.test(state ?? '') ? [name] : []
  })

/** Somebody who names the engine's interfaces means them. */
const NAMED_ON_PURPOSE = /^(?:docker|veth|br-)/

const BRIDGE: LinkKind = { name: 'docker0', type: 'bridge', kind: 'bridge' }
/** The engine's interfaces, by what a file can tell of them. */
const LINKS: readonly LinkKind[] = [
  BRIDGE,
  { ...BRIDGE, name: 'br-0123456789ab' },
  { name: 'veth0123abc', type: 'ether', kind: 'veth' },
]

/** The file by which networkd would take an interface for its own without being told to; null where it does not, or nobody can tell. */
export function takenBy(files: readonly NetworkFile[], link: LinkKind): NetworkFile | null {
  for (const one of files) {
    const match = isFor(one, link)
    if (match === 'maybe') return null
    if (match === 'no') continue
    const meant = one.match.get('Name')?.some((pattern) => NAMED_ON_PURPOSE.test(pattern))
    return one.unmanaged || meant ? null : one
  }
  return null
}

/** The first file that takes any of the engine's interfaces. */
export const firstTaking = (files: readonly NetworkFile[]): NetworkFile | null =>
  LINKS.map((link) => takenBy(files, link)).find((one) => one !== null) ?? null

const AT_MOST = 60
const engineLinks = (all: readonly NetInterface[]): readonly NetInterface[] =>
  all.filter(({ name, index }) => isEngineInterface(name) && index !== undefined).slice(0, AT_MOST)

export interface ManagedLink {
  readonly name: string
  readonly path: string
}

/** What networkd says of the engine's interfaces that are there now. @see https://www.freedesktop.org/software/systemd/man/latest/sd_network_get_state.html */
export const networkdLinks: Fact<readonly ManagedLink[]> = defineFact({
  name: 'networkdLinks',
  about: "The engine's interfaces that a running systemd-networkd has taken for its own, with the file.",
  needs: { managers: interfaceManagers, interfaces, files: networkdFiles },
  reads: ({ managers, interfaces }): Record<string, OrAbsent<FileSource>> =>
    managers.has('systemd-networkd')
      ? Object.fromEntries(
          engineLinks(interfaces).map(({ name, index }) => [
            name,
            orAbsent(file(`/run/systemd/netif/links/${index}`)),
          ]),
        )
      : {},
  reading: "/run/systemd/netif/links/N of the engine's interfaces (where systemd-networkd runs)",
  parse: (states, { files }): readonly ManagedLink[] =>
    Object.entries(states).flatMap(([name, state]) => {
      const path = /^NETWORK_FILE=(\/.+)$/m.exec(state ?? '')?.[1]
      const taken = /^ADMIN_STATE=(?:configuring|configured|failed)$/m.test(state ?? '')
      const meant = files
        .find((one) => one.path === path)
        ?.match.get('Name')
        ?.some((pattern) => NAMED_ON_PURPOSE.test(pattern))
      return path && taken && !meant ? [{ name, path }] : []
    }),
})

export const DHCPCD = '/etc/dhcpcd.conf'
export const CONNMAN = '/etc/connman/main.conf'

/** `denyinterfaces veth*`, or `allowinterfaces eth0 wlan0`. @see https://manpages.debian.org/bookworm/dhcpcd-base/dhcpcd.conf.5.en.html */
export function dhcpcdTakes(conf: string, name: string): boolean {
  const patterns = (option: string): string[] =>
    [...conf.matchAll(new RegExp(`^[ \\t]*${option}[ \\t]+(.+)$`, 'gm'))].flatMap(([, list = '']) =>
      list.split(/[\s,]+/).filter(Boolean),
    )
  const allowed = patterns('allowinterfaces')
  if (allowed.length > 0 && !allowed.some((pattern) => globMatches(pattern, name))) return false
  return !patterns('denyinterfaces').some((pattern) => globMatches(pattern, name))
}

/** The list of prefixes replaces connman's own, which has `veth` in newer versions. Null where there is none. @see https://manpages.debian.org/bookworm/connman/connman.conf.5.en.html */
export function connmanBlacklist(
  conf: string,
): { readonly line: string; readonly prefixes: string[] } | null {
  const [line, list = ''] = /^[ \t]*NetworkInterfaceBlacklist[ \t]*=[ \t]*(.*)$/m.exec(conf) ?? []
  return line === undefined
    ? null
    : {
        line,
        prefixes: list
          .split(',')
          .map((one) => one.trim())
          .filter(Boolean),
      }
}

export interface ManagerFiles {
  readonly dhcpcd: string
  readonly connman: string
}

export const managerFiles: Fact<ManagerFiles> = defineFact({
  name: 'managerFiles',
  about: 'The configuration of dhcpcd and connman, where they run; empty otherwise.',
  needs: { managers: interfaceManagers },
  reads: ({ managers }): Record<string, OrAbsent<FileSource>> => ({
    ...(managers.has('dhcpcd') ? { dhcpcd: orAbsent(file(DHCPCD)) } : {}),
    ...(managers.has('connman') ? { connman: orAbsent(file(CONNMAN)) } : {}),
  }),
  reading: `${DHCPCD}, ${CONNMAN} (where they run)`,
  parse: ({ dhcpcd, connman }) => ({ dhcpcd: dhcpcd ?? '', connman: connman ?? '' }),
})
