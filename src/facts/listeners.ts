/** Ports that something listens on, with the program that does. */
import { type AsReading, asReading, defineFact, type Fact, maybe, unavailable } from '../model/fact.ts'
import { type CommandSource, command, sourceKey } from '../model/source.ts'
import { runningEngine } from './engine.ts'
import { program } from './programs.ts'

export interface Listener {
  readonly protocol: 'tcp' | 'udp'
  /** Empty for all addresses. */
  readonly address: string
  readonly port: number
  /** The program's name; empty where only root may see it, or the kernel itself listens. */
  readonly program: string
  readonly pid: number | null
}

/**
 * Reads `ss -H -l -n -t -u -p`: `tcp LISTEN 0 4096 0.0.0.0:8081 0.0.0.0:* users:(("docker-proxy",pid=130,fd=4))`. Lines of
 * another form are passed over; never throws. @see https://man7.org/linux/man-pages/man8/ss.8.html
 */
export function parseListeners(text: string): Listener[] {
  return text.split('\n').flatMap((line) => {
    const [protocol, , , , local = '', , users = ''] = line.trim().split(/\s+/)
    const [, address = '', port = ''] = /^(.*):(\d+)$/.exec(local) ?? []
    if ((protocol !== 'tcp' && protocol !== 'udp') || port === '') return []
    const bare = address.replace(/%.*$/, '').replace(/^\[(.*?)\]?$/, '$1')
    const [, program = '', pid = ''] = /\(\("([^"]*)",pid=(\d+)/.exec(users) ?? []
    const all = ['*', '0.0.0.0', '::'].includes(bare)
    return [
      { protocol, address: all ? '' : bare, port: Number(port), program, pid: pid ? Number(pid) : null },
    ]
  })
}

const SS = command(['ss', '-H', '-l', '-n', '-t', '-u', '-p'])

export const listeners: Fact<readonly Listener[]> = defineFact({
  name: 'listeners',
  about:
    'The TCP and UDP ports that something listens on, and the program that does, as far as this user may see it; empty without an engine.',
  // Not the engine's version: that may take a program, for which this one need not wait.
  needs: { dockerd: program('dockerd'), engine: maybe(runningEngine) },
  reads: ({ dockerd, engine }): Record<string, AsReading<CommandSource>> =>
    dockerd === null && engine.known && engine.value === null ? {} : { ss: asReading(SS) },
  reading: `${sourceKey(SS)} (where an engine is installed)`,
  parse: ({ ss }): readonly Listener[] => {
    if (!ss) return []
    if (ss.state === 'ok' && ss.value.exit === 0) return parseListeners(ss.value.stdout)
    if (ss.state !== 'ok') return unavailable(sourceKey(SS), ss)
    const reason = ss.value.stderr.trim().split('\n')[0] || 'it failed'
    return unavailable(sourceKey(SS), { state: 'failed', reason, durationMs: 0 })
  },
})

/** What keeps a port from being taken: a listener on all addresses bars each of them, and the other way round. */
export const holderOf = (
  listeners: readonly Listener[],
  wanted: { readonly protocol: string; readonly port: number; readonly address: string },
): Listener | undefined =>
  listeners.find(
    ({ protocol, port, address }) =>
      protocol === wanted.protocol &&
      port === wanted.port &&
      (address === '' || wanted.address === '' || address === wanted.address),
  )

/** `nginx (process 812)`; only root is told of other people's programs. */
export const holderText = ({ program, pid }: Listener): string =>
  program ? `${program} (process ${pid})` : 'another program'
