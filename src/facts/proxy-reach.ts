/** Whether the proxies of the engine and of containers answer, and what they let through. */
import { defineFact, type Fact, maybe } from '../model/fact.ts'
import { type ProbeAnswer, type ProbeSource, probe } from '../model/source.ts'
import { clientConfig } from './client-endpoint.ts'
import { type EngineProxies, engineProxies, proxiesInForce } from './engine-proxies.ts'
import { recordOf, textOf } from './json.ts'
import { type ProxyAddress, proxyAddress } from './proxy-address.ts'
import { bypassesProxy } from './proxy-bypass.ts'
import { apiUrl, HUB, registryHost, registryMirrors } from './registries.ts'
import { registriesInUse } from './registries-in-use.ts'
import { registryHealth } from './registry-answer.ts'

const TIMEOUT_MS = 5_000

/** A proxy of the client's configuration: every new container is given it. @see https://docs.docker.com/engine/cli/proxy/ */
export interface ContainerProxy {
  readonly value: string
  /** The keys that it stands at. */
  readonly keys: readonly string[]
  readonly file: string
}

export const containerProxies: Fact<readonly ContainerProxy[]> = defineFact({
  name: 'containerProxies',
  about: "The proxies that the client's configuration gives to new containers and builds.",
  needs: { config: clientConfig },
  parse: (_, { config }): readonly ContainerProxy[] => {
    const given = recordOf(recordOf(config?.value.proxies).default)
    const keys = ['httpProxy', 'httpsProxy'].filter((key) => textOf(given[key]) !== '')
    return [...new Set(keys.map((key) => textOf(given[key])))].map((value) => ({
      value,
      keys: keys.filter((key) => given[key] === value),
      file: config?.path ?? '',
    }))
  },
})

/** A connection is enough, but for a proxy that is to be spoken to by TLS. */
const reachUrl = ({ scheme, host, port }: ProxyAddress): string =>
  `${scheme === 'https' ? 'tls' : 'tcp'}://${host}:${port}`

/** How proxies answer, by how they are written. */
export const proxyAnswers: Fact<ReadonlyMap<string, ProbeAnswer>> = defineFact({
  name: 'proxyAnswers',
  about: 'Whether the proxies of the engine and of containers can be connected to.',
  needs: { engine: engineProxies, containers: maybe(containerProxies) },
  reads: ({ engine, containers }): Record<string, ProbeSource> => {
    const { http, https } = proxiesInForce(engine)
    const given = containers.known ? containers.value.map(({ value }) => value) : []
    return Object.fromEntries(
      [http, https, ...given].flatMap((written) => {
        const address = written ? proxyAddress(written) : null
        return address ? [[written, probe(reachUrl(address), { timeoutMs: TIMEOUT_MS })] as const] : []
      }),
    )
  },
  reading: 'a connection to each proxy',
  parse: (given): ReadonlyMap<string, ProbeAnswer> => new Map(Object.entries(given)),
})

interface Wanted {
  readonly name: string
  readonly direct: string
  readonly through: string
}

/** Names of images, and logins, may be of long ago. */
const SIGNS = ['certs.d', 'insecure', 'mirror'] as const

/** Registries that the engine asks its proxy for. Of those that are insecure, HTTP is what they are asked by in the end. */
const behindProxy: Fact<readonly Wanted[]> = defineFact({
  name: 'registriesBehindProxy',
  about: 'The registries and mirrors that the engine goes to through its proxy.',
  needs: { proxies: engineProxies, registries: registriesInUse, mirrors: registryMirrors },
  parse: (_, { proxies, registries, mirrors }): readonly Wanted[] => {
    const { http, https, noProxy } = proxiesInForce(proxies)
    const setUp = registries.filter(({ signs }) => SIGNS.some((sign) => signs.has(sign)))
    const urls = [
      ...setUp.map(({ name, insecure }) => `${insecure ? 'http' : 'https'}://${name}`),
      ...mirrors.filter((url) => /^http:/i.test(url)),
    ]
    return [...new Set(urls)].flatMap((url): readonly Wanted[] => {
      const name = registryHost(url) ?? ''
      const plain = /^http:/i.test(url)
      const proxy = proxyAddress(plain ? http : https)
      if (name === '' || proxy?.scheme !== 'http' || bypassesProxy(noProxy, name)) return []
      const direct = plain ? apiUrl(url) : `tcp://${/:\d+$/.test(name) ? name : `${name}:443`}`
      return [{ name, direct, through: `proxy://${proxy.host}:${proxy.port}/${apiUrl(url)}` }]
    })
  },
})

/** Registries that answer this host, and that the engine asks a proxy for which does not get there. */
export const shutOffRegistries: Fact<readonly string[]> = defineFact({
  name: 'shutOffRegistries',
  about: "Registries that answer, but not through the engine's proxy, which it nevertheless uses for them.",
  needs: { wanted: behindProxy },
  reads: ({ wanted }): Record<string, ProbeSource> =>
    Object.fromEntries(
      wanted
        .flatMap(({ direct, through }) => [direct, through])
        .map((url) => [url, probe(url, { timeoutMs: TIMEOUT_MS })]),
    ),
  reading: "each registry, directly and through the engine's proxy",
  parse: (answers, { wanted }): readonly string[] => [
    ...new Set(
      wanted
        .filter(({ direct, through }) => works(answers[direct]) && refuses(answers[through]))
        .map(({ name }) => name),
    ),
  ],
})

/** `tcp://` gives no status: that there is a connection is enough. */
const works = (answer: ProbeAnswer | undefined): boolean =>
  answer?.ok === true && (answer.status === undefined || registryHealth(answer).state === 'healthy')

/** The proxy itself is there, and gives an error. With 407 it wants the login that the engine may have. */
function refuses(answer: ProbeAnswer | undefined): boolean {
  if (!answer || answer.stage === 'dns' || answer.stage === 'tcp' || answer.code === 'TIMEOUT') return false
  const { status = 0 } = answer
  return status !== 407 && (status < 200 || status > 299) && status !== 401
}

/** How the engine's proxy answers when it is asked for Docker Hub; null where the engine uses none for it. */
export const hubThroughProxy: Fact<'reached' | 'untold' | { readonly refused: string } | null> = defineFact({
  name: 'hubThroughProxy',
  about:
    "Whether the engine's proxy gets to Docker Hub's registry and token service; null where none is used.",
  needs: { proxies: engineProxies },
  reads: ({ proxies }): Record<string, ProbeSource> => {
    const { https } = proxiesInForce(proxies)
    const proxy = proxyAddress(https)
    if (!usesProxyForHub(proxies) || proxy?.scheme !== 'http') return {}
    const ask = (url: string): ProbeSource =>
      probe(`proxy://${proxy.host}:${proxy.port}/${url}`, { timeoutMs: TIMEOUT_MS })
    return { registry: ask(HUB.registry), auth: ask(HUB.auth) }
  },
  reading: "Docker Hub's registry and token service, through the engine's proxy",
  parse: (answers, { proxies }) => {
    if (!usesProxyForHub(proxies)) return null
    const given = Object.values(answers)
    const refused = given.find((answer) => refuses(answer))
    if (refused) return { refused: refused.status ? `HTTP ${refused.status}` : (refused.message ?? '') }
    const reached = given.length > 0 && given.every(({ status = 0 }) => status >= 200 && status < 300)
    return reached ? 'reached' : 'untold'
  },
})

function usesProxyForHub(proxies: EngineProxies): boolean {
  const { https, noProxy } = proxiesInForce(proxies)
  return https !== '' && !bypassesProxy(noProxy, registryHost(HUB.registry) ?? '')
}
