/** Recorded hosts that are known to work: nothing is wrong with them, and the tool says so, each time the same. */
import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { catalogue } from '../../src/engine/catalogue.ts'
import { run } from '../../src/engine/run.ts'
import { loadSnapshot } from '../../src/hosts/snapshot/load.ts'
import { snapshotHost } from '../../src/hosts/snapshot.ts'
import type { Report } from '../../src/model/report.ts'

const recordings = readdirSync('test/hosts').filter((name) => name.endsWith('.json'))

async function judge(name: string): Promise<Report> {
  const host = snapshotHost(await loadSnapshot(`test/hosts/${name}`))
  return run(host, {
    checks: catalogue.filter(({ profiles }) => profiles.includes('docker')),
    settings: { profile: 'docker' },
    offline: false,
    timeoutS: 20,
    version: '0.0.0',
  })
}

/** What a report says, without how long it took. */
const said = ({ results, causes, verdict, host, summary }: Report) => ({
  verdict,
  causes,
  host,
  summary,
  results: results.map(({ durationMs, ...result }) => result),
})

describe.each(recordings)('%s', (name) => {
  it('has nothing wrong with it', async () => {
    const { results } = await judge(name)
    // What later checks ask for was not recorded then: unknown is no objection.
    const objections = results.filter(({ status }) => status === 'fail' || status === 'warn')
    expect(objections.map(({ id, message }) => `${id}: ${message}`)).toEqual([])
    expect(results.filter(({ status }) => status === 'pass').length).toBeGreaterThan(40)
  })
  it('is judged alike each time', async () => {
    expect(said(await judge(name))).toEqual(said(await judge(name)))
  })
})
