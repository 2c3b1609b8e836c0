/** Layers of images that are recorded, and whose folders are gone. */
import {
  type AsReading,
  asReading,
  defineFact,
  type Fact,
  type OrAbsent,
  orAbsent,
  unavailable,
} from '../model/fact.ts'
import type { Reading } from '../model/reading.ts'
import {
  type DirectorySource,
  directory,
  type FileSource,
  file,
  type StatSource,
  sourceKey,
  stat,
} from '../model/source.ts'
import { dataRoot } from './data-root.ts'

/** Each costs a file to read. */
const MOST = 2_000

const recordsOf = (root: string): string => `${root}/image/overlay2/layerdb/sha256`
const foldersOf = (root: string): string => `${root}/overlay2`
const isRecord = (name: string): boolean => /^[0-9a-f]{64}\/$/.test(name)

/**
 * The recorded layers, where folders seem to be missing; else none, so that a healthy host costs three listings. Every folder has a link
 * in `l`, and every recorded layer a folder: fewer folders than either means that some were taken away behind the engine's back.
 */
const suspectRecords: Fact<readonly string[]> = defineFact({
  name: 'suspectLayerRecords',
  about: 'The layers on record, by chain id, where the folders of overlay2 are fewer than they should be.',
  needs: { dataRoot },
  reads: ({ dataRoot }): Record<string, AsReading<DirectorySource>> => ({
    folders: asReading(directory(foldersOf(dataRoot))),
    links: asReading(directory(`${foldersOf(dataRoot)}/l`)),
    records: asReading(directory(recordsOf(dataRoot))),
  }),
  reading: 'the listings of overlay2, overlay2/l and image/overlay2/layerdb/sha256 under the data root',
  parse: ({ folders, links, records }, { dataRoot }): readonly string[] => {
    const names = (reading: Reading<DirectorySource> | undefined, path: string): readonly string[] => {
      if (reading?.state === 'ok') return reading.value
      return !reading || reading.state === 'absent' ? [] : unavailable(sourceKey(directory(path)), reading)
    }
    const recorded = names(records, recordsOf(dataRoot)).filter(isRecord)
    const there = names(folders, foldersOf(dataRoot)).filter((name) => name.endsWith('/') && name !== 'l/')
    const linked = names(links, `${foldersOf(dataRoot)}/l`)
    const cut = [folders, links, records].some((reading) => reading?.state === 'ok' && reading.truncated)
    const whole = there.length >= Math.max(linked.length, recorded.length)
    return whole || cut ? [] : recorded.slice(0, MOST).map((name) => name.slice(0, -1))
  },
})

const suspectLayers: Fact<ReadonlyMap<string, string>> = defineFact({
  name: 'suspectLayers',
  about: 'The folder of each suspect layer, by the folder of its record.',
  needs: { dataRoot, records: suspectRecords },
  reads: ({ dataRoot, records }): Record<string, OrAbsent<FileSource>> =>
    Object.fromEntries(
      records.map((id) => {
        const record = `${recordsOf(dataRoot)}/${id}`
        return [record, orAbsent(file(`${record}/cache-id`))]
      }),
    ),
  reading: 'the cache-id of each layer on record (where folders of layers seem to be missing)',
  parse: (ids, { dataRoot }): ReadonlyMap<string, string> =>
    new Map(
      Object.entries(ids).flatMap(([record, id]) =>
        /^[\w-]+$/.test(id?.trim() ?? '') ? [[record, `${foldersOf(dataRoot)}/${id?.trim()}`] as const] : [],
      ),
    ),
})

/** An engine that removes a layer takes its record away first: a record without a folder is no race. */
export const lostLayers: Fact<readonly string[]> = defineFact({
  name: 'lostLayers',
  about: 'The folders of layers of images that are on record under the data root and do not exist.',
  needs: { layers: suspectLayers },
  reads: ({ layers }): Record<string, OrAbsent<StatSource>> =>
    Object.fromEntries([...layers].flat().map((path) => [path, orAbsent(stat(path))])),
  reading: 'stat of the folder of each layer on record (where folders of layers seem to be missing)',
  parse: (seen, { layers }): readonly string[] =>
    [...layers].flatMap(([record, folder]) => (seen[record] && !seen[folder] ? [folder] : [])),
})
