/** Programs: by argv, never through a shell, with a fixed PATH and locale, bounded in time and output. */
import { existsSync } from 'node:fs'
import { cutShort, missing, ok, type Reading } from '../../model/reading.ts'
import type { CommandSource } from '../../model/source.ts'
import { type Ended, start } from './program.ts'

const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'
const DEFAULT_TIMEOUT_MS = 5_000
const DEFAULT_CAP = 4 * 1024 * 1024
/** Between asking a program to end and ending it. */
const GRACE_MS = 200
/** What outlives even that (asleep in the kernel, or in a session of its own) is no longer waited for. */
const ABANDON_MS = 200

const ENVIRONMENT = { PATH, LC_ALL: 'C', LANG: 'C', HOME: '/nonexistent' }

type Ending = 'late' | 'aborted'

/**
 * Runs a program to its end, its time limit or the run's, whichever comes first; then nothing of its process group is left.
 * A program that ran is `ok` whatever its exit status.
 */
export async function readCommand(
  source: CommandSource,
  signal: AbortSignal,
): Promise<Reading<CommandSource>> {
  const started = performance.now()
  if (!isThere(source.argv[0])) return missing('absent', 'is not installed', performance.now() - started)
  if (signal.aborted) return cutShort(performance.now() - started)
  const running = start(source.argv, { env: ENVIRONMENT, cap: source.maxBytes ?? DEFAULT_CAP })
  const timeoutMs = source.timeoutMs ?? DEFAULT_TIMEOUT_MS
  const leash = leashOf(running.pid, timeoutMs, signal)
  const result = await Promise.race([running.ended, leash.abandoned])
  const ending = leash.release()
  const took = performance.now() - started
  if (result === undefined) running.abandon()
  if (ending === 'late') return missing('timeout', `no answer in ${timeoutMs / 1000} s`, took)
  if (ending === 'aborted' || result === undefined) return cutShort(took)
  const { stdout, stderr, exitCode, isTruncated } = result
  if (isTruncated) endGroup(running.pid, 'SIGKILL')
  if (exitCode === undefined && !isTruncated) return notRun(result, took)
  return ok({ stdout, stderr, exit: exitCode ?? 0 }, took, isTruncated)
}

/** Looked up here, because a process that cannot be started costs as much as one that can. */
const isThere = (program: string): boolean =>
  program.includes('/')
    ? existsSync(program)
    : PATH.split(':').some((folder) => existsSync(`${folder}/${program}`))

interface Leash {
  /** Settles when the program has not ended although it was killed. */
  readonly abandoned: Promise<undefined>
  /** To be called when the waiting is over; says whether the program was made to end, and by what. */
  release(): Ending | undefined
}

/** Ends a process group when its time is up, when the run ends, and when this process does. */
function leashOf(pid: number | undefined, timeoutMs: number, signal: AbortSignal): Leash {
  const timers: NodeJS.Timeout[] = []
  let ending: Ending | undefined
  let abandon: (nothing: undefined) => void
  const abandoned = new Promise<undefined>((resolve) => {
    abandon = resolve
  })
  const end = (why: Ending): void => {
    if (ending) return
    ending = why
    endGroup(pid, 'SIGTERM')
    timers.push(setTimeout(() => endGroup(pid, 'SIGKILL'), GRACE_MS))
    timers.push(setTimeout(() => abandon(undefined), GRACE_MS + ABANDON_MS))
  }
  const aborted = (): void => end('aborted')
  timers.push(setTimeout(() => end('late'), timeoutMs))
  signal.addEventListener('abort', aborted, { once: true })
  keep(pid)
  const release = (): Ending | undefined => {
    for (const timer of timers) clearTimeout(timer)
    signal.removeEventListener('abort', aborted)
    if (pid !== undefined) alive.delete(pid)
    // The program itself has ended at the first request; its children need not have.
    if (ending) endGroup(pid, 'SIGKILL')
    return ending
  }
  return { abandoned, release }
}

/** The groups that are ended when this process ends first. */
const alive = new Set<number>()
let minding = false

function keep(pid: number | undefined): void {
  if (pid === undefined) return
  alive.add(pid)
  if (minding) return
  minding = true
  process.on('exit', () => {
    for (const group of alive) endGroup(group, 'SIGKILL')
  })
}

function endGroup(pid: number | undefined, signal: 'SIGTERM' | 'SIGKILL'): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, signal)
  } catch {
    // Nothing of the group is left.
  }
}

function notRun({ errorCode, signal }: Ended, took: number): Reading<CommandSource> {
  if (errorCode === 'ENOENT') return missing('absent', 'is not installed', took)
  if (errorCode === 'EACCES' || errorCode === 'EPERM') return missing('denied', 'may not be run', took)
  return missing('failed', signal ? `ended by ${signal}` : (errorCode ?? 'could not be started'), took)
}
