/** Examples of findings: what was said of the hosts on which the checks were tested. The build keeps them beside the program. */
import { readFileSync } from 'node:fs'
import type { PrintedFix } from '../../../reports/checklist/fix.ts'

export interface Example {
  readonly finding: string
  /** The host's name in the test: what was the case there. */
  readonly where: string
  readonly message: string
  /** `seaworthy fix` mends it by itself, on some host at least. */
  readonly automatic: boolean
  readonly fix?: PrintedFix
}

type Examples = Readonly<Record<string, readonly Example[]>>
let all: Examples | undefined

/** In the order of the check's findings; none where the program runs from its sources. */
export function examplesOf(id: string): readonly Example[] {
  all ??= read()
  return all[id] ?? []
}

function read(): Examples {
  try {
    return JSON.parse(readFileSync(new URL('./examples.json', import.meta.url), 'utf8')) as Examples
  } catch {
    return {}
  }
}
