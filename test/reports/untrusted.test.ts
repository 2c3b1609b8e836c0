/** Whatever a host says, no format hands it to the terminal as something to obey. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as checklist from '../../reports/checklist.ts'
import type { Format } from '../../reports/format.ts'
import * as json from '../../reports/json.ts'
import { PLAIN_LOOK } from '../../reports/look.ts'
import * as ndjson from '../../reports/ndjson.ts'
import { pasteableLines, safeJson, visible } from '../../reports/untrusted.ts'
import type { Report } from '../../src/model/report.ts'
import { manyFailures, oneCause, ordinaryUser } from './samples.ts'

const HARMFUL =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]|\p{Surrogate}/u

const formats: Readonly<Record<string, Format>> = { checklist, json, ndjson }

/** Fixed words of the schema stay; every other string is the host's. */
const FIXED = new Set(['status', 'level', 'state', 'risk', 'verdict', 'kind', 'id', 'causes', 'causedBy'])

/** The report with something put into every string that a host may fill. */
function poisoned<T>(value: T, poison: string, key = ''): T {
  if (typeof value === 'string') return (FIXED.has(key) ? value : `${value}${poison}`) as T
  if (Array.isArray(value)) return value.map((item) => poisoned(item, poison, key)) as T
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, poisoned(inner, poison, name)]),
  ) as T
}

const nasty = fc.oneof(
  fc.constantFrom(
    '\x1b[2J\x1b[H',
    '\x1b]0;title\x07',
    '\x1b]8;;https://example.org\x1b\\link',
    '\x9b31m',
    '\u202Egnp.exe',
    '\u2066',
    '\u2028',
    '\r\x1b[K\u2714 ready',
    '\ud800',
    '\x7f',
    "'; rm -rf /\n",
  ),
  fc.string({ unit: 'binary' }),
  fc.array(fc.integer({ min: 0, max: 0xffff })).map((codes) => String.fromCharCode(...codes)),
)

describe.each(Object.entries(formats))('%s', (_, { render }) => {
  it.each<[string, Report]>([
    ['one cause', oneCause],
    ['ordinary user', ordinaryUser],
    ['many failures', manyFailures],
  ])('lets nothing harmful through: %s', async (_name, report) => {
    await fc.assert(
      fc.asyncProperty(nasty, fc.boolean(), async (poison, verbose) => {
        const look = { ...PLAIN_LOOK, detail: verbose ? ('verbose' as const) : ('normal' as const) }
        expect(await render(poisoned(report, poison), look)).not.toMatch(HARMFUL)
      }),
      { numRuns: 200 },
    )
  })
})

it('JSON means what it meant', () => {
  fc.assert(
    fc.property(nasty, (poison) => {
      const report = poisoned(manyFailures, poison)
      expect(JSON.parse(json.render(report))).toEqual(report)
    }),
  )
})

it('a message stays on its line', () => {
  expect(visible('off\n\u2714 ready: all is well\x1b[2K')).toBe('off \u2714 ready: all is well\\x1b[2K')
})

describe('commands', () => {
  it('are shown as they are', () => {
    expect(pasteableLines("echo 'a'\n\tb")).toEqual(["echo 'a'", '\tb'])
  })
  it('are comments where they hold control characters', () => {
    const lines = pasteableLines('rm -rf \x1b[8m/\necho \u202eevil')
    expect(lines.every((line) => line.startsWith('# '))).toBe(true)
    expect(lines.join('\n')).not.toMatch(HARMFUL)
  })
  it('never reach the terminal raw', () => {
    fc.assert(
      fc.property(nasty, (poison) => {
        const lines = pasteableLines(`echo ${poison}`)
        expect(lines.join('\n')).not.toMatch(HARMFUL)
      }),
    )
  })
})

it('escapes tag characters, and as JSON both their halves', () => {
  expect(visible('a\u{e0041}')).toBe('a\\u{e0041}')
  expect(safeJson('a\u{e0041}')).toBe('"a\\udb40\\udc41"')
})
