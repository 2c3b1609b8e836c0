import { describe, expect, it } from 'vitest'
import { inOrder, type Question, question } from '../../src/diagnose/question.ts'
import { fail, reporterFor } from '../../src/model/check.ts'

const passing = (message: string): Question =>
  question({ needs: {}, findings: {}, evaluate: (_, report) => report.pass(message) })
const skipping = question({ needs: {}, findings: {}, evaluate: (_, report) => report.skip('not this one') })
const unable = question({
  needs: {},
  findings: {},
  evaluate: (_, report) => report.unknown('cannot be read'),
})
const failing = (id: string): Question =>
  question({
    needs: {},
    findings: { [id]: fail(id) },
    unfixable: { [id]: 'for the sake of the example' },
    evaluate: (_, report) => report(id, {}, null),
  })

function ask(...questions: Question[]) {
  const { evaluate, findings } = inOrder(...questions)
  const outcome = evaluate({}, reporterFor(findings))
  return 'finding' in outcome ? outcome.finding : 'message' in outcome ? outcome.message : ''
}

describe('questions in order', () => {
  it('are answered by the first that finds something', () =>
    expect(ask(passing('a'), failing('one'), failing('two'))).toBe('one'))
  it('by a finding even behind what could not be told', () => expect(ask(unable, failing('one'))).toBe('one'))
  it('by what could not be told before what holds', () =>
    expect(ask(passing('a'), unable)).toBe('cannot be read'))
  it('by the first that holds', () => expect(ask(skipping, passing('a'), passing('b'))).toBe('a'))
  it('by why none applies', () => expect(ask(skipping)).toBe('not this one'))
  it('bring all their findings', () =>
    expect(Object.keys(inOrder(failing('one'), failing('two')).findings)).toEqual(['one', 'two']))
})
