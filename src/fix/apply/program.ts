/** Runs a program that changes the host: by argv, with a fixed PATH and locale, bounded in time. */
import { spawn } from 'node:child_process'
import { type FileHandle, mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Argv } from './deed.ts'
import { codeOf, wordsOf } from './refused.ts'

export interface Ran {
  /** Exit status; null where it could not be started or was ended. */
  readonly exit: number | null
  /** What it printed, both streams; its end where it was much. */
  readonly output: string
}

const ENVIRONMENT = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  LC_ALL: 'C',
  LANG: 'C',
  HOME: '/root',
  TERM: 'dumb',
  DEBIAN_FRONTEND: 'noninteractive',
  NEEDRESTART_MODE: 'l',
}
const MOST_OUTPUT = 64 * 1024 * 1024
const MINUTE_MS = 60_000

/** A package manager fetches from far away; an engine with many containers takes its time to stop. */
export const TIMEOUTS_MS = { ordinary: MINUTE_MS, service: 5 * MINUTE_MS, packages: 30 * MINUTE_MS } as const

/**
 * It reads `inputFile`, else nothing. Its output goes to a file: a daemon that it starts would hold a pipe open for ever. (execa gives a program no file that is open already.)
 * It has a session of its own: Ctrl-C is for whoever runs this, who then takes back what was done.
 */
export async function runProgram(
  argv: Argv,
  timeoutMs: number = TIMEOUTS_MS.ordinary,
  inputFile = '/dev/null',
): Promise<Ran> {
  const input = await open(inputFile)
  // In memory where that can be: what is taken back because the disk is full needs programs, too.
  const folder = await mkdtemp('/run/seaworthy-').catch(() => mkdtemp(join(tmpdir(), 'seaworthy-')))
  const handle = await open(join(folder, 'output'), 'wx+', 0o600)
  try {
    const end = await ended(argv, input.fd, handle.fd, timeoutMs)
    const printed = await endOf(handle)
    return { exit: end.exit, output: [end.why, printed].filter(Boolean).join('\n') }
  } finally {
    await Promise.all([handle.close(), input.close()])
    await rm(folder, { recursive: true, force: true })
  }
}

function ended(
  [program, ...args]: Argv,
  input: number,
  output: number,
  timeoutMs: number,
): Promise<{ exit: number | null; why: string }> {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      env: ENVIRONMENT,
      cwd: '/',
      stdio: [input, output, output],
      detached: true,
    })
    const timer = setTimeout(() => {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
      resolve({ exit: null, why: `no end in ${timeoutMs / 1000} s` })
    }, timeoutMs)
    const settle = (exit: number | null, why: string): void => {
      clearTimeout(timer)
      resolve({ exit, why })
    }
    child.on('error', (error) =>
      settle(null, codeOf(error) === 'ENOENT' ? `${program} is not installed` : wordsOf(error)),
    )
    child.on('exit', (exit, signal) => settle(exit, signal ? `ended by ${signal}` : ''))
  })
}

async function endOf(handle: FileHandle): Promise<string> {
  const { size } = await handle.stat()
  const length = Math.min(size, MOST_OUTPUT)
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, size - length)
  return buffer.toString('utf8', 0, bytesRead).trim()
}

/** Whether a program ends well. */
export const succeeds = async (argv: Argv): Promise<boolean> => (await runProgram(argv)).exit === 0

export const isInstalled = (program: string): Promise<boolean> =>
  succeeds(['sh', '-c', 'command -v "$1"', 'sh', program])
