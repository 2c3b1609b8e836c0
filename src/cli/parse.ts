/** The command line. */
import yargs from 'yargs'
import { UsageError } from '../model/errors.ts'
import { type CheckArguments, checkCommand, runCheck } from './check.ts'
import { listCommand } from './list.ts'
import { VERSION } from './version.ts'

/** Parses the command line and carries it out; resolves to the exit status. */
export async function parse(argv: readonly string[]): Promise<number> {
  let code = 0
  const done = (result: number): void => {
    code = result
  }
  await yargs([...argv])
    .scriptName('seaworthy')
    .locale('en')
    .version(VERSION)
    .command(checkCommand(done))
    .command(listCommand(done))
    .strict()
    .fail((message: string | null, error: Error | undefined) => {
      throw error ?? new UsageError(message ?? 'cannot understand the command line')
    })
    .wrap(Math.min(100, process.stdout.columns ?? 80))
    .parseAsync()
  return code
}

export { type CheckArguments, runCheck }
