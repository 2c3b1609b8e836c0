/** Programs: by argv, never through a shell, with a fixed PATH and locale, bounded in time and output. */
import { missing, ok, type Reading } from '../../model/reading.ts'
import type { CommandSource } from '../../model/source.ts'

const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'
const DEFAULT_TIMEOUT_MS = 5_000
const DEFAULT_CAP = 4 * 1024 * 1024

export async function readCommand(
  source: CommandSource,
  signal: AbortSignal,
): Promise<Reading<CommandSource>> {
  const started = performance.now()
  const { execa } = await import('execa')
  const [program, ...args] = source.argv
  const timeout = source.timeoutMs ?? DEFAULT_TIMEOUT_MS
  const result = await execa(program, args, {
    env: { PATH, LC_ALL: 'C', LANG: 'C', HOME: '/nonexistent' },
    extendEnv: false,
    stdin: 'ignore',
    reject: false,
    timeout,
    cancelSignal: signal,
    forceKillAfterDelay: 200,
    maxBuffer: source.maxBytes ?? DEFAULT_CAP,
    stripFinalNewline: false,
    cwd: '/',
  })
  const took = performance.now() - started
  if (result.timedOut) return missing('timeout', `no answer in ${timeout / 1000} s`, took)
  if (result.isCanceled) return missing('timeout', 'the run ended first', took)
  if (result.exitCode === undefined && !result.isMaxBuffer) return notRun(result.code, result.signal, took)
  const output = { stdout: result.stdout, stderr: result.stderr, exit: result.exitCode ?? 0 }
  return ok(output, took, result.isMaxBuffer)
}

function notRun(code: string | undefined, signal: string | undefined, took: number): Reading<CommandSource> {
  if (code === 'ENOENT') return missing('absent', 'is not installed', took)
  if (code === 'EACCES' || code === 'EPERM') return missing('denied', 'may not be run', took)
  return missing('failed', signal ? `ended by ${signal}` : (code ?? 'could not be started'), took)
}
