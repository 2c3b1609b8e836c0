/** Asks for a diagnosis of a text alone. */

import type { Diagnosis } from '../../src/diagnose/diagnosis.ts'
import { diagnose } from '../../src/diagnose/judge.ts'
import { catalogue } from '../../src/engine/catalogue.ts'
import type { Host } from '../../src/hosts/host.ts'

export const told = (
  text: string,
  host: Host | null = null,
  { offline = true, timeoutS = 30 } = {},
): Promise<Diagnosis> =>
  diagnose(text, {
    checks: catalogue,
    host,
    settings: { profile: 'docker' },
    offline,
    timeoutS,
    version: '0',
  })

/** The causes that are more than possible. */
export const implied = async (text: string): Promise<string[]> =>
  (await told(text)).causes
    .filter(({ confidence }) => confidence !== 'possible')
    .map(({ check, confidence, evidence }) => `${confidence} ${check}: ${evidence.at(-1)?.excerpt}`)

/** What is named first. */
export const first = async (text: string): Promise<string | undefined> => (await told(text)).causes[0]?.check
