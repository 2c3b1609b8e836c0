import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { HOPS } from '../../src/diagnose/trace/hops.ts'
import { PROFILES } from '../../src/model/check.ts'

const folder = 'test/lab/faults'
const tags = JSON.parse(readFileSync('test/lab/expect.json', 'utf8')) as Record<string, string[]>
const verify = readFileSync('test/lab/lib/verify.sh', 'utf8')
const inside = /^INSIDE="(.*)"$/m.exec(verify)?.[1] ?? ''
const actions = new Set(`${/^CHECKS="([^"]*)"$/m.exec(verify)?.[1]} ${inside}`.split(/\s+/))
const runner = readFileSync('test/lab/run.mjs', 'utf8')
const sample = [...(/SAMPLE = \[([^\]]*)\]/.exec(runner)?.[1] ?? '').matchAll(/'([^']+)'/g)].map(
  (found) => found[1],
)

const faults = readdirSync(folder).filter((name) => name.endsWith('.sh'))

describe('what every fault of the lab declares', () => {
  test.each(faults)('%s', (file) => {
    const text = readFileSync(`${folder}/${file}`, 'utf8')
    const [, kind, tag, breaks] =
      /^kind=(\w+)(?: init=(?:systemd|sysv))? expect=(\S+)(?: breaks=(\S+))?$/m.exec(text) ?? []
    expect(['break', 'risk', 'decoy']).toContain(kind)
    expect(tags).toHaveProperty([tag ?? ''])
    expect(tag === 'none').toBe(kind === 'decoy')
    if (kind === 'break') expect(actions).toContain(breaks)
    for (const name of ['desc', 'evidence', 'fix']) expect(text).toMatch(new RegExp(`^${name}=".+"$`, 'm'))
    for (const name of ['inject', 'heal', 'symptom'])
      expect(text).toMatch(new RegExp(`^${name}\\(\\) \\{`, 'm'))
    if (kind === 'risk') expect(text).toContain('\nrisk_bad()')
    const [, profile = 'docker'] = /^profile=(.*)$/m.exec(text) ?? []
    expect(PROFILES).toContain(profile)
    const [, finding] = /^finding=(.*)$/m.exec(text) ?? []
    if (finding !== undefined) expect(tags[tag ?? '']).toContain(finding.replace(/#[a-z][A-Za-z0-9]*$/, ''))
  })
})

test('the sample names faults that exist', () => {
  expect(sample.length).toBeGreaterThan(10)
  for (const name of sample) expect(faults).toContain(`${name}.sh`)
})

test('what is asked of traces names faults and hops that exist', () => {
  const traces = JSON.parse(readFileSync('test/lab/trace.json', 'utf8')) as Record<
    string,
    { ask: string; hop?: string; warned?: string }[]
  >
  const hops = new Set(HOPS.map(({ id }) => id))
  for (const [name, all] of Object.entries(traces)) {
    if (name !== 'healthy') expect(faults).toContain(`${name}.sh`)
    for (const { hop, warned } of all)
      for (const id of [hop, warned].filter((one) => one !== undefined)) expect(hops).toContain(id)
  }
})
