/** `seaworthy diagnose [TEXT|-]`: an error message in, its cause on this host out. */
import type { CommandModule } from 'yargs'
import type { Diagnosis } from '../diagnose/diagnosis.ts'
import { UsageError } from '../model/errors.ts'
import { DATA_OPTION, dataFor } from './data.ts'
import { EXIT } from './exit-code.ts'
import { interruptible } from './interrupt.ts'
import { containerError } from './known-container.ts'
import { containerOf, type Given, oneOf, single, timeoutOf, userOf } from './options.ts'
import { print } from './print.ts'
import { lookOf } from './terminal.ts'
import { textGiven } from './text-given.ts'
import { VERSION } from './version.ts'

interface DiagnoseArguments {
  readonly text?: readonly string[] | undefined
  readonly container?: Given
  readonly 'no-host'?: boolean | undefined
  readonly user?: Given
  readonly snapshot?: Given
  readonly offline?: boolean | undefined
  readonly timeout?: Given
  readonly format?: Given
  readonly data?: Given
  readonly verbose?: boolean | undefined
  readonly 'no-color'?: boolean | undefined
}

export const DIAGNOSE_OPTIONS = {
  container: { type: 'string', describe: 'the container that it is about, by name or id' },
  'no-host': { type: 'boolean', describe: 'judge the text alone: it is about another host' },
  user: { type: 'string', describe: 'judge the access of this user' },
  snapshot: { type: 'string', describe: 'look for the cause on a recorded host, from a file' },
  offline: { type: 'boolean', describe: 'contact nothing outside this host' },
  timeout: { type: 'string', describe: 'seconds that looking at the host may take; 30' },
  format: { type: 'string', describe: 'text, json' },
  ...DATA_OPTION,
  verbose: { type: 'boolean', describe: 'show every reading, and all that was ruled out' },
  'no-color': { type: 'boolean', describe: 'no colour' },
} as const

export const diagnoseCommand = (done: (code: number) => void): CommandModule<object, DiagnoseArguments> => ({
  command: 'diagnose [text..]',
  describe: 'An error message in, its cause on this host out',
  builder: (yargs) =>
    yargs
      .positional('text', {
        type: 'string',
        array: true,
        describe: 'what you would paste in a forum; - or nothing: the standard input',
      })
      .options(DIAGNOSE_OPTIONS),
  handler: async (args) => {
    const format = oneOf('format', args.format, ['text', 'json'])
    const diagnosis = await diagnosed(args)
    await print(format === 'json' ? await jsonOf(diagnosis) : await textOf(diagnosis, args))
    done(exitCodeOf(diagnosis))
  },
})

async function diagnosed(args: DiagnoseArguments): Promise<Diagnosis> {
  const user = userOf(args.user)
  const timeoutS = timeoutOf(args.timeout)
  const container = containerOf(args.container)
  const snapshot = single('snapshot', args.snapshot)
  if (args['no-host'] && (snapshot !== undefined || container !== undefined))
    throw new UsageError(
      `--no-host looks at no host: leave out --${container === undefined ? 'snapshot' : 'container'}`,
    )
  const data = await dataFor(args.data)
  const text = await textGiven(args.text ?? [])
  const { catalogue } = await import('../engine/catalogue.ts')
  const { diagnose } = await import('../diagnose/judge.ts')
  const { openHost } = await import('../hosts/open.ts')
  const host = args['no-host'] ? null : await openHost({ snapshot })
  return interruptible((signal) =>
    diagnose(text, {
      checks: catalogue,
      host,
      settings: {
        profile: 'docker',
        ...(user === undefined ? {} : { user }),
        ...(container === undefined ? {} : { container }),
      },
      data,
      offline: args.offline ?? false,
      timeoutS,
      version: VERSION,
      signal,
    }),
  ).catch(containerError)
}

const exitCodeOf = ({ causes }: Diagnosis): number => {
  if (causes.some(({ confidence }) => confidence !== 'possible')) return EXIT.ready
  return causes.length > 0 ? EXIT.notReady : EXIT.undetermined
}

async function jsonOf(diagnosis: Diagnosis): Promise<string> {
  const { safeJson } = await import('../../reports/untrusted.ts')
  return `${safeJson(diagnosis, 2)}\n`
}

async function textOf(diagnosis: Diagnosis, args: DiagnoseArguments): Promise<string> {
  const { render } = await import('../../reports/diagnosis.ts')
  const look = lookOf(process.stdout, process.env, {
    color: !args['no-color'],
    detail: args.verbose ? 'verbose' : 'normal',
  })
  return render(diagnosis, look)
}
