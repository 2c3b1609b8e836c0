/** `seaworthy snapshot`: record this host, or say what would be read. */
import type { CommandModule } from 'yargs'
import type { Plan } from '../engine/plan.ts'
import { UsageError } from '../model/errors.ts'
import type { Reading } from '../model/reading.ts'
import { interruptible } from './interrupt.ts'
import { containerOf, type Given, oneOf, single, timeoutOf, userOf } from './options.ts'
import { note, print } from './print.ts'
import { VERSION } from './version.ts'

interface SnapshotArguments {
  readonly output?: Given
  readonly list: boolean
  readonly format?: Given
  readonly offline: boolean
  readonly timeout?: Given
  readonly user?: Given
  readonly container?: Given
}

export const snapshotCommand = (done: (code: number) => void): CommandModule<object, SnapshotArguments> => ({
  command: 'snapshot',
  describe: 'Record this host in a file that can be judged anywhere',
  builder: (yargs) =>
    yargs
      .option('output', {
        alias: 'o',
        type: 'string',
        describe: 'the file to write, compressed when it ends in .gz; - for the standard output',
      })
      .option('list', {
        type: 'boolean',
        default: false,
        describe: 'say what would be read, and read nothing',
      })
      .option('format', { type: 'string', describe: 'of --list: text, json' })
      .option('offline', { type: 'boolean', default: false, describe: 'contact nothing outside this host' })
      .option('timeout', { type: 'string', describe: 'seconds that the recording may take (30)' })
      .option('user', { type: 'string', describe: 'record whose access is to be judged' })
      .option('container', {
        type: 'string',
        describe: 'record what trace and check --container ask of it, too',
      }),
  handler: async (args) => {
    await snapshot(args)
    done(0)
  },
})

async function snapshot(args: SnapshotArguments): Promise<void> {
  const output = single('output', args.output)
  const format = oneOf('format', args.format, ['text', 'json'])
  if (args.list) {
    if (output !== undefined)
      throw new UsageError('--list reads nothing, so there is nothing to write to --output')
    return list(format ?? 'text', args.offline)
  }
  if (format !== undefined) throw new UsageError('--format goes with --list')
  if (output === undefined)
    throw new UsageError('snapshot needs --output FILE (or - for the standard output), or --list')
  return write(output, args)
}

async function write(output: string, args: SnapshotArguments): Promise<void> {
  const options = {
    offline: args.offline,
    timeoutS: timeoutOf(args.timeout),
    user: userOf(args.user),
    container: containerOf(args.container),
  }
  const recordedAt = new Date().toISOString()
  const readings = await interruptible(async (signal) => {
    const { catalogue } = await import('../engine/catalogue.ts')
    const { liveHost } = await import('../hosts/live.ts')
    const { record } = await import('../hosts/recorder.ts')
    return record(liveHost, { ...options, checks: catalogue, signal })
  })
  const { snapshotText } = await import('../hosts/snapshot/format.ts')
  const text = snapshotText(readings, { tool: `seaworthy ${VERSION}`, recordedAt })
  if (output === '-') await print(text)
  else await (await import('../hosts/snapshot/save.ts')).saveSnapshot(output, text)
  note(summaryOf(readings, output))
}

function summaryOf(readings: ReadonlyMap<string, Reading>, output: string): string {
  const count = (state: Reading['state']): number =>
    [...readings.values()].filter((reading) => reading.state === state).length
  const asides = [
    ['denied', process.getuid?.() === 0 ? 'denied' : 'denied: run it as root to record these too'],
    ['timeout', 'without an answer in time'],
    ['failed', 'failed'],
  ] as const
  const told = asides.flatMap(([state, words]) => (count(state) > 0 ? [`${count(state)} ${words}`] : []))
  const where = output === '-' ? '' : ` in ${output}`
  return [`recorded ${readings.size} readings${where}`, ...told].join('; ')
}

async function list(format: 'text' | 'json', offline: boolean): Promise<void> {
  const { catalogue } = await import('../engine/catalogue.ts')
  const { planOf } = await import('../engine/plan.ts')
  const plan = await planOf(catalogue)
  const { sources, later } = plan
  const asked = { sources: offline ? sources.filter(({ kind }) => kind !== 'probe') : sources, later }
  await print(format === 'json' ? `${JSON.stringify(asked, null, 2)}\n` : listText(asked))
}

/** One line for each source, and for each fact whose sources depend on what others say: what is read, and who wants it. */
export function listText({ sources, later }: Plan): string {
  const lines = [
    ...sources.map(({ source, wantedBy }) => [source, wantedBy] as const),
    ...later.map(({ reading, wantedBy }) => [`(${reading})`, wantedBy] as const),
  ]
  return lines.map(([what, wantedBy]) => `${what.padEnd(48)}  ${wantedBy.join(', ')}\n`).join('')
}
