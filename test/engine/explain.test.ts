import { describe, expect, it } from 'vitest'
import { explain, rootCauses } from '../../src/engine/explain.ts'
import { type Cause, type CheckId, defineCheck, fail } from '../../src/model/check.ts'
import type { Result } from '../../src/model/report.ts'

const check = (id: CheckId, causedBy: readonly Cause[] = []) =>
  defineCheck({
    id,
    title: id,
    why: 'It matters.',
    profiles: ['docker'],
    needs: {},
    causedBy,
    findings: { broken: fail('broken') },
    evaluate: (_, report) => report.pass(),
  })
const result = (id: CheckId, status: Result['status'], finding = 'broken'): Result => ({
  id,
  area: 'host',
  title: id,
  status,
  message: '',
  evidence: [],
  docs: '',
  durationMs: 0,
  ...(status === 'fail' || status === 'warn' ? { finding } : {}),
})

describe('causes', () => {
  const config = check('engine/config')
  const running = check('engine/running', ['engine/config'])
  const chains = check('firewall/docker-chains', ['engine/running'])
  const checks = [config, running, chains]

  it('come before consequences, however long the chain', () => {
    const results = explain(
      [
        result('firewall/docker-chains', 'unknown'),
        result('engine/running', 'fail'),
        result('engine/config', 'fail'),
      ],
      checks,
    )
    expect(results.map(({ causedBy }) => causedBy)).toEqual([
      ['engine/running'],
      ['engine/config'],
      undefined,
    ])
    expect(rootCauses(results)).toEqual(['engine/config'])
  })
  it('are only those that fail', () => {
    const results = explain([result('engine/config', 'pass'), result('engine/running', 'fail')], checks)
    expect(rootCauses(results)).toEqual(['engine/running'])
  })
  it('that are warnings explain no failure', () => {
    const results = explain([result('engine/config', 'warn'), result('engine/running', 'fail')], checks)
    expect(rootCauses(results)).toEqual(['engine/running', 'engine/config'])
  })
  it('may be one finding of a check', () => {
    const mirrors = check('registry/mirrors')
    const stopped = check('engine/running', ['registry/mirrors#badUrl'])
    const judged = (finding: string) =>
      rootCauses(
        explain(
          [result('registry/mirrors', 'fail', finding), result('engine/running', 'fail')],
          [mirrors, stopped],
        ),
      )
    expect(judged('badUrl')).toEqual(['registry/mirrors'])
    expect(judged('dead')).toEqual(['registry/mirrors', 'engine/running'])
  })
  it('that name each other do not both disappear', () => {
    const a = check('network/dns', ['registry/hub'])
    const b = check('registry/hub', ['network/dns'])
    expect(
      rootCauses(explain([result('network/dns', 'fail'), result('registry/hub', 'fail')], [a, b])),
    ).toHaveLength(1)
  })
})
