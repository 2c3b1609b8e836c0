/** What a trace says, as data: the JSON of `seaworthy trace --format json`. */
import type { Evidence, FixReport } from '../../model/report.ts'

/** `warned`: lets packets through, but perhaps not every one. `skipped`: comes after the broken one, or does not apply. */
export type HopState = 'ok' | 'warned' | 'broken' | 'unseen' | 'skipped'

/** A check that fails, too, and explains why the hop is broken. */
export interface HopCause {
  readonly check: string
  readonly finding: string
  readonly message: string
  readonly fix?: FixReport
}

export interface Hop {
  readonly id: string
  /** What holds where the hop is ok. */
  readonly title: string
  /** On the way to the container, or out of it. */
  readonly side: 'in' | 'out'
  readonly state: HopState
  readonly message: string
  /** The check that said so. */
  readonly check: string
  readonly finding?: string
  /** The consequence, of a broken hop. */
  readonly why?: string
  readonly evidence: readonly Evidence[]
  readonly fix?: FixReport
  readonly causes?: readonly HopCause[]
}

export interface TraceReport {
  readonly schemaVersion: 1
  readonly tool: { readonly name: string; readonly version: string }
  readonly container: {
    readonly name: string
    readonly id: string
    /** IPv4; null where it has none. */
    readonly address: string | null
    readonly network: string | null
    /** `80/tcp`; null where none is asked for, and it publishes none. */
    readonly port: string | null
    /** `0.0.0.0:8081`; null where it is not published. */
    readonly published: string | null
  }
  /** Whom packets come from, and whom the container is to reach. */
  readonly from: string | null
  readonly to: string | null
  readonly passive: boolean
  readonly verdict: 'whole' | 'broken' | 'undetermined'
  /** Id of the first hop that stops packets. */
  readonly broken: string | null
  readonly hops: readonly Hop[]
  readonly durationMs: number
}
