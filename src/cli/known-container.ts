/** A container that the user names and the engine does not know. */
import { UnknownContainer } from '../diagnose/unknown-container.ts'
import { unknownName } from './nearest.ts'

/** @throws {UsageError} in place of an {@link UnknownContainer}; any other error as it is */
export function containerError(error: unknown): never {
  if (!(error instanceof UnknownContainer)) throw error
  throw unknownName('container', error.asked, error.known, 'see docker ps -a')
}
