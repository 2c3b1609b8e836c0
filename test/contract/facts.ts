import { type Fact, factOf, type Needs } from '../../src/model/fact.ts'

/** Every fact that a check rests on, itself and through others. */
export function factsBeneath(needs: Needs): Fact<unknown>[] {
  return Object.values(needs).flatMap((need) => {
    const fact = factOf(need)
    return [fact, ...factsBeneath(fact.needs)]
  })
}
