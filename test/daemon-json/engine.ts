import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** What the real engine did with a file. `undecided`: neither listening nor ended when the time was up. */
export type Verdict = 'starts' | 'refused' | 'undecided'

const NAMESPACES = ['-m', '-n', '-p', '-i', '-u', '--fork', '--kill-child']
const SANDBOX = join(import.meta.dirname, 'sandbox.sh')
const SECONDS = 12

/** The installed engine's version, or why none can be tried here. */
export function findEngine(): { readonly version: string } | { readonly missing: string } {
  if (process.getuid?.() !== 0) return { missing: 'not root' }
  const answer = spawnSync('dockerd', ['--version'], { encoding: 'utf8', timeout: 10_000 })
  const version = /version ([^ ,]+)/.exec(answer.stdout ?? '')?.[1]
  if (version === undefined) return { missing: 'no dockerd' }
  const namespaces = spawnSync('unshare', [...NAMESPACES, '--', 'mount', '--make-rprivate', '/'], {
    timeout: 10_000,
  })
  return namespaces.status === 0 ? { version } : { missing: 'no namespaces' }
}

/** Starts the engine with each file, in namespaces of its own, a few at a time. */
export async function tryAll(files: readonly Uint8Array[], atOnce: number): Promise<Verdict[]> {
  const verdicts: Verdict[] = []
  let next = 0
  const worker = async (): Promise<void> => {
    for (let index = next++; index < files.length; index = next++) {
      verdicts[index] = await tryFile(files[index] ?? new Uint8Array())
    }
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
  return verdicts
}

async function tryFile(file: Uint8Array): Promise<Verdict> {
  const folder = mkdtempSync('/var/tmp/daemon-json-')
  try {
    writeFileSync(join(folder, 'daemon.json'), file)
    return await run(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 })
  }
}

async function run(folder: string): Promise<Verdict> {
  const command = [...NAMESPACES, '--', 'bash', SANDBOX, folder, join(folder, 'daemon.json'), String(SECONDS)]
  const child = spawn('unshare', command, { stdio: 'ignore' })
  const ended = new Promise<number>((resolve) => child.once('exit', (code) => resolve(code ?? -1)))
  const listening = watch(folder, child.pid ?? 0, ended)
  const outcome = await Promise.race([ended, listening])
  child.kill('SIGKILL')
  await ended
  if (outcome === 'listening') return 'starts'
  if (outcome === 90) throw new Error(`the sandbox could not be set up in ${folder}`)
  // 124 and 137: the time was up.
  return outcome === 124 || outcome === 137 ? 'undecided' : 'refused'
}

/** Waits until the engine says that it listens, or answers (its log may be too quiet to say so). */
async function watch(folder: string, pid: number, ended: Promise<number>): Promise<'listening' | number> {
  let over = false
  void ended.then(() => {
    over = true
  })
  for (let round = 0; !over; round += 1) {
    await sleep(25)
    if (log(folder).includes('API listen on') || (round % 20 === 19 && (await answers(pid))))
      return 'listening'
  }
  return ended
}

function log(folder: string): string {
  const path = join(folder, 'log')
  return existsSync(path) ? readFileSync(path, 'latin1') : ''
}

function answers(unshare: number): Promise<boolean> {
  const socketPath = `/proc/${childOf(unshare)}/root/run/docker.sock`
  return new Promise((resolve) => {
    const ping = request({ socketPath, path: '/_ping', timeout: 200 }, (response) => {
      response.resume()
      resolve(response.statusCode === 200)
    })
    ping.once('error', () => resolve(false))
    ping.once('timeout', () => ping.destroy())
    ping.end()
  })
}

function childOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ')[0] ?? ''
  } catch {
    return ''
  }
}
