/** Which programs the engine runs, as it is configured. */

import { defineFact, type Fact, maybe } from '../model/fact.ts'
import { daemonSettings } from './daemon-config.ts'
import { runningEngine } from './engine.ts'
import { wordOf } from './json.ts'
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
