/** The command line. */
import yargs from 'yargs'
import { asGiven, withTexts } from './as-text.ts'
import { checkCommand } from './check.ts'
import { DIAGNOSE_OPTIONS, diagnoseCommand } from './diagnose.ts'
import { explainCommand } from './explain.ts'
import { fixCommand } from './fix.ts'
import { kernelConfigCommand } from './kernel-config.ts'
import { lintCommand } from './lint.ts'
import { listCommand } from './list.ts'
import { snapshotCommand } from './snapshot.ts'
import { traceCommand } from './trace.ts'
import { usageError } from './usage-error.ts'
import { VERSION } from './version.ts'

function restore(args: Record<string, unknown>): void {
  const restored = (value: unknown): unknown => (typeof value === 'string' ? asGiven(value) : value)
  for (const [name, value] of Object.entries(args)) {
    args[name] = Array.isArray(value) ? value.map(restored) : restored(value)
  }
}

const OPTIONS_BESIDE_TEXT = Object.keys(DIAGNOSE_OPTIONS).map((name) => `--${name}`)

/** Parses the command line and carries it out; resolves to the exit status. */
export async function parse(argv: readonly string[]): Promise<number> {
  let code = 0
  const done = (result: number): void => {
    code = result
  }
  const parser = yargs(withTexts(argv, OPTIONS_BESIDE_TEXT))
  await parser
    .scriptName('seaworthy')
    .locale('en')
    .parserConfiguration({
      'camel-case-expansion': false,
      'boolean-negation': false,
      'dot-notation': false,
      'parse-numbers': false,
      'parse-positional-numbers': false,
    })
    .version(VERSION)
    .help()
    .alias('help', 'h')
    .middleware(restore)
    .exitProcess(false)
    .command(checkCommand(done))
    .command(listCommand(done))
    .command(explainCommand(done))
    .command(fixCommand(done))
    .command(diagnoseCommand(done))
    .command(kernelConfigCommand(done))
    .command(lintCommand(done))
    .command(snapshotCommand(done))
    .command(traceCommand(done))
    .strict()
    .fail((message: string | null, error: Error | undefined) => {
      throw error ?? usageError(message ?? '', argv, parser)
    })
    .epilogue('Exit status: 0 ready, 1 not ready, 2 unusable command line or input, 3 undetermined.')
    .wrap(Math.min(100, process.stdout.columns ?? 80))
    .parseAsync()
  return code
}
