/**
 * The report: what a run says, as data. Types and the published JSON Schema come from the same definitions.
 * Loaded at run time only where a foreign report is validated; elsewhere import the types alone.
 */
import * as z from 'zod/mini'

export const SCHEMA_VERSION = 1

const evidence = z.object({
  /** The source's name, as `seaworthy snapshot --list` prints it. */
  source: z.string(),
  state: z.enum(['ok', 'absent', 'denied', 'timeout', 'failed', 'notRecorded']),
  excerpt: z.string(),
})

const fix = z.object({
  summary: z.string(),
  risk: z.enum(['safe', 'disruptive', 'relogin', 'reboot', 'manual']),
  steps: z.array(z.looseObject({ kind: z.string() })),
  /** The steps as POSIX shell, to paste. */
  shell: z.string(),
})

const finding = z.object({
  finding: z.string(),
  level: z.enum(['fail', 'warn']),
  message: z.string(),
  fix: z.optional(fix),
})

const result = z.object({
  id: z.string(),
  area: z.string(),
  title: z.string(),
  status: z.enum(['pass', 'warn', 'fail', 'skip', 'unknown', 'waived']),
  /** Id of the worst finding: the stable key to group by. */
  finding: z.optional(z.string()),
  message: z.string(),
  why: z.optional(z.string()),
  /** The check's numbers. */
  data: z.optional(z.record(z.string(), z.unknown())),
  /** Failing checks that explain this one. */
  causedBy: z.optional(z.array(z.string())),
  /** Every finding, worst first, when there are several. */
  findings: z.optional(z.array(finding)),
  evidence: z.array(evidence),
  fix: z.optional(fix),
  docs: z.string(),
  durationMs: z.number(),
})

const host = z.object({
  hostname: z.string(),
  os: z.object({ id: z.string(), versionId: z.string(), prettyName: z.string() }),
  kernel: z.string(),
  arch: z.string(),
  virtualization: z.string(),
  cpus: z.nullable(z.number()),
  memoryBytes: z.nullable(z.number()),
  /** How the host was reached: live, snapshot, root. */
  reached: z.string(),
  collectedAs: z.nullable(z.object({ uid: z.number(), user: z.string() })),
})

const count = z.number()

export const reportSchema = z.object({
  schemaVersion: z.literal(SCHEMA_VERSION),
  tool: z.object({ name: z.string(), version: z.string() }),
  profile: z.string(),
  verdict: z.enum(['ready', 'not-ready', 'undetermined']),
  /** RFC 3339. */
  startedAt: z.string(),
  durationMs: z.number(),
  host,
  /** The tables that the host was judged by, and the day of each. */
  data: z.optional(z.record(z.string(), z.string())),
  summary: z.object({
    pass: count,
    warn: count,
    fail: count,
    skip: count,
    unknown: count,
    waived: count,
  }),
  /** Failing, then warning checks that no other explains, worst first. */
  causes: z.array(z.string()),
  results: z.array(result),
})

export type Report = z.infer<typeof reportSchema>
export type Result = z.infer<typeof result>
export type FindingReport = z.infer<typeof finding>
export type FixReport = z.infer<typeof fix>
export type Evidence = z.infer<typeof evidence>
export type HostReport = z.infer<typeof host>
export type Status = Result['status']
export type Verdict = Report['verdict']

/** The published JSON Schema (draft 2020-12) of a report. */
export function reportJsonSchema(): Record<string, unknown> {
  const schema = z.toJSONSchema(reportSchema, { io: 'input' })
  return { $id: 'https://seaworthy.dev/schema/report-1.json', title: 'Seaworthy report', ...schema }
}
