/** The registries, beside Docker Hub, that this host has to do with, and how they answer. */
import { defineFact, type Fact, maybe } from '../model/fact.ts'
import { type ProbeAnswer, type ProbeSource, probe } from '../model/source.ts'
import { CERTS, certsFolders } from './certs-folders.ts'
import { clientConfig } from './client-endpoint.ts'
import { engineProxies, proxiesInForce } from './engine-proxies.ts'
import { imageNames, isHub, REGISTRY_NAME, registryOf } from './image-names.ts'
import { isListed } from './insecure-entry.ts'
import { bypassesProxy } from './proxy-bypass.ts'
import { apiUrl, insecureRegistries, registryHost, registryMirrors } from './registries.ts'
import { loginsIn } from './registry-logins.ts'

/** How it is known. Images may have been loaded or built here: their names alone prove no use. */
export type Sign = 'certs.d' | 'mirror' | 'insecure' | 'login' | 'image'

export interface Registry {
  /** `host` or `host:port`, as names of images have it. */
  readonly name: string
  readonly signs: ReadonlySet<Sign>
  /** The engine may speak to it without TLS, or without looking at its certificate. */
  readonly insecure: boolean
  /** The engine speaks to it without a proxy, as this tool does. */
  readonly direct: boolean
}

/** Each costs a connection. */
const MOST_BY_IMAGE = 6
const MOST = 24
const TIMEOUT_MS = 5_000

export const registriesInUse: Fact<readonly Registry[]> = defineFact({
  name: 'registriesInUse',
  about:
    'The registries beside Docker Hub that certs.d, mirrors, insecure-registries, logins and images name.',
  needs: {
    folders: certsFolders,
    mirrors: registryMirrors,
    insecure: insecureRegistries,
    config: maybe(clientConfig),
    images: maybe(imageNames),
    proxies: engineProxies,
  },
  parse: (_, { folders, mirrors, insecure, config, images, proxies }): readonly Registry[] => {
    const logins = config.known ? loginsIn(config.value?.value ?? {}) : []
    const ofImages = (images.known ? images.value : []).flatMap((image) => registryOf(image) ?? [])
    const listed = insecure.map((entry) => entry.replace(/^https?:\/\//i, ''))
    const named: readonly (readonly [Sign, readonly string[]])[] = [
      ['certs.d', folders.map(({ name }) => name)],
      ['mirror', mirrors.flatMap((url) => (/^https:/i.test(url) ? (registryHost(url) ?? []) : []))],
      ['insecure', listed],
      ['login', logins],
      ['image', [...new Set(ofImages)]],
    ]
    const found = gather(named)
    for (const url of mirrors) found.get(registryHost(url) ?? '')?.add('mirror')
    const { http, https, noProxy } = proxiesInForce(proxies)
    return [...found].slice(0, MOST).map(([name, signs]) => {
      const free = isListed(name, insecure)
      const proxy = free ? https || http : https
      return { name, signs, insecure: free, direct: proxy === '' || bypassesProxy(noProxy, name) }
    })
  },
})

function gather(named: readonly (readonly [Sign, readonly string[]])[]): Map<string, Set<Sign>> {
  const found = new Map<string, Set<Sign>>()
  let byImage = 0
  for (const [sign, names] of named) {
    for (const name of names) {
      if (!REGISTRY_NAME.test(name) || isHub(name) || isOwn(name)) continue
      const signs = found.get(name)
      if (signs) signs.add(sign)
      else if (sign !== 'image' || byImage++ < MOST_BY_IMAGE) found.set(name, new Set([sign]))
    }
  }
  return found
}

/** On this host itself: the engine needs no certificate of it, and it comes and goes with its container. */
const isOwn = (name: string): boolean => /^(?:localhost(?::|$)|127\.|\[::1\])/i.test(name)

/** The URLs that a registry is asked by: the engine tries HTTPS first, and plain HTTP only where it may. */
export function urlsOf({ name, insecure }: Registry): readonly string[] {
  if (!insecure) return [apiUrl(`https://${name}`)]
  return /:\d+$/.test(name)
    ? [apiUrl(`http://${name}`)]
    : [apiUrl(`https://${name}`), apiUrl(`http://${name}`)]
}

/** Those behind a proxy are not asked, nor what is neither set up here nor of any consequence. */
const asked = ({ insecure, direct, signs }: Registry): boolean =>
  direct && !(insecure && signs.size === 1 && signs.has('image'))

/** How each answers at /v2/, by URL. */
export const registryAnswers: Fact<ReadonlyMap<string, ProbeAnswer>> = defineFact({
  name: 'registryAnswers',
  about: 'GET /v2/ of each registry in use, trusting what the engine trusts.',
  needs: { registries: registriesInUse },
  reads: ({ registries }): Record<string, ProbeSource> =>
    Object.fromEntries(
      registries.filter(asked).flatMap((registry) =>
        urlsOf(registry).map((url) => {
          const trusted = url.startsWith('https:') ? { caPath: `${CERTS}/${registry.name}` } : {}
          return [url, probe(url, { timeoutMs: TIMEOUT_MS, ...trusted })]
        }),
      ),
    ),
  reading: 'GET /v2/ of each registry in use',
  parse: (given): ReadonlyMap<string, ProbeAnswer> => new Map(Object.entries(given)),
})
