/** Stands in for `src/testing.ts`: keeps the cases of a check, and judges one host for each finding. */
import type { Example } from '../../src/cli/explain/examples.ts'
import { run } from '../../src/engine/run.ts'
import { isAutomatic } from '../../src/fix/automatic.ts'
import { memoryHost } from '../../src/hosts/memory.ts'
import type { Check } from '../../src/model/check.ts'
import type { Fix } from '../../src/model/fix.ts'
import type { Result } from '../../src/model/report.ts'
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

/** The first host on which it is found, and whether a tool can mend any of them. */
async function exampleOf(check: Check, finding: string, cases: Cases): Promise<Example | null> {
  const found = Object.entries(cases).filter(([, each]) => each.finding === finding)
  const judged = await Promise.all(
    found.map(async ([where, one]) => ({ where, ...(await judge(check, one)) })),
  )
  const [first] = judged.filter((one) => one.finding === finding)
  if (first?.message === undefined) return null
  const { where, message, fix } = first
  return {
    finding,
    where,
    message,
    automatic: judged.some(
      (one) => one.finding === finding && one.fix && isAutomatic(one.fix as unknown as Fix),
    ),
    ...(fix ? { fix: { summary: fix.summary, risk: fix.risk, shell: fix.shell } } : {}),
  }
}

async function judge(check: Check, { host, options }: Cases[string]): Promise<Partial<Result>> {
  const { results } = await run(memoryHost(host), {
    checks: [check],
    settings: { profile: 'docker', ...options.settings },
    offline: false,
    timeoutS: 30,
    version: '0',
  })
  return results[0] ?? {}
}
