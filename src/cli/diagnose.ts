/** `seaworthy diagnose [TEXT|-]`: an error message in, its cause on this host out. */
import type { CommandModule } from 'yargs'
import type { Diagnosis } from '../diagnose/diagnosis.ts'
import { UsageError } from '../model/errors.ts'
import { DATA_OPTION, dataFor } from './data.ts'
import { EXIT } from './exit-code.ts'
import { interruptible } from './interrupt.ts'
import { containerOf, type Given, oneOf, single, timeoutOf, userOf } from './options.ts'
import { note, print } from './print.ts'
import { readInput } from './read-input.ts'
import { isInteractive, lookOf } from './terminal.ts'
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

/** A forum thread is some hundred KiB, the journal of a day some MiB. */
const MOST_BYTES = 16 * 1024 * 1024

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
      .options({
        container: { type: 'string', describe: 'the container that it is about, by name or id' },
        'no-host': { type: 'boolean', describe: 'judge the text alone: it is about another host' },
        user: { type: 'string', describe: 'judge the access of this user' },
        snapshot: { type: 'string', describe: 'look for the cause on a recorded host, from a file' },
        offline: { type: 'boolean', describe: 'contact nothing outside this host' },
        timeout: { type: 'string', describe: 'seconds that it may take; 30' },
        format: { type: 'string', describe: 'text, json' },
        ...DATA_OPTION,
        verbose: { type: 'boolean', describe: 'show every reading, and all that was ruled out' },
        'no-color': { type: 'boolean', describe: 'no colour' },
      }),
  handler: async (args) => {
    const format = oneOf('format', args.format, ['text', 'json'])
    const diagnosis = await diagnosed(args)
    await print(format === 'json' ? await jsonOf(diagnosis) : await textOf(diagnosis, args))
    done(exitCodeOf(diagnosis))
  },
})

async function diagnosed(args: DiagnoseArguments): Promise<Diagnosis> {
  const text = await given(args.text ?? [])
  const user = userOf(args.user)
  const timeoutS = timeoutOf(args.timeout)
  const container = containerOf(args.container)
  const snapshot = single('snapshot', args.snapshot)
  if (args['no-host'] && (snapshot !== undefined || container !== undefined))
    throw new UsageError(
      `--no-host looks at no host: leave out --${container === undefined ? 'snapshot' : 'container'}`,
    )
  const data = await dataFor(args.data)
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
  )
}

/** The words of the command line, or what stands on the standard input. */
async function given(words: readonly string[]): Promise<string> {
  const fromInput = words.length === 0 || (words.length === 1 && words[0] === '-')
  if (!fromInput) return nonEmpty(words.join(' '), 'the text')
  if (words.length === 0 && process.stdin.isTTY)
    throw new UsageError(
      'diagnose needs a text: seaworthy diagnose "ERROR MESSAGE", or COMMAND 2>&1 | seaworthy diagnose',
    )
  if (isInteractive(process.stderr, process.env) && process.stdin.isTTY)
    note('paste the text, then end it with Ctrl-D')
  return nonEmpty(decoded(await readInput('-', MOST_BYTES)), 'the standard input')
}

/**
 * What Windows saves is often UTF-16, and says so in its first two bytes; what is no UTF-8 may be what Chinese systems write (GBK and its
 * successor). All else is read as UTF-8, with its damage: a journal with a torn character, or the accents of Latin-1.
 */
function decoded(bytes: Buffer): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes)
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes)
  const text = new TextDecoder().decode(bytes)
  return isChinese(bytes, text) ? (decodedAs('gb18030', bytes) ?? text) : text
}

/** Bytes that are no UTF-8 nearly throughout, most of them pairs as the common characters have them: an accent is followed by a letter. */
function isChinese(bytes: Buffer, asUtf8: string): boolean {
  const beyond = asUtf8.match(/[^\0-\x7f]/gu) ?? []
  if (beyond.filter((char) => char === '\uFFFD').length <= beyond.length / 2) return false
  let [pairs, others] = [0, 0]
  for (let at = 0; at < bytes.length; at++) {
    if ((bytes[at] ?? 0) < FIRST_OF_TWO) continue
    at += 1
    if ((bytes[at] ?? 0) >= COMMON_SECOND) pairs += 1
    else others += 1
  }
  return pairs > others
}

/** @see https://encoding.spec.whatwg.org/#gb18030-decoder */
const FIRST_OF_TWO = 0x81
/** Of GB 2312, whose characters are the common ones. */
const COMMON_SECOND = 0xa1

function decodedAs(encoding: string, bytes: Buffer): string | null {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes)
  } catch {
    return null
  }
}

function nonEmpty(text: string, name: string): string {
  if (text.trim() === '') throw new UsageError(`${name} is empty: diagnose needs an error message`)
  return text
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
