/** The program: carries out a command line, and ends with its exit status. */
import { InputError, UsageError } from '../model/errors.ts'
import { EXIT } from './exit-code.ts'
import { Interrupted } from './interrupt.ts'
import { longNote, note } from './print.ts'

async function carryOut(argv: readonly string[]): Promise<number> {
  if (process.platform !== 'linux') {
    throw new UsageError(`seaworthy examines Linux hosts, and this is ${process.platform}`)
  }
  const { parse } = await import('./parse.ts')
  return parse(argv)
}

/** Says why the program gives up; one line where the user can do something about it. */
async function giveUp(error: unknown): Promise<number> {
  if (error instanceof Interrupted) {
    process.stderr.write('seaworthy: interrupted\n')
    return error.code
  }
  const known = error instanceof UsageError || error instanceof InputError
  const { visible, visibleLines } = await import('../../reports/untrusted.ts')
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error)
  const text = known ? visible(error.message) : `this is a bug: ${visibleLines(stack).join('\n')}`
  await (known ? longNote(text) : note(text))
  return EXIT.usage
}

/** Ends once all that was written has left: a pipe may be slow. What is still under way, such as a hung read, is left behind. */
function finish(code: number): void {
  process.exitCode = code
  process.stdout.write('', () => process.stderr.write('', () => process.exit()))
}

export function main(argv: readonly string[]): void {
  process.stdout.on('error', lostReader)
  process.stderr.on('error', () => undefined)
  process.on('uncaughtException', (error) => {
    giveUp(error).then(finish)
  })
  carryOut(argv).catch(giveUp).then(finish)
}

/** A reader that went away (`| head`) is no error; a full disk is. */
function lostReader(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') return
  process.stderr.write(`seaworthy: cannot write to the standard output: ${error.message}\n`)
  process.exit(EXIT.usage)
}
