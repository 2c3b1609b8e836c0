/** `seaworthy lint FILE`: judge a daemon.json. */
import type { CommandModule } from 'yargs'
import type { Pen } from '../../reports/pen.ts'
import type { LintResult, Problem } from '../daemon-json/index.ts'
import { UsageError } from '../model/errors.ts'
import { DATA_OPTION, dataFor } from './data.ts'
import { EXIT } from './exit-code.ts'
import { type Given, oneOf, single } from './options.ts'
import { print } from './print.ts'
import { readInput } from './read-input.ts'
import { lookOf } from './terminal.ts'

interface LintArguments {
  readonly file?: Given
  readonly 'engine-version'?: Given
  readonly format?: Given
  readonly data?: Given
}

/** Where the engine looks; only a file that lies there is judged with what this machine has. */
const ENGINE_READS = '/etc/docker/daemon.json'
const MOST_BYTES = 8 * 1024 * 1024
/** The part of a line that is shown. */
const EXCERPT_BEFORE = 40
const EXCERPT_AFTER = 30

export const lintCommand = (done: (code: number) => void): CommandModule<object, LintArguments> => ({
  command: 'lint <file>',
  describe: 'Judge a daemon.json: line, column, key, what to write instead',
  builder: (yargs) =>
    yargs
      .positional('file', { type: 'string', demandOption: true, describe: 'FILE; - is the standard input' })
      .options({
        'engine-version': {
          type: 'string',
          describe:
            'the engine to judge for, such as 27.3; by default the one installed here, else the newest',
        },
        format: { type: 'string', describe: 'text, json' },
        ...DATA_OPTION,
      }),
  handler: async (args) => {
    const format = oneOf('format', args.format, ['text', 'json'])
    const wanted = await engineVersionOf(single('engine-version', args['engine-version']))
    const file = single('file', args.file) ?? ''
    const bytes = await readInput(file, MOST_BYTES)
    const { lintDaemonJson } = await import('../daemon-json/index.ts')
    const host = await contextOf(file)
    const { removals } = await dataFor(args.data)
    const result = lintDaemonJson(bytes, {
      removals,
      ...(wanted ? { engineVersion: wanted } : {}),
      ...(host ? { host } : {}),
    })
    await print(format === 'json' ? await lintJson(result) : await lintText(file, bytes.toString(), result))
    done(result.accepted ? EXIT.ready : EXIT.notReady)
  },
})

/** The version that was asked for, else that of this machine's engine; undefined where none is installed. */
async function engineVersionOf(given: string | undefined): Promise<string | undefined> {
  const { parseEngineVersion } = await import('../daemon-json/index.ts')
  if (given !== undefined && !parseEngineVersion(given)) {
    throw new UsageError(`--engine-version expects a version, such as 27.3; got ${JSON.stringify(given)}`)
  }
  if (given !== undefined) return given
  const installed = await installedVersion()
  return installed && parseEngineVersion(installed) ? installed : undefined
}

async function installedVersion(): Promise<string | undefined> {
  const { FactStore } = await import('../engine/facts.ts')
  const { Reader } = await import('../engine/reader.ts')
  const { engineVersion } = await import('../facts/engine-version.ts')
  const { liveHost } = await import('../hosts/live.ts')
  const reader = new Reader(liveHost, { signal: AbortSignal.timeout(5_000), atOnce: 2, offline: true })
  const { outcome } = await new FactStore(reader).get(engineVersion)
  return outcome.known && outcome.value !== null ? outcome.value : undefined
}

async function contextOf(file: string) {
  const { realpath } = await import('node:fs/promises')
  const lies = async (path: string): Promise<string> => realpath(path).catch(() => path)
  if (file === '-' || (await lies(file)) !== (await lies(ENGINE_READS))) return undefined
  return (await import('../daemon-json/local-host.ts')).localHost()
}

async function lintJson(result: LintResult): Promise<string> {
  const { safeJson } = await import('../../reports/untrusted.ts')
  return `${safeJson(result, 2)}\n`
}

async function lintText(file: string, text: string, result: LintResult): Promise<string> {
  const { penFor } = await import('../../reports/pen.ts')
  const { rulerFor } = await import('../../reports/ruler.ts')
  const { visible } = await import('../../reports/untrusted.ts')
  const look = lookOf(process.stdout, process.env, { color: true, detail: 'normal' })
  const pen = penFor(look, await rulerFor(text + JSON.stringify(result)))
  const source = text.replace(/^\ufeff/, '').split(/\r\n|\n|\r/)
  const name = visible(file === '-' ? 'standard input' : file)
  const problems = result.problems.flatMap((problem) => problemLines(name, problem, source, visible, pen))
  return [...problems, ...verdictLines(name, result, pen)].map((line) => `${line}\n`).join('')
}

/** The first line is for programs too: `FILE:LINE:COLUMN level key: message`, never wrapped. */
function problemLines(
  name: string,
  { level, line, column, key, message, suggestion }: Problem,
  source: readonly string[],
  visible: (text: string) => string,
  pen: Pen,
): string[] {
  const style = level === 'fail' ? 'red' : 'yellow'
  const about = key === null ? '' : `${visible(key)}: `
  return [
    `${pen.paint('bold', `${name}:${line}:${column}`)} ${pen.paint(style, level)} ${about}${visible(message)}`,
    ...caretLines(source[line - 1] ?? '', column, visible, pen),
    ...(suggestion === ''
      ? []
      : pen.lines(visible(suggestion), { lead: '    instead: ', leadStyle: 'bold' })),
  ]
}

function caretLines(text: string, column: number, visible: (text: string) => string, pen: Pen): string[] {
  const characters = Array.from(text)
  if (text.trim() === '' || text.includes('\0')) return []
  const from = Math.max(0, column - 1 - EXCERPT_BEFORE)
  const before = visible(characters.slice(from, column - 1).join('')).trimStart()
  const after = visible(characters.slice(column - 1, column - 1 + EXCERPT_AFTER).join(''))
  return [`    ${before}${after}`, `    ${' '.repeat(pen.width(before))}${pen.paint('cyan', '^')}`]
}

function verdictLines(name: string, { accepted, engineVersion, problems }: LintResult, pen: Pen): string[] {
  const said = accepted ? 'starts' : 'does not start'
  const clean = problems.length === 0 ? ', and nothing in it is amiss' : ''
  const status = accepted ? (problems.length === 0 ? 'pass' : 'warn') : 'fail'
  return pen.lines(`Docker Engine ${engineVersion} ${said} with ${name}${clean}`, {
    lead: `${pen.mark(status)} `,
    style: status === 'pass' ? 'green' : status === 'warn' ? 'yellow' : 'red',
  })
}
