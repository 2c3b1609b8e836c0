/** What a recorded reading must look like. A snapshot may come from anyone, so nothing of it is used unchecked. */
import * as z from 'zod/mini'
import { missing, ok, type Reading } from '../../model/reading.ts'
import type { Payload, Source } from '../../model/source.ts'
import { ABSENT } from './format.ts'

const count = z.number()
const words = z.record(z.string(), z.string())

const STAT = z.object({
  type: z.enum(['file', 'directory', 'socket', 'fifo', 'block', 'character', 'other']),
  mode: count,
  uid: count,
  gid: count,
  size: count,
  mtimeMs: count,
  ino: count,
  dev: count,
  realPath: z.optional(z.string()),
})

const STAGE = z.enum(['url', 'dns', 'tcp', 'tls', 'http'])

const PROBE = z.object({
  ok: z.boolean(),
  stage: z.optional(STAGE),
  code: z.optional(z.string()),
  message: z.optional(z.string()),
  addresses: z.optional(z.array(z.string())),
  address: z.optional(z.string()),
  failures: z.optional(z.array(z.object({ address: z.string(), code: z.string() }))),
  status: z.optional(count),
  headers: z.optional(words),
  body: z.optional(z.string()),
  certificate: z.optional(
    z.object({
      subject: z.string(),
      issuer: z.string(),
      names: z.array(z.string()),
      validFrom: z.string(),
      validTo: z.string(),
    }),
  ),
  timings: z.partialRecord(STAGE, count),
})

const PAYLOADS: Readonly<Record<Source['kind'], z.ZodMiniType>> = {
  file: z.string(),
  directory: z.array(z.string()),
  stat: STAT,
  statfs: z.object({
    type: count,
    bsize: count,
    blocks: count,
    bfree: count,
    bavail: count,
    files: count,
    ffree: count,
  }),
  command: z.object({ stdout: z.string(), stderr: z.string(), exit: count }),
  unixHttp: z.object({ status: count, headers: words, body: z.string() }),
  probe: PROBE,
  identity: z.object({
    uid: count,
    gid: count,
    user: z.string(),
    groups: z.array(count),
    sudo: z.optional(z.object({ user: z.string(), uid: count, gid: count })),
    pid: count,
    capEff: z.optional(z.string()),
  }),
  environment: z.string(),
  inventory: z.record(z.string(), z.unknown()),
  clock: z.string(),
}

const MISSING = z.object({
  state: z.enum(['absent', 'denied', 'timeout', 'failed', 'notRecorded']),
  reason: z._default(z.string(), ''),
  durationMs: z._default(count, 0),
})

const okWith = (payload: z.ZodMiniType) =>
  z.object({
    state: z.literal('ok'),
    value: payload,
    truncated: z.optional(z.literal(true)),
    durationMs: z._default(count, 0),
  })

/** The head of the file; other members are passed over. */
const HEAD = z.object({
  seaworthySnapshot: z.literal(1),
  tool: z._default(z.string(), ''),
  recordedAt: z._default(z.string(), ''),
  readings: z.record(z.string(), z.unknown()),
})

/** One thing that is wrong, and where. */
export interface Misshapen {
  readonly path: readonly (string | number)[]
  readonly message: string
}

/** The reading that a recorded entry (whole, payload alone, or null) stands for; holds nothing that its shape does not name. */
export function readingFrom(
  kind: Source['kind'],
  entry: unknown,
): { readonly reading: Reading } | { readonly problem: Misshapen } {
  if (entry === null) return { reading: missing('absent', ABSENT) }
  if (kind === 'command' && typeof entry === 'string') {
    return { reading: ok({ stdout: entry, stderr: '', exit: 0 }) }
  }
  const whole = typeof entry === 'object' && Object.hasOwn(entry as object, 'state')
  const { data, error } = whole
    ? (isOk(entry) ? okWith(PAYLOADS[kind]) : MISSING).safeParse(entry)
    : PAYLOADS[kind].safeParse(entry)
  if (error) return { problem: problemIn(error) }
  return { reading: whole ? (data as Reading) : ok(data as Payload) }
}

const isOk = (entry: unknown): boolean => (entry as { state: unknown }).state === 'ok'

/** The members of the head, or what is wrong with it. */
export function headFrom(
  value: unknown,
): { readonly head: z.infer<typeof HEAD> } | { readonly problem: Misshapen } {
  const { data, error } = HEAD.safeParse(value)
  return error ? { problem: problemIn(error) } : { head: data }
}

/** zod/mini brings no words of its own. */
function problemIn(error: z.core.$ZodError): Misshapen {
  const issue = error.issues[0]
  const path = (issue?.path ?? []).map((key) => (typeof key === 'number' ? key : String(key)))
  if (issue?.code === 'invalid_type') return { path, message: `must be ${named(issue.expected)}` }
  if (issue?.code === 'invalid_value') return { path, message: `must be ${issue.values.join(', ')}` }
  return { path, message: 'is not what is expected here' }
}

const named = (type: string): string =>
  ({ string: 'a text', number: 'a number', boolean: 'true or false', array: 'a list', record: 'an object' })[
    type
  ] ?? `an ${type}`
