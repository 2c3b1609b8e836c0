/**
 * Symptoms: what a text shows, and for whom of those who see it a check names the cause. A text is what people paste: messages of programs,
 * and their own words.
 */

/** One thing that a text may show. */
export interface Sight {
  /** `output`: what programs print, anywhere in the text. `prose`: in one passage of a person's own words. */
  readonly in: 'output' | 'prose'
  /** All of them are there. */
  readonly all: readonly RegExp[]
}

/** What several causes look like from outside. It decides nothing by itself: it opens the candidates that share it. */
export interface Phenomenon {
  /** What the text shows, as a noun phrase. */
  readonly name: string
  /** Any of them shows it. */
  readonly sights: readonly Sight[]
  /** What would tell its causes apart. */
  readonly ask: string
}

export interface SymptomOptions {
  /** The finding that it implies. */
  readonly finding?: string
  /** Seen too, it speaks against this cause. */
  readonly unless?: RegExp
  /** What would decide, where the text alone does not. */
  readonly ask?: string
  /** Several observations together, which imply the cause whatever else the words of the text are about. */
  readonly isPlain?: true
  /**
   * It tells of what one command asked for: what that was, and what to do instead. How the host is otherwise does not speak against it. Only for
   * what is nobody's lasting state: a daemon that does not run, or a permission that is denied, is looked for on the host.
   */
  readonly ofCommand?: string
}

/** What a check owns: a sight, or its share of a phenomenon. */
export interface Symptom extends SymptomOptions {
  readonly sights: readonly Sight[]
  readonly phenomenon?: Phenomenon
  /** Of those who see this, the share for whom this check names the cause: 0 to 1. */
  readonly share: number
  /** A host that is well shows it, too: by itself it implies nothing. */
  readonly isCommon?: true
}

/** A message that has hardly another cause. */
const NEARLY_ALL = 0.93

/** Messages of programs; all of them, where there are several. */
export const shows = (
  seen: RegExp | readonly RegExp[],
  share: number = NEARLY_ALL,
  options: SymptomOptions = {},
): Symptom => ({ sights: [output(seen)], share, ...options })

/** A setting or a state that a host that is well may have, too: it counts in full only where something in the text complains. */
export const mentions = (seen: RegExp | readonly RegExp[], share: number): Symptom => ({
  ...shows(seen, share),
  isCommon: true,
})

/** A person's own words: all of these notions in one passage. */
export const says = (
  words: RegExp | readonly RegExp[],
  share: number,
  options: SymptomOptions = {},
): Symptom => ({ sights: [prose(words)], share, ...options })

/** The share of a phenomenon that this check explains. */
export const among = (phenomenon: Phenomenon, share: number, options: SymptomOptions = {}): Symptom => ({
  sights: phenomenon.sights,
  phenomenon,
  ask: phenomenon.ask,
  share,
  ...options,
})

const listed = (seen: RegExp | readonly RegExp[]): readonly RegExp[] =>
  seen instanceof RegExp ? [seen] : seen

export const output = (seen: RegExp | readonly RegExp[]): Sight => ({ in: 'output', all: listed(seen) })
export const prose = (words: RegExp | readonly RegExp[]): Sight => ({ in: 'prose', all: listed(words) })

/** How a symptom is told to people who ask what a check explains. */
export const symptomText = ({ phenomenon, sights }: Symptom): string =>
  phenomenon?.name ?? sights.map(({ all }) => all.map(String).join(' and ')).join(' or ')
