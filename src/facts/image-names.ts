/** The names of images on this host, and the registries that they name. */
import { defineFact, type Fact, type OrAbsent, orAbsent } from '../model/fact.ts'
import { sourceKey, type UnixHttpSource, unixHttp } from '../model/source.ts'
import { containers, ENGINE_SOCKET, runningEngine } from './engine.ts'
import { type JsonRecord, jsonOf, listOf, recordOf, textsOf } from './json.ts'

const IMAGES = unixHttp(ENGINE_SOCKET, '/images/json')

/** As the engine lists them, which costs it little: sizes are on record, and no folder is walked. */
export const listedImages: Fact<readonly JsonRecord[]> = defineFact({
  name: 'listedImages',
  about: 'The images that are here, as the engine lists them; none where no engine runs.',
  needs: { engine: runningEngine },
  reads: ({ engine }): Record<string, OrAbsent<UnixHttpSource>> =>
    engine ? { images: orAbsent(IMAGES) } : {},
  reading: `${sourceKey(IMAGES)} (where the engine answers)`,
  parse: ({ images }): readonly JsonRecord[] =>
    images?.status === 200 ? listOf(jsonOf(images.body, sourceKey(IMAGES))).map(recordOf) : [],
})

/** Names of every image and of every container's image; empty where no engine runs. */
export const imageNames: Fact<readonly string[]> = defineFact({
  name: 'imageNames',
  about: 'The names of the images that are here, and of those that containers were made of.',
  needs: { listedImages, containers },
  parse: (_, { listedImages, containers }): readonly string[] => {
    const tags = listedImages.flatMap(({ RepoTags }) => textsOf(RepoTags))
    return [...new Set([...tags, ...containers.map(({ image }) => image)])]
  },
})

/** `host` or `host:port`: what a registry is called in names of images and of folders of certs.d. */
export const REGISTRY_NAME =
  /^(?:\[[0-9a-f:]+\]|[a-z\d](?:[a-z\d-]*[a-z\d])?(?:\.[a-z\d](?:[a-z\d-]*[a-z\d])?)*)(?::\d{1,5})?$/i

/**
 * The registry that an image's name begins with; null where it is Docker Hub's.
 * @see https://pkg.go.dev/github.com/distribution/reference#ParseNormalizedNamed
 */
export function registryOf(image: string): string | null {
  const [first = '', ...rest] = image.split('/')
  if (rest.length === 0 || !REGISTRY_NAME.test(first) || !/[.:]|^localhost$/.test(first)) return null
  return isHub(first) ? null : first
}

export const isHub = (registry: string): boolean => /^(?:[\w-]+\.)?docker\.io$/i.test(registry)
