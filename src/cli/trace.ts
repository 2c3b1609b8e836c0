/** `seaworthy trace CONTAINER[:PORT]`: follow a packet's way, and name the first hop that stops it. */
import type { CommandModule } from 'yargs'
import { visible } from '../../reports/untrusted.ts'
import type { TraceReport } from '../diagnose/trace/model.ts'
import type { Settings, WayAsked } from '../facts/settings.ts'
import { UsageError } from '../model/errors.ts'
import { parseAddress, parseCidr } from '../net/cidr.ts'
import { EXIT } from './exit-code.ts'
import { interruptible } from './interrupt.ts'
import { containerError } from './known-container.ts'
import { CONTAINER_NAME, type Given, oneOf, single, timeoutOf } from './options.ts'
import { longNote, print } from './print.ts'
import { lookOf } from './terminal.ts'
import { VERSION } from './version.ts'

interface TraceArguments {
  readonly container?: Given
  readonly from?: Given
  readonly to?: Given
  readonly passive?: boolean | undefined
  readonly format?: Given
  readonly timeout?: Given
  readonly snapshot?: Given
  readonly verbose?: boolean | undefined
  readonly 'no-color'?: boolean | undefined
}

export const traceCommand = (done: (code: number) => void): CommandModule<object, TraceArguments> => ({
  command: 'trace <container>',
  describe: 'Follow the way to a container and out of it, and name what stops it',
  builder: (yargs) =>
    yargs
      .positional('container', {
        type: 'string',
        demandOption: true,
        describe: 'its name or id, and a port: web, web:80',
      })
      .options({
        from: { type: 'string', describe: 'whom packets come from: a host, a block, another container' },
        to: { type: 'string', describe: 'whom the container is to reach: HOST, HOST:PORT (443)' },
        passive: { type: 'boolean', describe: 'send nothing, only read' },
        format: { type: 'string', describe: 'text, json' },
        timeout: { type: 'string', describe: 'seconds that it may take; 30' },
        snapshot: { type: 'string', describe: 'of a recorded host, from a file' },
        verbose: { type: 'boolean', describe: 'what each hop says' },
        'no-color': { type: 'boolean', describe: 'no colour' },
      }),
  handler: async (args) => done(await runTrace(args)),
})

const STATUSES: Readonly<Record<TraceReport['verdict'], number>> = {
  whole: EXIT.ready,
  broken: EXIT.notReady,
  undetermined: EXIT.undetermined,
}

async function runTrace(args: TraceArguments): Promise<number> {
  const settings = settingsOf(args)
  const format = oneOf('format', args.format, ['text', 'json']) ?? 'text'
  const timeoutS = timeoutOf(args.timeout)
  const { openHost } = await import('../hosts/open.ts')
  const host = await openHost({ snapshot: single('snapshot', args.snapshot) })
  const { trace } = await import('../diagnose/trace/trace.ts')
  const { Unavailable } = await import('../model/fact.ts')
  const report = await interruptible((signal) =>
    trace(host, { settings, timeoutS, version: VERSION, signal }),
  ).catch(async (error: unknown) => {
    if (!(error instanceof Unavailable)) return containerError(error)
    const remedy = error.why.state === 'denied' ? '; run it as root (sudo)' : ''
    await longNote(`cannot trace: ${visible(error.message)}${remedy}`)
    return null
  })
  if (!report) return EXIT.undetermined
  await print(format === 'json' ? await json(report) : await text(report, args))
  return STATUSES[report.verdict]
}

const json = async (report: TraceReport): Promise<string> =>
  `${(await import('../../reports/untrusted.ts')).safeJson(report, 2)}\n`

async function text(report: TraceReport, args: TraceArguments): Promise<string> {
  const detail = args.verbose ? 'verbose' : 'normal'
  const look = lookOf(process.stdout, process.env, { color: !args['no-color'], detail })
  return (await import('../../reports/trace.ts')).renderTrace(report, look)
}

function settingsOf(args: TraceArguments): Settings {
  const { name, port } = containerOf(args.container)
  const from = peerOf(single('from', args.from))
  const to = targetOf(single('to', args.to))
  const way: WayAsked = {
    ...(port === undefined ? {} : { port }),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    passive: args.passive ?? false,
  }
  return { profile: 'docker', container: name, way }
}

const HIGHEST_PORT = 65_535

function portIn(text: string, whole: string): number {
  const port = Number(text)
  const [, digits, protocol] = /^(\d{1,5})\/([a-z]+)$/.exec(text) ?? []
  if (protocol)
    throw new UsageError(
      `a port is written without its protocol: ${digits}, not ${digits}/${protocol}; got ${JSON.stringify(whole)}`,
    )
  if (/^\d{1,5}$/.test(text) && port > 0 && port <= HIGHEST_PORT) return port
  throw new UsageError(`a port is a number from 1 to ${HIGHEST_PORT}; got ${JSON.stringify(whole)}`)
}

function containerOf(given: Given): { name: string; port: number | undefined } {
  const word = typeof given === 'string' ? given : (single('container', given) ?? '')
  const [name = '', port, ...more] = word.split(':')
  if (more.length > 0 || !CONTAINER_NAME.test(name)) {
    throw new UsageError(
      `trace expects a container's name or id, as web or web:80; got ${JSON.stringify(word)}`,
    )
  }
  return { name, port: port === undefined ? undefined : portIn(port, word) }
}

const NAME = /^\w[\w.-]{0,252}$/
/** Digits and dots are meant as an address. */
const MEANT_AS_ADDRESS = /^[\d./:]+$/

function peerOf(word: string | undefined): string | undefined {
  if (word === undefined) return undefined
  const cidr = parseCidr(word) ?? (parseAddress(word) ? parseCidr(`${word}/32`) : undefined)
  if (cidr?.family === 4 || (NAME.test(word) && !MEANT_AS_ADDRESS.test(word))) return word
  const v6 = word.includes(':') ? '; IPv6 is not traced yet' : ''
  throw new UsageError(
    `--from expects a host, an IPv4 address or a block such as 10.0.0.0/24; got ${JSON.stringify(word)}${v6}`,
  )
}

function targetOf(word: string | undefined): WayAsked['to'] {
  if (word === undefined) return undefined
  if (word.includes('://'))
    throw new UsageError(`--to expects HOST or HOST:PORT, and no URL; got ${JSON.stringify(word)}`)
  const [, host = '', port] = /^([^:]+)(?::(.*))?$/.exec(word) ?? []
  if (!NAME.test(host) || (MEANT_AS_ADDRESS.test(host) && !parseAddress(host)))
    throw new UsageError(`--to expects HOST or HOST:PORT; got ${JSON.stringify(word)}`)
  return { host, port: port === undefined ? null : portIn(port, word) }
}
