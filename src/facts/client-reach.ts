/** Whether anything is there at the address that docker's client talks to. */
import { type AsReading, asReading, defineFact, type Fact } from '../model/fact.ts'
import { type ProbeSource, probe, type StatSource, stat } from '../model/source.ts'
import { type ClientEndpoint, clientEndpoint, isSystemEngine } from './client-endpoint.ts'
import { isLoopback, tcpListeners } from './tcp-listeners.ts'

export interface ClientReach {
  readonly endpoint: ClientEndpoint
  /** `system`: the socket of this host's engine; `other`: another engine that is there; `nowhere`; `unknown`. */
  readonly leads: 'system' | 'other' | 'nowhere' | 'unknown'
  /** Why nowhere, or why unknown. */
  readonly reason: string
}

/** `tcp://host:port`, also without a scheme, as the client accepts it. */
export function tcpTarget(host: string): { name: string; port: number } | null {
  const [, name, port] =
    /^(?:tcp:\/\/|https?:\/\/)?(\[[0-9a-f:.]+\]|[^/:\s]*)(?::(\d{1,5}))?\/?$/i.exec(host) ?? []
  if (name === undefined || (port === undefined && !host.includes('://'))) return null
  return { name: name.replace(/^\[|\]$/g, '') || 'localhost', port: Number(port ?? 2375) }
}

const isLocal = (name: string): boolean => name === 'localhost' || isLoopback(name)

const unixPath = (host: string | null): string | null => /^unix:\/\/(\/.*)$/.exec(host ?? '')?.[1] ?? null

export const clientReach: Fact<ClientReach> = defineFact({
  name: 'clientReach',
  about: "Where the docker command's address leads: this host's engine, another, or nowhere.",
  needs: { endpoint: clientEndpoint, listeners: tcpListeners },
  reads: ({ endpoint: { host } }): Record<string, AsReading<StatSource | ProbeSource>> => {
    const path = unixPath(host)
    if (isSystemEngine(host)) return {}
    if (path) return { socket: asReading(stat(path)) }
    const target = tcpTarget(host ?? '')
    return target && !isLocal(target.name)
      ? { probe: asReading(probe(`tcp://${bracketed(target.name)}:${target.port}`)) }
      : {}
  },
  reading: 'the socket or the address that DOCKER_HOST or the context names',
  parse: ({ socket, probe: probed }, { endpoint, listeners }): ClientReach => {
    const says = (leads: ClientReach['leads'], reason = ''): ClientReach => ({ endpoint, leads, reason })
    const { host } = endpoint
    if (host === null) return says('nowhere', `there is no context ${endpoint.context}`)
    if (isSystemEngine(host)) return says('system')
    if (socket?.state === 'ok') return says('other')
    if (socket)
      return socket.state === 'absent'
        ? says('nowhere', 'there is no such socket')
        : says('unknown', socket.reason)
    if (probed?.state === 'ok' && 'ok' in probed.value)
      return probed.value.ok
        ? says('other')
        : says('nowhere', probed.value.message ?? probed.value.code ?? 'no answer')
    if (probed) return says('unknown', probed.state === 'ok' ? '' : probed.reason)
    const target = tcpTarget(host)
    if (!target)
      return host.startsWith('ssh://')
        ? says('other')
        : says('nowhere', 'it is no address that docker understands')
    return listeners.some(({ port }) => port === target.port)
      ? says('other')
      : says('nowhere', `nothing listens on port ${target.port}`)
  },
})

const bracketed = (name: string): string => (name.includes(':') ? `[${name}]` : name)
