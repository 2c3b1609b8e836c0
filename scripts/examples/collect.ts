/** Stands in for `src/testing.ts`: keeps the cases of a check, and judges one host for each finding. */
import type { Example } from '../../src/cli/explain/examples.ts'
import { run } from '../../src/engine/run.ts'
import { memoryHost } from '../../src/hosts/memory.ts'
import type { Check } from '../../src/model/check.ts'
import type { testCheck as realTestCheck } from '../../src/testing.ts'

export * from '../../src/testing.ts'

type Cases = Parameters<typeof realTestCheck>[1]
const collected: [Check, Cases][] = []

export function testCheck(check: Check, cases: Cases): void {
  collected.push([check, cases])
}

/** By the id of the check, in the order of its findings. */
export async function examples(): Promise<Record<string, Example[]>> {
  const pairs = await Promise.all(
    collected.map(async ([check, cases]) => [check.id, await examplesOf(check, cases)] as const),
  )
  return Object.fromEntries(pairs)
}

async function examplesOf(check: Check, cases: Cases): Promise<Example[]> {
  const found = Object.keys(check.findings).map((finding) => exampleOf(check, finding, cases))
  return (await Promise.all(found)).filter((example) => example !== null)
}

async function exampleOf(check: Check, finding: string, cases: Cases): Promise<Example | null> {
  const [where, one] = Object.entries(cases).find(([, each]) => each.finding === finding) ?? []
  if (where === undefined || one === undefined) return null
  const { results } = await run(memoryHost(one.host), {
    checks: [check],
    settings: { profile: 'docker', ...one.options.settings },
    offline: false,
    timeoutS: 30,
    version: '0',
  })
  const [result] = results
  if (result?.finding !== finding) return null
  const { message, fix } = result
  return {
    finding,
    where,
    message,
    ...(fix ? { fix: { summary: fix.summary, risk: fix.risk, shell: fix.shell } } : {}),
  }
}
