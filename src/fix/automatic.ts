/** Which steps of a fix are carried out, and which are left to a person. */
import { type Fix, type Risk, type Step, stepRisk } from '../model/fix.ts'
import { REDACTED } from './shell.ts'

export interface CarriedOut {
  readonly steps: readonly Step[]
  readonly byHand: readonly Step[]
}

const BY_HAND: ReadonlySet<Step['kind']> = new Set(['manual', 'relogin', 'reboot'])

function isByHand(step: Step): boolean {
  if (step.kind === 'line') return step.from.includes(REDACTED)
  return BY_HAND.has(step.kind) || (step.kind === 'file' && step.content.includes(REDACTED))
}

/**
 * What comes before a person's first step. Where more than such steps follow it, they rest on what the person did: then all is left to them.
 */
export function carriedOut({ steps }: Pick<Fix, 'steps'>): CarriedOut {
  const cut = steps.findIndex(isByHand)
  if (cut < 0) return { steps, byHand: [] }
  const rest = steps.slice(cut)
  return rest.every(isByHand) ? { steps: steps.slice(0, cut), byHand: rest } : { steps: [], byHand: steps }
}

/** Whether anything of a fix can be carried out without a person. */
export const isAutomatic = (fix: Pick<Fix, 'steps'>): boolean => carriedOut(fix).steps.length > 0

/** What carrying it out takes: `disruptive` where containers or connections may drop, or the next boot is another. */
export type Permission = 'safe' | 'disruptive'

const NEEDS_PERMISSION: ReadonlySet<Risk> = new Set(['disruptive', 'reboot'])

export function permissionFor(fix: Fix): Permission {
  const dear = carriedOut(fix).steps.some((step) => NEEDS_PERMISSION.has(stepRisk(step)))
  return dear || fix.risk === 'disruptive' ? 'disruptive' : 'safe'
}
