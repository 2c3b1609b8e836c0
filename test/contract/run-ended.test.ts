/** The end of the run tells nothing of a host: what it cut short is unknown, and no check finds in it what a whole run does not. */
import { describe, expect, it } from 'vitest'
import type { Host } from '../../src/hosts/host.ts'
import { PROFILES } from '../../src/model/check.ts'
import { cutShort } from '../../src/model/reading.ts'
import type { Result } from '../../src/model/report.ts'
import { type Source, sourceKey } from '../../src/model/source.ts'
import { checksOf, judge, recordedHost, recordings } from '../hosts/recordings.ts'

const SLOW: ReadonlySet<Source['kind']> = new Set(['command', 'unixHttp', 'probe', 'statfs', 'inventory'])

/** A number from 0 to 99 that a key always has. */
const lot = (key: string, seed: number): number =>
  [...key].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 9973, seed) % 100

const cutAt =
  (isCut: (source: Source) => boolean) =>
  ({ kind, read }: Host): Host => ({
    kind,
    read: (source, signal) => (isCut(source) ? Promise.resolve(cutShort()) : read(source, signal)),
  })

const WAYS = {
  'of all that takes time': ({ kind }: Source) => SLOW.has(kind),
  'of each probe': ({ kind }: Source) => kind === 'probe',
  'of all that the engine is asked': ({ kind }: Source) => kind === 'unixHttp',
  'of half of what takes time': (source: Source) => SLOW.has(source.kind) && lot(sourceKey(source), 1) < 50,
  'of a tenth of all': (source: Source) => lot(sourceKey(source), 2) < 10,
  'of half of all': (source: Source) => lot(sourceKey(source), 3) < 50,
} as const

/** What a result says that the whole run does not: unknown, and left out for that, say nothing. */
const newIn = (results: readonly Result[], whole: readonly Result[]): string[] =>
  results
    .filter(({ status }) => status === 'fail' || status === 'warn')
    .filter(({ id, finding }) => whole.find((one) => one.id === id)?.finding !== finding)
    .map(({ id, message }) => `${id}: ${message}`)

describe.each(recordings)('%s', (name) => {
  it.each(PROFILES)(
    'finds nothing of its own where the run ended amid the reading, profile %s',
    async (profile) => {
      const host = await recordedHost(name)
      const whole = await judge(host, profile, checksOf(profile))
      for (const [way, isCut] of Object.entries(WAYS)) {
        const cut = await judge(cutAt(isCut)(host), profile, checksOf(profile))
        expect(newIn(cut.results, whole.results), way).toEqual([])
      }
    },
  )
})
