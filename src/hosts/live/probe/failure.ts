import type { ProbeAnswer, ProbeStage } from '../../../model/source.ts'

/** What has been found out so far, whether the probe fails later or not. */
export type Finding = Omit<ProbeAnswer, 'ok' | 'stage' | 'timings'>

/** A stage that did not work out. */
export class ProbeFailure extends Error {
  readonly stage: ProbeStage
  readonly code: string
  readonly found: Finding

  constructor(stage: ProbeStage, code: string, message: string, found: Finding = {}) {
    super(message)
    this.name = 'ProbeFailure'
    this.stage = stage
    this.code = code
    this.found = found
  }
}

/** The failure that Node's or OpenSSL's error stands for: its code as it is, its message in one line. */
export function failureFrom(stage: ProbeStage, error: unknown, found: Finding = {}): ProbeFailure {
  if (error instanceof ProbeFailure) return error
  const message = error instanceof Error ? error.message : String(error)
  return new ProbeFailure(stage, codeOf(error), firstLine(message), found)
}

export function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return typeof code === 'string' ? code : 'ERROR'
}

const firstLine = (text: string): string => text.split('\n')[0]?.trim() ?? ''
