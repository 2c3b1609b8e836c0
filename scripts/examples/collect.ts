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
  const judged = await Promise.all(
    Object.entries(cases).map(async ([where, one]) => ({
      where,
      wanted: one.finding,
      result: await judge(check, one),
    })),
  )
  const automatic = new Set(
    judged
      .flatMap(({ result }) => result.findings ?? [result])
      .flatMap(({ finding, fix }) => (finding && fix && isAutomatic(fix as unknown as Fix) ? [finding] : [])),
  )
  return Object.keys(check.findings).flatMap((finding): Example[] => {
    const first = judged.find(({ wanted, result }) => wanted === finding && result.finding === finding)
    if (!first) return []
    const { message, fix } = first.result
    return [
      {
        finding,
        where: first.where,
        message,
        automatic: automatic.has(finding),
        ...(fix ? { fix: { summary: fix.summary, risk: fix.risk, shell: fix.shell } } : {}),
      },
    ]
  })
}

async function judge(check: Check, { host, options }: Cases[string]): Promise<Result> {
  const { results } = await run(memoryHost(host), {
    checks: [check],
    settings: { profile: 'docker', ...options.settings },
    offline: false,
    timeoutS: 30,
    version: '0',
  })
  const [result] = results
  if (!result) throw new Error(`${check.id} gave no result`)
  return result
}
