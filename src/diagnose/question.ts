/** Parts of checks: one question each, which a check asks in order, and a trace one at a time. */
import type { Check, CheckSpec, FindingSpecs, Outcome, Reporter } from '../model/check.ts'
import type { Needs } from '../model/fact.ts'

/** With its types erased, as checks are held. */
export type Question = Pick<Check, 'needs' | 'findings' | 'unfixable' | 'evaluate'>

export const question = <N extends Needs, const F extends FindingSpecs>(
  spec: Pick<CheckSpec<N, F>, 'needs' | 'findings' | 'unfixable' | 'evaluate'>,
): Question => ({ unfixable: {}, ...spec }) as unknown as Question

const isFound = (outcome: Outcome): boolean => Array.isArray(outcome) || 'finding' in outcome
const isFailure = (outcome: Outcome): boolean =>
  [outcome].flat().some((one) => 'finding' in one && one.status === 'fail')
const statusOf = (outcome: Outcome): string => ('status' in outcome ? outcome.status : '')

/**
 * One check's worth of questions, in the order in which a packet meets them: the first that finds a failure answers for all, else the
 * first that finds a warning. Their needs must bear the same names for the same facts.
 */
export function inOrder(...questions: readonly Question[]): {
  needs: Needs
  findings: FindingSpecs
  unfixable: Readonly<Record<string, string>>
  evaluate(facts: object, report: Reporter<FindingSpecs>): Outcome
} {
  const merged = <T>(of: (one: Question) => Readonly<Record<string, T>>): Record<string, T> =>
    Object.assign({}, ...questions.map(of))
  return {
    needs: merged<Needs[string]>(({ needs }) => needs),
    findings: merged<FindingSpecs[string]>(({ findings }) => findings),
    unfixable: merged<string>(({ unfixable }) => unfixable),
    evaluate(facts, report) {
      const outcomes: Outcome[] = []
      for (const { evaluate } of questions) {
        const outcome = evaluate(facts as never, report)
        if (isFailure(outcome)) return outcome
        outcomes.push(outcome)
      }
      const of = (status: string) => outcomes.find((outcome) => statusOf(outcome) === status)
      return (
        outcomes.find(isFound) ?? of('unknown') ?? of('pass') ?? of('skip') ?? report.skip('nothing to ask')
      )
    },
  }
}
