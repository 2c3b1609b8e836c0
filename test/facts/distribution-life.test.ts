import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BUILT_IN } from '../../src/data/dataset.ts'
import { lifeOf } from '../../src/facts/distribution-life.ts'
import { parseOsRelease } from '../../src/facts/os-release.ts'
import { hostile, hostileRuns } from '../net/hostile.ts'

const { distributions } = BUILT_IN.distributions
const NOW = Date.parse('2026-11-21T02:00:00Z')

describe('the table of distributions', () => {
  it('has days that exist, and extensions that extend', () => {
    for (const { releases } of Object.values(distributions)) {
      for (const { until, extended } of releases) {
        expect(new Date(until).toISOString().slice(0, 10)).toBe(until)
        if (extended) expect(extended > until).toBe(true)
      }
    }
  })

  it('names the programme of every extension', () => {
    for (const { programme, releases } of Object.values(distributions)) {
      if (releases.some(({ extended }) => extended)) expect(programme).toBeTruthy()
    }
  })
})

describe('lifeOf', () => {
  it('never throws, whatever a file calls itself', () => {
    hostileRuns(
      fc.property(
        hostile('NAME="x"\nID=fedora\nVERSION_ID=43\nVERSION="(LTS)"\n', ['constructor', '__proto__', 'ID=']),
        (text) => lifeOf(parseOsRelease(text), NOW, distributions).name !== undefined,
      ),
    )
    expect(lifeOf(parseOsRelease('ID=constructor\n'), NOW, distributions).state).toBe('foreign')
  })
})
