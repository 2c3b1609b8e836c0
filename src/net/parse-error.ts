/**
 * A text that is not in the format its parser was promised, so that nothing in it can be trusted
 * (a "JSON" reading that is a usage message, a cut-off file).
 *
 * Parsers of line formats never throw: they skip what they do not understand. Parsers of JSON throw this, and
 * only this, when the text is not JSON or not of the expected outer shape.
 */
export class ParseError extends Error {
  override readonly name = 'ParseError'
  /** What was expected, e.g. `nft -j list ruleset`. */
  readonly format: string

  constructor(format: string, problem: string, options?: ErrorOptions) {
    super(`${format}: ${problem}`, options)
    this.format = format
  }
}
