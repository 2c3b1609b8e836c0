/** The user asked for something that cannot be: printed as one line, exit status 2. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'UsageError'
  }
}

/** Input (a snapshot, a file, a report) that cannot be used: printed as one line, exit status 2. */
export class InputError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'InputError'
  }
}
