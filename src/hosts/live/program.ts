/** A program that runs: started by argv, what it says is collected up to a cap. */
import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process'
import type { Readable } from 'node:stream'

/** Where nothing else is said, it could not be started or was ended. */
export interface Ended {
  readonly stdout: string
  readonly stderr: string
  /** Status of a program that ended by itself. */
  readonly exitCode?: number
  /** What ended it. */
  readonly signal?: NodeJS.Signals
  /** The system's error where it could not be started: `ENOENT`. */
  readonly errorCode?: string
  /** It said more than the cap, and may still be running. */
  readonly isTruncated: boolean
}

export interface Running {
  readonly pid: number | undefined
  readonly ended: Promise<Ended>
  /** No longer waits for it, nor keeps this process alive for it. */
  abandon(): void
}

export interface ProgramOptions {
  readonly env: Readonly<Record<string, string>>
  /** Bytes of the standard output, and as many of the standard error. */
  readonly cap: number
}

/** A session of its own: the program cannot ask on the terminal, and is ended together with its children. */
const STANDING: SpawnOptions = { cwd: '/', detached: true, stdio: ['ignore', 'pipe', 'pipe'] }

/** Starts a program. What keeps it from starting is told by `ended`, which never rejects. */
export function start(argv: readonly [string, ...string[]], { env, cap }: ProgramOptions): Running {
  const [program, ...args] = argv
  let child: ChildProcess
  try {
    child = spawn(program, args, { ...STANDING, env })
  } catch (error) {
    const ended = { stdout: '', stderr: '', ...codeOf(error), isTruncated: false }
    return { pid: undefined, ended: Promise.resolve(ended), abandon: () => undefined }
  }
  const abandon = (): void => {
    child.stdout?.destroy()
    child.stderr?.destroy()
    child.unref()
  }
  return { pid: child.pid, ended: endOf(child, cap), abandon }
}

function endOf(child: ChildProcess, cap: number): Promise<Ended> {
  return new Promise((resolve) => {
    const end = (how: Partial<Ended>): void =>
      resolve({ stdout: stdout.text(), stderr: stderr.text(), isTruncated: false, ...how })
    const over = (): void => end({ isTruncated: true })
    const stdout = collect(child.stdout, cap, over)
    const stderr = collect(child.stderr, cap, over)
    child.on('error', (error) => end(codeOf(error)))
    child.on('close', (exitCode, signal) =>
      end(exitCode === null ? (signal === null ? {} : { signal }) : { exitCode }),
    )
  })
}

/** @param stream none where the system has no file descriptors left */
function collect(stream: Readable | null, cap: number, over: () => void): { text(): string } {
  const chunks: Buffer[] = []
  let left = cap
  stream?.on('data', (chunk: Buffer) => {
    chunks.push(chunk.subarray(0, left))
    left -= chunk.length
    if (left >= 0) return
    stream.destroy()
    over()
  })
  // It is closed then, and the program has its own end.
  stream?.on('error', () => undefined)
  return { text: () => Buffer.concat(chunks).toString() }
}

const codeOf = (error: unknown): { errorCode?: string } =>
  error instanceof Error && 'code' in error ? { errorCode: String(error.code) } : {}
