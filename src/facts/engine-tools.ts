/** Which programs the engine runs, as it is configured. */
import { type AsReading, asReading, defineFact, type Fact, maybe } from '../model/fact.ts'
import type { PackageFamily } from '../model/fix.ts'
import { type CommandSource, command } from '../model/source.ts'
import { daemonSettings } from './daemon-config.ts'
import { runningEngine } from './engine.ts'
import { wordOf } from './json.ts'
import { packageFamily } from './package-manager.ts'
import { programs } from './programs.ts'

export interface EngineTools {
  /** Where each program lies; null for those that are not installed. */
  readonly paths: ReadonlyMap<string, string | null>
  /** dockerd lies in the usual folders. */
  readonly installed: boolean
  /** An engine answers, from wherever it was started (NixOS, a snap, another machine). */
  readonly running: boolean
  /** The program that writes the engine's rules; null where it writes none. */
  readonly firewallTool: 'iptables' | 'nft' | null
}

const TOOLS = [
  'dockerd',
  'iptables',
  'ip6tables',
  'nft',
  'modprobe',
  'mount',
  'ip',
  'ps',
  'xz',
  'git',
  'curl',
  'wget',
] as const

export const engineTools: Fact<EngineTools> = defineFact({
  name: 'engineTools',
  about: 'The programs that the engine and its installation use, and which of them it needs as configured.',
  needs: { paths: programs(...TOOLS), settings: maybe(daemonSettings), engine: maybe(runningEngine) },
  parse: (_, { paths, settings, engine }): EngineTools => {
    const get = (key: string): string => wordOf(settings.known ? settings.value.get(key) : undefined)
    const running = engine.known ? (engine.value?.info.firewallBackend ?? '') : ''
    // The engine's own nftables backend exists since 29: https://docs.docker.com/engine/network/firewall-nftables/
    const nftables = get('firewall-backend') === 'nftables' || running.startsWith('nftables')
    return {
      paths,
      installed: (paths.get('dockerd') ?? null) !== null,
      running: engine.known && engine.value !== null,
      firewallTool: get('iptables') === 'false' ? null : nftables ? 'nft' : 'iptables',
    }
  },
})

const PACKAGES = { iptables: 'iptables', nft: 'nftables' } as const
const RPM = ['rpm', '-q'] as const
/** Ends well for a package that is installed; dpkg also for one of which only the configuration is left, whose second letter is no `i`. */
const ASKED: Readonly<Record<PackageFamily, readonly [string, ...string[]]>> = {
  apt: ['dpkg-query', '-W', '-f', `\${db:Status-Abbrev}`],
  dnf: RPM,
  yum: RPM,
  zypper: RPM,
  apk: ['apk', 'info', '-e'],
  pacman: ['pacman', '-Q'],
}

/** The package that should have brought the program that writes the engine's rules, where that program is missing. */
const lackingPackage = ({ firewallTool, installed, paths }: EngineTools): string | null =>
  installed && firewallTool && (paths.get(firewallTool) ?? null) === null ? PACKAGES[firewallTool] : null

export const damagedPackage: Fact<string | null> = defineFact({
  name: 'damagedFirewallPackage',
  about:
    "The installed package of the engine's firewall program, where that program is gone all the same; else null.",
  needs: { tools: engineTools, family: packageFamily },
  reads: ({ tools, family }): Record<string, AsReading<CommandSource>> => {
    const name = lackingPackage(tools)
    return name && family ? { asked: asReading(command([...ASKED[family], name])) } : {}
  },
  reading: '$ dpkg-query -W, or $ rpm -q, of iptables or nftables (where that program is missing)',
  parse: ({ asked }, { tools, family }): string | null => {
    if (asked?.state !== 'ok' || asked.value.exit !== 0) return null
    return family !== 'apt' || asked.value.stdout[1] === 'i' ? lackingPackage(tools) : null
  },
})
