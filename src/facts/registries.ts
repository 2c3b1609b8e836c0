/** The registries that the engine would contact, and how they answer. */
import { defineFact, type Fact, maybe } from '../model/fact.ts'
import { type ProbeAnswer, type ProbeSource, probe } from '../model/source.ts'
import { CERTS } from './certs-folders.ts'
import { daemonSettings } from './daemon-config.ts'
import { runningEngine } from './engine.ts'
import { recordIn, recordOf, textsOf } from './json.ts'

/** Longer than a person waits, shorter than dockerd's own half minute for a dead mirror. */
const TIMEOUT_MS = 5_000

/** `host:port` of a registry's URL; undefined where the text is no URL. */
export function registryHost(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).host || undefined : undefined
}

const withoutSlash = (url: string): string => url.replace(/\/+$/, '')

/** `registry-mirrors` as configured and as the running engine has them, each once, as they are written. */
export const registryMirrors: Fact<readonly string[]> = defineFact({
  name: 'registryMirrors',
  about:
    "The mirrors of Docker Hub: those of the next start's configuration, and those of the running engine.",
  needs: { settings: daemonSettings, engine: maybe(runningEngine) },
  parse: (_, { settings, engine }): readonly string[] => {
    const configured = settings.list('registry-mirrors')
    const known = new Set(configured.map(withoutSlash))
    const running = engine.known ? (engine.value?.info.mirrors ?? []) : []
    return [...configured, ...running.map(withoutSlash).filter((url) => !known.has(url))]
  },
})

/** Hosts and networks that the engine may speak to without TLS, as written. */
export const insecureRegistries: Fact<readonly string[]> = defineFact({
  name: 'insecureRegistries',
  about: "The entries of insecure-registries in the next start's configuration.",
  needs: { settings: daemonSettings },
  parse: (_, { settings }): readonly string[] => settings.list('insecure-registries'),
})

/** How each of some URLs answers, by URL; each is asked once. HTTPS trusts the host's store and certs.d, as the engine does. */
const answers = (
  name: string,
  about: string,
  urls: Fact<readonly string[]>,
): Fact<ReadonlyMap<string, ProbeAnswer>> =>
  defineFact({
    name,
    about,
    needs: { urls },
    reads: ({ urls }): Record<string, ProbeSource> =>
      Object.fromEntries(urls.map((url) => [url, probe(url, { timeoutMs: TIMEOUT_MS, ...trustFor(url) })])),
    reading: about,
    parse: (given, { urls }): ReadonlyMap<string, ProbeAnswer> =>
      new Map(urls.flatMap((url) => (given[url] ? [[url, given[url]] as const] : []))),
  })

const trustFor = (url: string): { caPath?: string } => {
  const host = registryHost(url)
  return host && url.startsWith('https:') ? { caPath: `${CERTS}/${host}` } : {}
}

/** The URL whose answer tells whether a registry is there. @see https://distribution.github.io/distribution/spec/api/#api-version-check */
export const apiUrl = (registry: string): string => `${withoutSlash(registry)}/v2/`

/** Only what can be asked: text that is no http(s) URL is judged by its looks alone. */
const askable = (url: string): boolean => /^https?:\/\//i.test(url) && registryHost(url) !== undefined

const urlsFrom = (
  name: string,
  needs: Fact<readonly string[]>,
  make: (url: string) => string,
): Fact<readonly string[]> =>
  defineFact({
    name,
    about: 'URLs to ask.',
    needs: { list: needs },
    parse: (_, { list }): readonly string[] => [...new Set(list.filter(askable).map(make))],
  })

export const mirrorAnswers: Fact<ReadonlyMap<string, ProbeAnswer>> = answers(
  'mirrorAnswers',
  'GET /v2/ of each registry mirror',
  urlsFrom('mirror API URLs', registryMirrors, apiUrl),
)

const catalogUrl = (registry: string): string => `${withoutSlash(registry)}/v2/_catalog?n=1000`

const mirrorCatalogAnswers = answers(
  'mirrorCatalogAnswers',
  'GET /v2/_catalog of each registry mirror',
  urlsFrom('mirror catalogue URLs', registryMirrors, catalogUrl),
)

/**
 * The repositories that each mirror lists, by mirror as written; a mirror that does not tell is not in it.
 * Names without a slash cannot be Docker Hub's (official images are `library/NAME`): such a registry has images of its own.
 */
export const mirrorRepositories: Fact<ReadonlyMap<string, readonly string[]>> = defineFact({
  name: 'mirrorRepositories',
  about: 'The repositories that each registry mirror lists.',
  needs: { mirrors: registryMirrors, answers: mirrorCatalogAnswers },
  parse: (_, { mirrors, answers }) =>
    new Map(
      mirrors.flatMap((mirror) => {
        const answer = answers.get(catalogUrl(mirror))
        return answer?.status === 200 ? [[mirror, repositoriesIn(answer.body ?? '')] as const] : []
      }),
    ),
})

const repositoriesIn = (body: string): readonly string[] => textsOf(recordIn(body)?.repositories)

/** @see https://docs.docker.com/desktop/setup/allow-list/ */
export const HUB = {
  registry: 'https://registry-1.docker.io/v2/',
  auth: 'https://auth.docker.io/token?service=registry.docker.io',
}

const hubUrls = defineFact({
  name: 'hubUrls',
  about: "Docker Hub's registry and token service.",
  parse: (): readonly string[] => [HUB.registry, HUB.auth],
})

export const hubAnswers: Fact<ReadonlyMap<string, ProbeAnswer>> = answers(
  'hubAnswers',
  "GET of Docker Hub's registry and token service",
  hubUrls,
)

/** The proxy that the engine uses for HTTPS, as far as it tells; probes go directly and say nothing of what lies behind it. */
export const engineProxy: Fact<string | null> = defineFact({
  name: 'engineProxy',
  about: 'The HTTP(S) proxy of the engine; null where it has none.',
  needs: { settings: daemonSettings, engine: maybe(runningEngine) },
  parse: (_, { settings, engine }) => {
    const info = engine.known ? engine.value?.info : undefined
    const configured = recordOf(settings.get('proxies'))
    const named = [info?.httpsProxy, info?.httpProxy, configured['https-proxy'], configured['http-proxy']]
    return named.find((proxy): proxy is string => typeof proxy === 'string' && proxy !== '') ?? null
  },
})
