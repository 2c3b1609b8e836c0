/** What a diagnosis says, as data: the JSON that `seaworthy diagnose --format json` prints. */
import type { Evidence, FixReport } from '../model/report.ts'

/** `confirmed`: the host, or a pasted reading, shows it. `likely`: the text implies it. `possible`: the text allows it. */
export const CONFIDENCES = ['confirmed', 'likely', 'possible'] as const
export type Confidence = (typeof CONFIDENCES)[number]

/** Something that the text shows. */
export interface SeenSymptom {
  /** The part of the text that shows it. */
  readonly text: string
  /** What it is, where several causes look like this. */
  readonly name?: string
  /** The checks that it speaks for, likeliest first. */
  readonly checks: readonly string[]
}

export interface Cause {
  readonly check: string
  /** Where it is known which one. */
  readonly finding?: string
  readonly confidence: Confidence
  /** The host shows it, and the text, of which nothing is certain, does not speak of it. */
  readonly unspoken?: true
  /** It is what one command asked for: the host itself may be well. */
  readonly ofCommand?: true
  readonly title: string
  /** What was found; of what one command asked for, what that was; of a cause that nobody looked for, why it matters. */
  readonly message: string
  /** What else this check found that is as bad. */
  readonly also?: readonly string[]
  /** Of a cause that the text implies: why this host, which was asked, cannot tell. */
  readonly open?: string
  /** The readings that show it, those of the text as `pasted …`, and the text itself. */
  readonly evidence: readonly Evidence[]
  readonly fix?: FixReport
  /** Other causes named here that follow from this one. */
  readonly explains: readonly string[]
  /** Other causes named here that this one follows from. */
  readonly causedBy: readonly string[]
  /** What would decide, where this is no more than possible. */
  readonly ask?: string
}

export interface RuledOut {
  readonly check: string
  readonly title: string
  /** The observation that speaks against it. */
  readonly by: string
  readonly evidence: readonly Evidence[]
}

export interface Diagnosis {
  /** The container that the text is taken to mean, where the user named none. */
  readonly container?: string
  /** The other machine that the text is taken to mean, and whose answer was asked for: `10.0.0.5:8080`. */
  readonly peer?: string
  readonly symptoms: readonly SeenSymptom[]
  readonly causes: readonly Cause[]
  readonly ruledOut: readonly RuledOut[]
  /** What to collect, where nothing in the text is known. */
  readonly collect: readonly string[]
}
