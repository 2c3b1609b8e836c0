/** Ports that are to be published, or listened on by the engine itself. */
import { defineFact, type Fact, type OrAbsent, orAbsent } from '../model/fact.ts'
import { sourceKey, type UnixHttpSource } from '../model/source.ts'
import { daemonSettings } from './daemon-config.ts'
import { containers, ENGINE_SOCKET, inspection } from './engine.ts'
import { jsonOf, listOf, recordOf, textOf } from './json.ts'

export interface Wish {
  readonly protocol: string
  readonly port: number
  /** Empty for all addresses. */
  readonly address: string
}

export interface StoppedContainer {
  readonly name: string
  /** Why its last start failed; empty where it did not. */
  readonly error: string
  /** The engine starts it by itself when it starts. */
  readonly returns: boolean
  readonly wishes: readonly Wish[]
}

/** Each costs a request. */
const AT_MOST = 40

/** An address as wishes have it. */
export const everywhere = (address: string): string => (['0.0.0.0', '::'].includes(address) ? '' : address)

function wishesIn(bindings: unknown): Wish[] {
  return Object.entries(recordOf(bindings)).flatMap(([key, list]) =>
    listOf(list)
      .map(recordOf)
      .flatMap(({ HostIp, HostPort }): Wish[] => {
        const port = Number(textOf(HostPort))
        const protocol = key.split('/')[1] ?? 'tcp'
        return Number.isInteger(port) && port > 0
          ? [{ protocol, port, address: everywhere(textOf(HostIp)) }]
          : []
      }),
  )
}

/** Containers that do not run, and publish ports when they do. */
export const stoppedContainers: Fact<readonly StoppedContainer[]> = defineFact({
  name: 'stoppedContainers',
  about:
    'Containers that do not run, with the ports that they publish when they do and why their last start failed.',
  needs: { containers },
  reads: ({ containers }): Record<string, OrAbsent<UnixHttpSource>> =>
    Object.fromEntries(
      containers
        .filter(({ state }) => state === 'exited' || state === 'created')
        .slice(0, AT_MOST)
        .map(({ id }) => [id, orAbsent(inspection(id))]),
    ),
  reading: `GET unix://${ENGINE_SOCKET} /containers/ID/json of those that do not run`,
  parse: (answers): readonly StoppedContainer[] =>
    Object.entries(answers).flatMap(([id, answer]) => {
      if (answer?.status !== 200) return []
      const json = recordOf(jsonOf(answer.body, sourceKey(inspection(id))))
      const host = recordOf(json.HostConfig)
      return [
        {
          name: textOf(json.Name).replace(/^\//, ''),
          error: textOf(recordOf(json.State).Error),
          returns: textOf(recordOf(host.RestartPolicy).Name) === 'always',
          wishes: wishesIn(host.PortBindings),
        },
      ]
    }),
})

/** The TCP addresses that the engine itself listens on once it runs: `hosts` and `metrics-addr`. */
export const engineWishes: Fact<readonly (Wish & { readonly setting: string })[]> = defineFact({
  name: 'engineWishes',
  about: 'The TCP ports that the settings tell the engine to listen on.',
  needs: { settings: daemonSettings },
  parse: (_, { settings }) => {
    const metrics = textOf(settings.get('metrics-addr'))
    const told = [
      ...settings.list('hosts').map((text) => ['hosts', text] as const),
      ...(metrics ? [['metrics-addr', metrics] as const] : []),
    ]
    return told.flatMap(([setting, text]) => {
      const [, address = '', port] = /^(?:tcp:\/\/)?\[?([^[\]/]*?)\]?:(\d+)$/.exec(text) ?? []
      return port ? [{ setting, protocol: 'tcp', port: Number(port), address: everywhere(address) }] : []
    })
  },
})
