/** The engine has no container of that name. */
export class UnknownContainer extends Error {
  readonly asked: string
  /** Names of those that it has. */
  readonly known: readonly string[]
  constructor(asked: string, known: readonly string[]) {
    super('the engine has no such container')
    this.name = 'UnknownContainer'
    this.asked = asked
    this.known = known
  }
}
