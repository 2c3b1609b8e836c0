/** Recorded hosts that are known to work: nothing is said against them but what a knowledgeable operator agrees to. */
import { describe, expect, it } from 'vitest'
import { catalogue } from '../../src/engine/catalogue.ts'
import type { Profile } from '../../src/model/check.ts'
import type { Report, Result } from '../../src/model/report.ts'
import { agreed, namedHere, profiles } from './expected.ts'
import { pinned } from './pinned.ts'
import { checksOf, judge, recordedHost, recordings } from './recordings.ts'

const profileOf = (name: string): Profile => profiles[name] ?? 'docker'

async function report(name: string): Promise<Report> {
  const profile = profileOf(name)
  return judge(await recordedHost(name), profile, checksOf(profile))
}

const findingsOf = ({ id, finding, message, findings }: Result) =>
  (findings ?? [{ finding, message }]).map((one) => ({ key: `${id}#${one.finding}`, message: one.message }))

/** Unknown for want of root, or for a source that was not asked for yet when the host was recorded. */
const RIGHTLY_UNKNOWN = /permission denied|only root may|as root|not in the recording/

describe.each(recordings)('%s', (name) => {
  it('is said nothing against but what is agreed', async () => {
    const { results } = await report(name)
    const objections = results
      .filter(({ status }) => status === 'fail' || status === 'warn')
      .flatMap(findingsOf)
    const known = Object.keys(agreed(name))
    expect(objections.filter(({ key }) => !known.includes(key))).toEqual([])
    expect(known.filter((key) => !objections.some((one) => one.key === key))).toEqual([])
    expect(results.filter(({ status }) => status === 'pass').length).toBeGreaterThan(20)
  })
  it('is unknown only in what this user may not see', async () => {
    const { results } = await report(name)
    const unknown = results
      .filter(({ status }) => status === 'unknown')
      .map(({ id, message }) => `${id}: ${message}`)
    expect(unknown.filter((line) => !RIGHTLY_UNKNOWN.test(line))).toEqual([])
  })
  it('is judged by the pinned checks as it was', async () => {
    const checks = catalogue.filter(({ id }) => pinned.includes(id))
    const { results, verdict } = await judge(await recordedHost(name), profileOf(name), checks)
    const lines = results.map(
      ({ id, status, finding, message }) =>
        `${status.padEnd(8)}${id}${finding ? `#${finding}` : ''}: ${message}`,
    )
    await expect(`${[verdict, ...lines].join('\n')}\n`).toMatchFileSnapshot(`golden/${name}.txt`)
  })
})

it('pins checks that exist', () => {
  expect(pinned.filter((id) => !catalogue.some((check) => check.id === id))).toEqual([])
})
it('agrees to findings of recordings that exist', () => {
  expect(namedHere.filter((name) => !recordings.includes(name))).toEqual([])
})
