/** What the machine-readable formats hold, and that the published schema says so. */
import { readFile } from 'node:fs/promises'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { describe, expect, it } from 'vitest'
import { render as renderJson } from '../../reports/json.ts'
import { render as renderNdjson } from '../../reports/ndjson.ts'
import { catalogue } from '../../src/engine/catalogue.ts'
import { run } from '../../src/engine/run.ts'
import type { Host } from '../../src/hosts/host.ts'
import { liveHost } from '../../src/hosts/live.ts'
import { memoryHost } from '../../src/hosts/memory.ts'
import { type Report, reportJsonSchema } from '../../src/model/report.ts'
import { oneCause, samples } from './samples.ts'

const ajv = new Ajv2020({ allErrors: true, strict: true })
addFormats.default(ajv)
const validate = ajv.compile(reportJsonSchema())

const errors = (text: string): unknown => (validate(JSON.parse(text)) ? [] : validate.errors)

const examine = (host: Host): Promise<Report> =>
  run(host, {
    checks: catalogue,
    settings: { profile: 'docker' },
    offline: true,
    timeoutS: 20,
    version: '1.2.3',
  })

const bare = { '/**': null }
const hosts: Readonly<Record<string, Host>> = {
  'a host of which nothing was recorded': memoryHost({}),
  'a host with nothing on it': memoryHost(bare),
  'a host with forwarding off': memoryHost({ ...bare, '/proc/sys/net/ipv4/ip_forward': '0\n' }),
  'this machine': liveHost,
}

describe('the schema', () => {
  it.each(Object.entries(samples))('allows the sample %s', (_, report) => {
    expect(errors(renderJson(report))).toEqual([])
  })
  it.each(Object.entries(hosts))('allows the report of %s', async (_, host) => {
    expect(errors(renderJson(await examine(host)))).toEqual([])
  })
  it('refuses what is no report', () => {
    expect(validate({ ...oneCause, verdict: 'fine' })).toBe(false)
    expect(validate({ ...oneCause, results: [{ id: 'a/b' }] })).toBe(false)
  })
})

describe('ndjson', () => {
  const lines = renderNdjson(oneCause)
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
  it('is the host, each result, the summary', () => {
    expect(lines.map(({ type }) => type)).toEqual([
      'host',
      ...oneCause.results.map(() => 'result'),
      'summary',
    ])
  })
  it('holds all that the JSON report holds', () => {
    const [host, ...rest] = lines.map(({ type, ...line }) => line)
    const summary = rest.pop()
    expect({ ...host, ...summary, results: rest }).toEqual(JSON.parse(renderJson(oneCause)))
  })
})

it('docs/report-format.md names every field', async () => {
  const text = await readFile(new URL('../../docs/report-format.md', import.meta.url), 'utf8')
  const fields = [...propertiesOf(reportJsonSchema())]
  expect(fields).toContain('collectedAs')
  expect(fields.filter((name) => !text.includes(`\`${name}\``))).toEqual([])
})

function* propertiesOf(schema: unknown): Generator<string> {
  if (typeof schema !== 'object' || schema === null) return
  const { properties } = schema as { properties?: Record<string, unknown> }
  yield* Object.keys(properties ?? {})
  for (const inner of Object.values(schema)) yield* propertiesOf(inner)
}
