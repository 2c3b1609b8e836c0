/** Which steps of a fix are carried out, and which are left to a person. */
import type { Fix, Step } from '../model/fix.ts'

export interface CarriedOut {
  readonly steps: readonly Step[]
  readonly byHand: readonly Step[]
}

const BY_HAND: ReadonlySet<Step['kind']> = new Set(['manual', 'relogin', 'reboot'])

/**
 * What comes before a person's first step. Where more than such steps follow it, they rest on what the person did: then all is left to them.
 */
export function carriedOut({ steps }: Pick<Fix, 'steps'>): CarriedOut {
  const cut = steps.findIndex(({ kind }) => BY_HAND.has(kind))
  if (cut < 0) return { steps, byHand: [] }
  const rest = steps.slice(cut)
  return rest.every(({ kind }) => BY_HAND.has(kind))
    ? { steps: steps.slice(0, cut), byHand: rest }
    : { steps: [], byHand: steps }
}

/** Whether anything of a fix can be carried out without a person. */
export const isAutomatic = (fix: Pick<Fix, 'steps'>): boolean => carriedOut(fix).steps.length > 0
