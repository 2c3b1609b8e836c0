/** What the engine keeps and nobody uses. */
import { defineFact, type Fact, unavailable } from '../model/fact.ts'
import { sourceKey, type UnixHttpSource, unixHttp } from '../model/source.ts'
import { atLeast } from '../versions.ts'
import { dataRootFileSystem } from './data-root.ts'
import { containers, ENGINE_SOCKET, type RunningEngine, runningEngine } from './engine.ts'
import { listedImages } from './image-names.ts'
import { jsonOf, listOf, numberOf, recordOf, textOf, textsOf } from './json.ts'
import { isScarce } from './scarce-space.ts'

export interface LeftoverImages {
  readonly count: number
  /** Bytes, with the layers that they share with others. */
  readonly bytes: number
  /** All images. */
  readonly of: { readonly count: number; readonly bytes: number }
}

const named = (names: readonly string[]): boolean => names.some((name) => !/^<none>[:@]<none>$/.test(name))

export const leftoverImages: Fact<LeftoverImages> = defineFact({
  name: 'leftoverImages',
  about: 'The images that have neither a name nor a container: what builds leave behind.',
  needs: { listedImages, containers },
  parse: (_, { listedImages: all, containers }): LeftoverImages => {
    const ids = containers
      .map(({ image }) => image.replace(/^sha256:/, ''))
      .filter((id) => /^[0-9a-f]{12,}$/.test(id))
    const isUsed = (id: string): boolean => ids.some((used) => id.replace(/^sha256:/, '').startsWith(used))
    const left = all.filter(
      ({ Id, RepoTags, RepoDigests }) =>
        !named([...textsOf(RepoTags), ...textsOf(RepoDigests)]) && !isUsed(textOf(Id)),
    )
    const size = (list: typeof all): number => list.reduce((sum, { Size }) => sum + (numberOf(Size) ?? 0), 0)
    return { count: left.length, bytes: size(left), of: { count: all.length, bytes: size(all) } }
  },
})

/** Bytes that pruning would free, at the least. */
export interface UnusedSpace {
  readonly images: number
  readonly buildCache: number
  /** The files of stopped containers; 0 where the engine was not asked, as it would walk all folders. */
  readonly containers: number
}

/** Before API 1.42 the engine counts everything, and walks the folders of every container and volume for it. */
const TIMEOUT_MS = 3_000
const SINCE_TYPES = '1.42'
/** From 1.52 on the answer has another form. */
const LAST_FORM = '1.51'

/** @see https://docs.docker.com/reference/api/engine/version/v1.51/#tag/System/operation/SystemDataUsage */
function usageSource({ version: { apiVersion } }: RunningEngine): UnixHttpSource {
  const known = atLeast(apiVersion, LAST_FORM) ? LAST_FORM : apiVersion
  const path = atLeast(known, SINCE_TYPES) ? `/v${known}/system/df?type=image&type=build-cache` : '/system/df'
  return unixHttp(ENGINE_SOCKET, path, { timeoutMs: TIMEOUT_MS })
}

/** Asked only where it matters: null where space is not scarce, or no engine runs. */
export const unusedSpace: Fact<UnusedSpace | null> = defineFact({
  name: 'unusedSpace',
  about: 'Bytes of unused images, build cache and stopped containers; null where space is not scarce.',
  needs: { engine: runningEngine, disk: dataRootFileSystem },
  reads: ({ engine, disk }): Record<string, UnixHttpSource> =>
    engine && isScarce(disk) ? { usage: usageSource(engine) } : {},
  reading: `GET unix://${ENGINE_SOCKET} /system/df, of images and build cache (where the engine answers and space is scarce)`,
  parse: ({ usage }, { engine }): UnusedSpace | null => {
    if (!usage || !engine) return null
    if (usage.status !== 200) {
      const reason = `the engine answers HTTP ${usage.status}`
      return unavailable(sourceKey(usageSource(engine)), { state: 'failed', reason, durationMs: 0 })
    }
    return parseUsage(jsonOf(usage.body, sourceKey(usageSource(engine))))
  },
})

export function parseUsage(json: unknown): UnusedSpace {
  const { Images, BuildCache, Containers } = recordOf(json)
  const sum = (list: unknown, size: (item: ReturnType<typeof recordOf>) => number): number =>
    listOf(list)
      .map(recordOf)
      .reduce((total, item) => total + Math.max(0, size(item)), 0)
  const count = (value: unknown): number => numberOf(value) ?? 0
  return {
    images: sum(Images, ({ Containers: used, Size, SharedSize }) =>
      used === 0 ? count(Size) - Math.max(0, count(SharedSize)) : 0,
    ),
    buildCache: sum(BuildCache, ({ InUse, Shared, Size }) =>
      InUse === true || Shared === true ? 0 : count(Size),
    ),
    containers: sum(Containers, ({ State, SizeRw }) =>
      ['exited', 'created', 'dead'].includes(textOf(State)) ? count(SizeRw) : 0,
    ),
  }
}
