/** Golden files: look at the difference, then `npx vitest run test/reports --update`. */
import { describe, expect, it } from 'vitest'
import { spansLines } from '../../reports/checklist/fix.ts'
import { render } from '../../reports/checklist.ts'
import { type Look, PLAIN_LOOK } from '../../reports/look.ts'
import { wide } from '../../reports/wide-ruler.ts'
import { healthy, manyFailures, oneCause, samples } from './samples.ts'

const looks: Readonly<Record<string, Partial<Look>>> = {
  '80': {},
  '80.ascii': { unicode: false },
  '80.colour': { colour: true },
  '80.quiet': { detail: 'quiet' },
  '120': { width: 120 },
  '120.ascii.colour': { width: 120, unicode: false, colour: true },
  '120.verbose': { width: 120, detail: 'verbose' },
}

const isCommand = (line: string): boolean => /^ {4}|^(mkdir|printf|sysctl)/.test(line)
const withoutColour = (text: string): string => text.replace(/\x1b\[\d+m/g, '')

describe.each(Object.entries(samples))('%s', (name, report) => {
  it.each(Object.entries(looks))('%s', async (suffix, look) => {
    const text = await render(report, { ...PLAIN_LOOK, ...look })
    await expect(text).toMatchFileSnapshot(`./${name}.${suffix}.golden.txt`)
  })
  it.each(Object.entries(looks))('%s stays within the page, commands aside', async (_, look) => {
    const { width, ...rest } = { ...PLAIN_LOOK, ...look }
    const lines = withoutColour(await render(report, { width, ...rest })).split('\n')
    expect(lines.filter((line) => !isCommand(line) && wide.width(line) > width)).toEqual([])
  })
  it('says the same with and without colour', async () => {
    const coloured = await render(report, { ...PLAIN_LOOK, colour: true })
    expect(withoutColour(coloured)).toBe(await render(report, PLAIN_LOOK))
  })
})

describe('commands', () => {
  it('are not wrapped', async () => {
    const lines = (await render(oneCause, PLAIN_LOOK)).split('\n')
    for (const command of oneCause.results.find(({ fix }) => fix)?.fix?.shell.split('\n') ?? []) {
      expect(lines).toContain(`    ${command}`)
    }
  })
  it('are not indented where that would change a word that goes on in the next line', () => {
    expect(spansLines("printf '%s\\n' 'a'\nb")).toBe(false)
    expect(spansLines("printf '%s' 'a\nb'")).toBe(true)
    expect(spansLines("echo 'it'\\''s'\necho b")).toBe(false)
    expect(spansLines("# it's a comment\necho b")).toBe(false)
    expect(spansLines("echo 'a\\' 'b\n'")).toBe(true)
  })
})

it('goes round in no circle where a foreign report does', async () => {
  const [first, ...rest] = manyFailures.results
  const results = first ? [{ ...first, causedBy: ['kernel/modules-match'] }, ...rest] : []
  const circle = results.map((result) =>
    result.id === 'kernel/modules-match' ? { ...result, causedBy: ['host/architecture'] } : result,
  )
  expect(await render({ ...manyFailures, results: circle }, PLAIN_LOOK)).toContain('not ready')
})

it('plain text without Unicode is ASCII', async () => {
  expect(await render(healthy, { ...PLAIN_LOOK, unicode: false })).toMatch(/^[\n\x20-\x7e]*$/)
})
