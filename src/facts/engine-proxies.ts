/** The proxies that the engine uses for pulls, and where they are set. */
import { defineFact, type Fact, maybe } from '../model/fact.ts'
import { daemonSettings } from './daemon-config.ts'
import { engineEnvironmentFiles } from './dockerd-flags.ts'
import { runningEngine } from './engine.ts'
import { dockerService } from './engine-service.ts'
import { recordOf, textOf } from './json.ts'
import { serviceManager } from './service-manager.ts'
import { parseAssignments, shellWords } from './shell-words.ts'
import { unitValues } from './systemd-unit.ts'

export interface Proxies {
  /** For requests to `http://`; empty where none is set. */
  readonly http: string
  /** For requests to `https://`. */
  readonly https: string
  readonly noProxy: string
}

export interface EngineProxies {
  /** Of the running engine; null where none answers. */
  readonly running: Proxies | null
  /** Of the next start. */
  readonly configured: Proxies
  /** The file that sets them for the next start; null where none does. */
  readonly file: string | null
}

type Variables = ReadonlyMap<string, { readonly value: string; readonly file: string }>

/** What the files of the service set, by name in upper case: Go knows both spellings. */
const serviceVariables: Fact<Variables> = defineFact({
  name: 'engineProxyVariables',
  about: "The proxy variables that the engine's service is started with, by name.",
  needs: { unit: dockerService, files: engineEnvironmentFiles, services: serviceManager },
  parse: (_, { unit, files, services }): Variables => {
    const inUnit = unitValues(unit, 'Environment').map(({ value, file }) => ({
      path: file,
      assignments: parseAssignments(shellWords(value).join('\n')),
    }))
    const all = services.kind === 'systemd' ? [...inUnit, ...namedBy(unit, files)] : files
    return new Map(
      all.flatMap(({ path, assignments }) =>
        [...assignments]
          .filter(([name]) => /_proxy$/i.test(name))
          .map(([name, { value }]) => [name.toUpperCase(), { value, file: path }] as const),
      ),
    )
  },
})

/** Under systemd only the files count that the unit names. */
function namedBy<F extends { readonly path: string }>(
  unit: Parameters<typeof unitValues>[0],
  files: readonly F[],
): readonly F[] {
  const named = unitValues(unit, 'EnvironmentFile').map(({ value }) => value.replace(/^-/, ''))
  return files.filter(({ path }) => named.includes(path))
}

/** daemon.json comes before the environment. @see https://docs.docker.com/engine/daemon/proxy/ */
export const engineProxies: Fact<EngineProxies> = defineFact({
  name: 'engineProxies',
  about: 'The proxies of the running engine, and those that its next start will use.',
  needs: { engine: maybe(runningEngine), settings: daemonSettings, variables: serviceVariables },
  parse: (_, { engine, settings, variables }): EngineProxies => {
    const info = engine.known ? engine.value?.info : undefined
    const filed = recordOf(settings.get('proxies'))
    const get = (name: string): string =>
      textOf(filed[name]) || (variables.get(name.replace('-', '_').toUpperCase())?.value ?? '')
    const set = ['https-proxy', 'http-proxy'].find((name) => get(name) !== '')
    const inFile = set !== undefined && textOf(filed[set]) !== ''
    const from = set && variables.get(set.replace('-', '_').toUpperCase())?.file
    return {
      running: info
        ? { http: outside(info.httpProxy), https: outside(info.httpsProxy), noProxy: info.noProxy }
        : null,
      configured: { http: get('http-proxy'), https: get('https-proxy'), noProxy: get('no-proxy') },
      file: (inFile ? settings.file.path : from) ?? null,
    }
  },
})

/** Docker Desktop's engine reaches the outside by a name that only it can resolve, wherever that leads. */
const outside = (proxy: string): string => (/\.docker\.internal(?::\d+)?\/?$/.test(proxy) ? '' : proxy)

/** Those that count now. */
export const proxiesInForce = ({ running, configured }: EngineProxies): Proxies => running ?? configured
