// Programs that the runners start, and lab.sh among them.
import { spawn } from 'node:child_process'

const running = new Set()

/** Runs to its end; what takes longer is killed. */
export function run(command, args, seconds = 300) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    const timer = setTimeout(() => child.kill('SIGKILL'), seconds * 1000)
    let stdout = ''
    let stderr = ''
    running.add(child)
    child.stdout.setEncoding('utf8').on('data', (text) => (stdout += text))
    child.stderr.setEncoding('utf8').on('data', (text) => (stderr += text))
    child.on('error', reject)
    child.on('close', (status) => {
      clearTimeout(timer)
      running.delete(child)
      resolve({ status, stdout, stderr })
    })
  })
}

/** What was asked to end ends what it started. */
export function endAllOnSignal() {
  for (const signal of ['SIGINT', 'SIGTERM'])
    process.on(signal, () => {
      for (const child of running) child.kill()
      process.exit(130)
    })
}

export const lastLines = (text, n = 3) => text.trim().split('\n').slice(-n).join(' | ').slice(0, 300)

export async function mustWork(step, promise) {
  const { status, stdout, stderr } = await promise
  if (status !== 0) throw new Error(`${step}: ${lastLines(`${stdout}\n${stderr}`, 5)}`)
}
