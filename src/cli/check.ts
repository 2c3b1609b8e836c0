/** `seaworthy [check]`: run the checks. */
import type { CommandModule } from 'yargs'
import { catalogue } from '../engine/catalogue.ts'
import { run } from '../engine/run.ts'
import { liveHost } from '../hosts/live.ts'
import type { Profile } from '../model/check.ts'
import { VERSION } from './version.ts'

export interface CheckArguments {
  readonly ids: readonly string[]
  readonly profile: string
  readonly offline: boolean
  readonly timeout: number
}

export const checkCommand = (done: (code: number) => void): CommandModule<object, CheckArguments> => ({
  command: ['check [ids..]', '$0 [ids..]'],
  describe: 'run the checks (default)',
  builder: (yargs) =>
    yargs
      .positional('ids', {
        type: 'string',
        array: true,
        default: [] as string[],
        describe: 'checks or areas',
      })
      .option('profile', { type: 'string', default: 'docker', describe: 'what the host is meant for' })
      .option('offline', { type: 'boolean', default: false, describe: 'contact nothing outside this host' })
      .option('timeout', { type: 'number', default: 30, describe: 'seconds that the whole run may take' })
      .option('format', { type: 'string', default: 'json' }),
  handler: async (args) => done(await runCheck(args)),
})

export async function runCheck(args: CheckArguments): Promise<number> {
  const report = await run(liveHost, {
    checks: catalogue,
    settings: { profile: args.profile as Profile },
    offline: args.offline,
    timeoutS: args.timeout,
    version: VERSION,
  })
  process.stdout.write(`${JSON.stringify(report, null, 2)}\n`)
  return { ready: 0, 'not-ready': 1, undetermined: 3 }[report.verdict]
}
