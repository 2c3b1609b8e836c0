/** What every check must keep on every recorded host, for every profile. */
import { describe, expect, it } from 'vitest'
import { catalogue } from '../../src/engine/catalogue.ts'
import { memoryHost } from '../../src/hosts/memory.ts'
import { PROFILES } from '../../src/model/check.ts'
import type { Report } from '../../src/model/report.ts'
import { checksOf, judge, recordedHost, recordings } from '../hosts/recordings.ts'

/** A slot of a message that nothing filled: `{name}`. */
const SLOT = /\{[a-z][a-zA-Z]*\}/

const broken = ({ results }: Report) =>
  results
    .filter(({ message }) => message.includes('check itself failed'))
    .map(({ id, message }) => `${id}: ${message}`)

const unfilled = ({ results }: Report) =>
  results
    .flatMap(({ id, message, findings = [], fix }) =>
      [message, fix?.summary ?? '', ...findings.flatMap((one) => [one.message, one.fix?.summary ?? ''])].map(
        (text) => `${id}: ${text}`,
      ),
    )
    .filter((text) => SLOT.test(text))

/** What a report says, without how long it took. */
const said = ({ results, causes, verdict, host, summary }: Report) => ({
  verdict,
  causes,
  host,
  summary,
  results: results.map(({ durationMs, ...result }) => result),
})

describe.each(recordings)('%s', (name) => {
  it.each(PROFILES)('breaks no check and leaves no slot open, profile %s', async (profile) => {
    const report = await judge(await recordedHost(name), profile, checksOf(profile))
    expect(broken(report)).toEqual([])
    expect(unfilled(report)).toEqual([])
  })
  it('is judged alike each time', async () => {
    const once = await judge(await recordedHost(name), 'docker', catalogue)
    expect(said(await judge(await recordedHost(name), 'docker', catalogue))).toEqual(said(once))
  })
})

describe('a host of which nothing is known', () => {
  it.each(PROFILES)('passes nothing, profile %s', async (profile) => {
    const { results } = await judge(memoryHost({}), profile, catalogue)
    expect(results.filter(({ status }) => status === 'pass').map(({ id }) => id)).toEqual([])
  })
})
