import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { refusesNewCalls } from '../../src/facts/seccomp.ts'
import { hostile, hostileRuns } from '../net/hostile.ts'

describe('refusesNewCalls', () => {
  it.each([
    ['1.0.0-rc8+dev', true],
    ['1.0.0~rc6+dfsg1', true],
    ['1.0.0-rc92', true],
    ['0.1.1', true],
    ['1.0.0-rc93', false],
    ['1.0.0~rc93+ds1', false],
    ['1.0.0', false],
    ['1.1.5+ds1', false],
    ['1.3.0-rc.1', false],
    ['N/A', false],
    ['', false],
  ])('%s: %s', (runc, refuses) => {
    expect(refusesNewCalls(runc)).toBe(refuses)
  })
  it('never throws', () => {
    hostileRuns(fc.property(hostile('1.0.0-rc93'), (text) => typeof refusesNewCalls(text) === 'boolean'))
  })
})
