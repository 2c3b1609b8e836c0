/**
 * How a check is tested: hosts in, verdicts out, no mocks. Also the public door for those who write checks of their own.
 *
 * The tester is strict: every finding must be exercised, a fix stated for each, no slot left unfilled; at least one host
 * passes and one is unknown; a fix, simulated, must make the check pass, and a second application must change nothing.
 */
import { describe, expect, it } from 'vitest'
import { FactStore } from './engine/facts.ts'
import { Reader } from './engine/reader.ts'
import { type Settings, settings } from './facts/settings.ts'
import { toShell } from './fix/shell.ts'
import { simulate } from './fix/simulate/simulate.ts'
import { memoryHost, type Readings } from './hosts/memory.ts'
import { type Check, type Found, type Outcome, reporterFor } from './model/check.ts'
import type { Step } from './model/fix.ts'

interface CaseOptions {
  readonly settings?: Partial<Settings>
  /**
   * Readings that the opaque steps of the fix (a restart, a package, …) bring about: with them the check must pass. `{}` where the fix says
   * it all, and a step of it is opaque nevertheless.
   */
  readonly after?: Readings
  /** A part of the message. */
  readonly says?: string | RegExp
}
interface Case {
  readonly expect: 'pass' | 'skip' | 'unknown' | 'finding'
  readonly finding?: string
  readonly host: Readings
  readonly options: CaseOptions
}

/** The host passes. `says` is a part of the message. */
export const passes = (host: Readings, options: CaseOptions = {}): Case => ({ expect: 'pass', host, options })
/** The check does not apply to the host. */
export const skips = (host: Readings, options: CaseOptions = {}): Case => ({ expect: 'skip', host, options })
/** The check cannot tell. */
export const unknown = (host: Readings, options: CaseOptions = {}): Case => ({
  expect: 'unknown',
  host,
  options,
})
/** The check finds this (first). */
export const finds = (finding: string, host: Readings, options: CaseOptions = {}): Case => ({
  expect: 'finding',
  finding,
  host,
  options,
})

/** What a check says of a host. */
export async function judge(check: Check, host: Readings, given: Partial<Settings> = {}): Promise<Outcome> {
  const reader = new Reader(memoryHost(host), {
    signal: new AbortController().signal,
    atOnce: 8,
    offline: false,
  })
  const facts = new FactStore(reader, new Map([[settings.name, { profile: 'docker', ...given }]]))
  const { values, why } = await facts.needs(check.needs)
  const reporter = reporterFor(check.findings)
  if (why) return reporter.unknown(why)
  return check.evaluate(deepFreeze(values) as never, reporter)
}

export function testCheck(check: Check, cases: Readonly<Record<string, Case>>): void {
  describe(check.id, () => {
    for (const [name, one] of Object.entries(cases)) {
      it(`${name}: ${one.finding ?? one.expect}`, () => tryCase(check, one))
    }
    it('has a case for every finding, a pass and an unknown', () => {
      const tried = new Set(Object.values(cases).map(({ expect, finding }) => finding ?? expect))
      const wanted = [...Object.keys(check.findings), 'pass', 'unknown']
      expect(
        wanted.filter((what) => !tried.has(what)),
        'no case for',
      ).toEqual([])
    })
  })
}

async function tryCase(check: Check, one: Case): Promise<void> {
  const outcome = await judge(check, one.host, one.options.settings)
  const found = foundIn(outcome)
  const worst = found[0] ?? (outcome as Exclude<Outcome, readonly unknown[]>)
  const said = 'finding' in worst ? worst.finding : worst.status
  expect(said, worst.message).toBe(one.finding ?? one.expect)
  if (one.options.says !== undefined) expect(worst.message).toMatch(one.options.says)
  for (const finding of found) expectSound(check, finding)
  if (found.length > 0) await expectCure(check, one, found)
}

/** Slots that hold an addition to the sentence, or nothing. */
const OPTIONAL_SLOTS: ReadonlySet<string> = new Set(['detail', 'meaning'])
/** Steps whose effect nobody can state beforehand: a person's, and what comes with the next login or boot. */
const UNFORESEEN: ReadonlySet<Step['kind']> = new Set(['manual', 'relogin', 'reboot', 'kernelArgument'])

const foundIn = (outcome: Outcome): readonly Found[] =>
  Array.isArray(outcome) ? (outcome as readonly Found[]) : 'finding' in outcome ? [outcome as Found] : []

function expectSound(check: Check, { finding, message, slots, fix }: Found): void {
  const holes = Object.entries(slots).filter(([, value]) =>
    /^(?:|\{\w+\}|undefined|NaN|null)$/.test(String(value)),
  )
  expect(
    holes.filter(([name]) => !OPTIONAL_SLOTS.has(name)),
    `slots without a value in: ${message}`,
  ).toEqual([])
  expect(message, 'no unfilled slot').not.toMatch(/\{\w+\}|undefined|NaN|\[object/)
  if (fix === null) {
    expect(check.unfixable[finding], `finding ${finding} has no fix: say why in "unfixable"`).toBeTruthy()
    return
  }
  expect(fix.steps.length, 'a fix has steps').toBeGreaterThan(0)
  expect(toShell(fix)).not.toMatch(/undefined|NaN|\[object/)
}

async function expectCure(check: Check, one: Case, found: readonly Found[]): Promise<void> {
  const fixes = found.flatMap(({ fix }) => (fix ? [fix] : []))
  if (fixes.length < found.length) return
  let readings = one.host
  let opaque = false
  for (const fix of fixes) {
    const after = simulate(fix, readings)
    readings = after.readings
    opaque ||= after.opaque
  }
  for (const fix of fixes)
    expect(simulate(fix, readings).readings, 'a second application changes nothing').toEqual(readings)
  const { after } = one.options
  const unforeseen = fixes.some(({ steps }) => steps.some(({ kind }) => UNFORESEEN.has(kind)))
  if (opaque && unforeseen && !after) return
  const cured = complaintsOf(await judge(check, { ...readings, ...after }, one.options.settings))
  const hint = opaque && !after ? '; say what its commands and restarts bring with { after: readings }' : ''
  expect(cured, `the fix cures${hint}`).toEqual([])
  if (Object.keys(after ?? {}).length === 0) return
  const alone = complaintsOf(await judge(check, readings, one.options.settings))
  expect(alone, 'the fix cures by itself: { after: {} } says so').not.toEqual([])
}

/** What keeps an outcome from being a pass or a skip. */
function complaintsOf(outcome: Outcome): readonly string[] {
  const found = foundIn(outcome)
  if (found.length > 0) return found.map(({ message }) => message)
  const { status, message = '' } = outcome as { status: string; message?: string }
  return status === 'pass' || status === 'skip' ? [] : [`${status}: ${message}`]
}

function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  Object.freeze(value)
  for (const inner of Object.values(value)) deepFreeze(inner)
  return value
}
