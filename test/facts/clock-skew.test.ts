import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { skewOf } from '../../src/facts/clock-skew.ts'
import type { ProbeAnswer } from '../../src/model/source.ts'
import { hostile, hostileRuns } from '../net/hostile.ts'

const AT = Date.parse('2026-11-21T02:00:00Z')
const answer = (date: string): ProbeAnswer => ({ ok: true, status: 401, headers: { date }, timings: {} })

describe('skewOf', () => {
  it('reads the date of an answer', () =>
    expect(skewOf(answer('Sat, 21 Nov 2026 01:00:00 GMT'), 'hub', AT)).toEqual({
      by: 3_600_000,
      than: 'hub says it is 2026-11-21T01:00:00',
      isLimit: false,
      refused: false,
    }))
  it('says nothing where nothing was said', () => {
    expect(skewOf(answer('soon'), 'hub', AT)).toBeNull()
    expect(skewOf({ ok: false, stage: 'tls', code: 'CERT_HAS_EXPIRED', timings: {} }, 'hub', AT)).toBeNull()
  })
  it('never throws', () => {
    hostileRuns(
      fc.property(hostile('Sat, 21 Nov 2026 01:00:00 GMT'), (date) => {
        const validTo = date
        const certificate = { subject: '', issuer: '', names: [], validFrom: date, validTo }
        skewOf({ ok: false, stage: 'tls', code: 'CERT_HAS_EXPIRED', certificate, timings: {} }, 'hub', AT)
        return Number.isFinite(skewOf(answer(date), 'hub', AT)?.by ?? 0)
      }),
    )
  })
})
