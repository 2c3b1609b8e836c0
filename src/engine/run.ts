/** One run: read, evaluate, explain, report. */
import { BUILT_IN, DATASET_NAMES, factName } from '../data/dataset.ts'
import type { Datasets } from '../data/schemas.ts'
import { hostReport } from '../facts/host-report.ts'
import { type Settings, settings as settingsFact } from '../facts/settings.ts'
import type { ContentBefore } from '../fix/shell.ts'
import type { Host } from '../hosts/host.ts'
import type { Check } from '../model/check.ts'
import type { Report, Result, Verdict } from '../model/report.ts'
import { evaluate } from './evaluate.ts'
import { explain, rootCauses } from './explain.ts'
import { FactStore } from './facts.ts'
import { renderFixes } from './fixes.ts'
import { Reader } from './reader.ts'

export interface RunOptions {
  readonly checks: readonly Check[]
  readonly settings: Settings
  /** The tables to judge by; those of this build where left out. */
  readonly data?: Datasets
  readonly offline: boolean
  /** Seconds that the whole run may take. */
  readonly timeoutS: number
  readonly version: string
  /** Ends the run early (Ctrl-C). */
  readonly signal?: AbortSignal
  readonly onResult?: (result: Result) => void
}

/** Readings that are under way at the same time. */
export const AT_ONCE = 8

export const run = async (host: Host, options: RunOptions): Promise<Report> =>
  (await examine(host, options)).report

/** A report, and the facts that it rests on, for who asks more of them. */
export interface Examined {
  readonly report: Report
  readonly facts: FactStore
  /** The content of files as they were read. */
  readonly before: ContentBefore
}

export async function examine(host: Host, options: RunOptions): Promise<Examined> {
  const startedAt = new Date()
  const started = performance.now()
  const deadline = new AbortController()
  const timer = setTimeout(() => deadline.abort(), options.timeoutS * 1000)
  const signal = options.signal ? AbortSignal.any([deadline.signal, options.signal]) : deadline.signal
  const reader = new Reader(host, { signal, atOnce: AT_ONCE, offline: options.offline })
  const facts = new FactStore(reader, presets(options))
  try {
    const [about, ...judged] = await Promise.all([
      hostReport(facts, host),
      ...options.checks.map(async (check) => {
        const result = await evaluate(check, facts, reader)
        options.onResult?.(result)
        return result
      }),
    ])
    const explained = explain(judged, options.checks)
    const causes = rootCauses(explained)
    const before = contentOf(reader)
    const results = renderFixes(explained, causes, before)
    const report: Report = {
      schemaVersion: 1,
      tool: { name: 'seaworthy', version: options.version },
      profile: options.settings.profile,
      verdict: verdictOf(results, options.checks),
      startedAt: startedAt.toISOString(),
      durationMs: Math.round(performance.now() - started),
      host: about,
      data: datesOf(options.data ?? BUILT_IN),
      summary: summarize(results),
      causes,
      results,
    }
    return { report, facts, before }
  } finally {
    clearTimeout(timer)
  }
}

/** What is given, and not read from the host. */
export const presets = ({
  settings,
  data = BUILT_IN,
}: Pick<RunOptions, 'settings' | 'data'>): Map<string, unknown> =>
  new Map<string, unknown>([
    [settingsFact.name, settings],
    ...DATASET_NAMES.map((name) => [factName(name), data[name]] as const),
  ])

/** Fixes that edit a file start from what the run has read of it. */
export const contentOf =
  (reader: Reader): ContentBefore =>
  (path) => {
    const reading = reader.ended.get(path)
    return reading?.state === 'ok' && !reading.truncated && typeof reading.value === 'string'
      ? reading.value
      : undefined
  }

const datesOf = (data: Datasets): Record<string, string> =>
  Object.fromEntries(DATASET_NAMES.map((name) => [name, data[name].asOf]))

function summarize(results: readonly Result[]): Report['summary'] {
  const summary = { pass: 0, warn: 0, fail: 0, skip: 0, unknown: 0, waived: 0 }
  for (const { status } of results) summary[status]++
  return summary
}

/** A check is required when it can fail: one that can only warn does not leave the host undetermined. */
function verdictOf(results: readonly Result[], checks: readonly Check[]): Verdict {
  if (results.some(({ status }) => status === 'fail')) return 'not-ready'
  const required = new Set<string>(
    checks
      .filter(({ findings }) => Object.values(findings).some(({ level }) => level === 'fail'))
      .map(({ id }) => id),
  )
  return results.some(({ id, status }) => status === 'unknown' && required.has(id)) ? 'undetermined' : 'ready'
}
