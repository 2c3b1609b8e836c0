/** The program's entry: the only place that prints or exits. */
import { InputError, UsageError } from '../model/errors.ts'
import { VERSION } from './version.ts'

export const EXIT = { ready: 0, notReady: 1, usage: 2, undetermined: 3, interrupted: 130 } as const

const say = (stream: NodeJS.WriteStream, text: string): void => {
  stream.write(text)
}

async function main(argv: readonly string[]): Promise<number> {
  if (argv.length === 1 && argv[0] === '--version') {
    say(process.stdout, `${VERSION}\n`)
    return EXIT.ready
  }
  if (process.platform !== 'linux') {
    throw new UsageError(`seaworthy examines Linux hosts, and this is ${process.platform}`)
  }
  const { parse } = await import('./parse.ts')
  return parse(argv)
}

/** A reader that went away (`| head`) is no error. */
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? 0 : EXIT.usage)
})

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code
  },
  (error: unknown) => {
    const known = error instanceof UsageError || error instanceof InputError
    const text = known
      ? error.message
      : error instanceof Error
        ? (error.stack ?? error.message)
        : String(error)
    say(process.stderr, `seaworthy: ${text}\n`)
    process.exitCode = EXIT.usage
  },
)
