/** `seaworthy [check]`: run the checks. */
import type { CommandModule } from 'yargs'
import type { Look } from '../../reports/look.ts'
import type { Report } from '../model/report.ts'
import { DATA_OPTION, dataFor } from './data.ts'
import { exitCodeOf } from './exit-code.ts'
import { FORMAT_NAMES, FORMATS } from './formats.ts'
import { interruptible } from './interrupt.ts'
import {
  commaList,
  containerOf,
  type Given,
  oneOf,
  profileOf,
  repeated,
  single,
  timeoutOf,
  userOf,
} from './options.ts'
import { type Output, outputsOf } from './outputs.ts'
import { note, print } from './print.ts'
import { select } from './select.ts'
import { expectShortRun } from './short-run.ts'
import { isInteractive, lookOf } from './terminal.ts'
import { VERSION } from './version.ts'

export interface CheckArguments {
  readonly ids?: Given
  readonly profile?: Given
  readonly user?: Given
  readonly container?: Given
  readonly only?: Given
  readonly skip?: Given
  readonly offline?: boolean | undefined
  readonly timeout?: Given
  readonly format?: Given
  readonly output?: Given
  readonly snapshot?: Given
  readonly root?: Given
  readonly data?: Given
  readonly 'fail-on'?: Given
  readonly verbose?: boolean | undefined
  readonly quiet?: boolean | undefined
  readonly 'no-color'?: boolean | undefined
}

export const checkCommand = (done: (code: number) => void): CommandModule<object, CheckArguments> => ({
  command: ['check [ids..]', '$0 [ids..]'],
  describe: 'Run the checks (default)',
  builder: (yargs) =>
    yargs
      .positional('ids', { type: 'string', array: true, describe: 'checks or areas; all without' })
      .options({
        profile: {
          type: 'string',
          describe: 'what the host is meant for: docker, rootless, swarm, hardening, check-config',
        },
        user: { type: 'string', describe: 'judge the access of this user' },
        container: { type: 'string', describe: 'judge this container too, by name or id' },
        only: { type: 'string', describe: 'run these checks or areas alone; a,b' },
        skip: { type: 'string', describe: 'leave out these checks or areas; a,b' },
        offline: { type: 'boolean', describe: 'contact nothing outside this host' },
        timeout: { type: 'string', describe: 'seconds that the run may take; 30' },
        format: { type: 'string', describe: FORMAT_NAMES.join(', ') },
        output: { type: 'string', describe: 'FILE, or FORMAT=FILE beside the standard output; repeatable' },
        snapshot: { type: 'string', describe: 'judge a recorded host, from a file' },
        root: { type: 'string', describe: 'judge a mounted file system, from a directory' },
        ...DATA_OPTION,
        'fail-on': { type: 'string', describe: 'warn: exit status 1 for a warning too; fail' },
        verbose: { type: 'boolean', describe: 'show every check' },
        quiet: { type: 'boolean', describe: 'show verdict and causes only' },
        'no-color': { type: 'boolean', describe: 'no colour' },
      }),
  handler: async (args) => done(await runCheck(args)),
})

/** Runs the checks and prints the report; gives the exit status. */
export async function runCheck(args: CheckArguments): Promise<number> {
  const profile = profileOf(args.profile)
  const user = userOf(args.user)
  const container = containerOf(args.container)
  const timeoutS = timeoutOf(args.timeout)
  const failOn = oneOf('fail-on', args['fail-on'], ['warn', 'fail']) ?? 'fail'
  const outputs = outputsOf(oneOf('format', args.format, FORMAT_NAMES), repeated('output', args.output))
  const { catalogue } = await import('../engine/catalogue.ts')
  const asked = [...repeated('ids', args.ids), ...commaList('only', args.only)]
  const skipped = commaList('skip', args.skip)
  const aboutContainer = container !== undefined
  const { checks, notes } = select(catalogue, { asked, skipped, profile, aboutContainer })
  for (const text of notes) note(text)
  const data = await dataFor(args.data)
  const { openHost } = await import('../hosts/open.ts')
  const host = await openHost({
    snapshot: single('snapshot', args.snapshot),
    root: single('root', args.root),
  })
  const { run } = await import('../engine/run.ts')
  const progress = await progressFor(args, checks)
  expectShortRun()
  const report = await interruptible((signal) =>
    run(host, {
      checks,
      data,
      settings: {
        profile,
        ...(user === undefined ? {} : { user }),
        ...(container === undefined ? {} : { container }),
      },
      offline: args.offline ?? false,
      timeoutS,
      version: VERSION,
      signal,
      ...(progress ? { onResult: progress.onResult } : {}),
    }),
  ).finally(() => progress?.stop())
  for (const output of outputs) await emit(report, output, args)
  return exitCodeOf(report, failOn)
}

async function progressFor({ quiet }: CheckArguments, checks: Parameters<typeof select>[0]) {
  if (quiet || !isInteractive(process.stderr, process.env)) return undefined
  return (await import('./progress.ts')).progressOf(checks)
}

async function emit(report: Report, { format, file }: Output, args: CheckArguments): Promise<void> {
  const { render } = await FORMATS[format]()
  const look = lookOf(file === null ? process.stdout : {}, file === null ? process.env : plainEnvironment(), {
    color: !args['no-color'],
    detail: detailOf(args),
  })
  const text = await render(report, look)
  if (file === null) await print(text)
  else await (await import('./write-file.ts')).writeWhole(file, text)
}

/** A file has the locale of whoever writes it, and neither width nor colour. */
const plainEnvironment = (): NodeJS.ProcessEnv => {
  const { COLUMNS, FORCE_COLOR, ...env } = process.env
  return env
}

const detailOf = ({ quiet, verbose }: CheckArguments): Look['detail'] =>
  quiet ? 'quiet' : verbose ? 'verbose' : 'normal'
