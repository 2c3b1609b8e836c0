/** Probes from another process's network. Entering it takes a program (nsenter of util-linux) and root. */
import { isIP } from 'node:net'
import { type MissingReading, missing, ok, type Reading } from '../../../model/reading.ts'
import { command, type ProbeAnswer, type ProbeSource } from '../../../model/source.ts'
import { readCommand } from '../command.ts'
import { askFromInside, type InsideQuestion } from './from-inside.ts'

const DEFAULT_TIMEOUT_MS = 3_000
/** For Node to start and to end. */
const MARGIN_MS = 2_000

/** `tcp://10.0.0.1:80`, `udp://10.0.0.1:33434/1500`, `dns://10.0.0.1/name`; undefined for anything else. */
export function insideQuestion(url: string, timeoutMs: number): InsideQuestion | undefined {
  const [, scheme, host = '', port = '', rest = ''] =
    /^(tcp|udp|dns):\/\/(\[[\da-f:]+\]|[\d.]+)(?::(\d{1,5}))?(?:\/(.*))?$/i.exec(url) ?? []
  const address = host.replace(/^\[(.*)\]$/, '$1')
  if (!isIP(address) || Number(port) > 65_535) return undefined
  const plain = { address, port: Number(port), name: '', bytes: 0, timeoutMs }
  if (scheme === 'tcp' && port !== '') return { ...plain, scheme }
  if (scheme === 'udp' && port !== '' && /^\d{2,5}$/.test(rest))
    return { ...plain, scheme, bytes: Number(rest) }
  if (scheme === 'dns' && /^\w[\w.-]{0,252}$/.test(rest))
    return { ...plain, scheme, port: Number(port) || 53, name: rest }
  return undefined
}

export async function probeInside(source: ProbeSource, signal: AbortSignal): Promise<Reading<ProbeSource>> {
  const timeoutMs = source.timeoutMs ?? DEFAULT_TIMEOUT_MS
  const question = insideQuestion(source.url, timeoutMs)
  if (!question) return missing('failed', 'cannot be asked from inside')
  const script = `(${askFromInside.toString()})(${JSON.stringify(question)})`
  const argv = ['nsenter', '-t', String(source.inside), '-n', '--', process.execPath, '-e', script] as const
  const reading = await readCommand(command(argv, { timeoutMs: timeoutMs + MARGIN_MS }), signal)
  if (reading.state === 'absent') return missing('failed', 'nsenter is not installed', reading.durationMs)
  if (reading.state !== 'ok') return reading
  const answer = answerIn(reading.value.stdout)
  return answer ? ok(answer, reading.durationMs) : refused(reading.value.stderr, reading.durationMs)
}

/** What our own program printed; anything else is no answer. */
function answerIn(text: string): ProbeAnswer | undefined {
  try {
    const said: unknown = JSON.parse(text)
    if (typeof said !== 'object' || said === null || !('ok' in said) || !('timings' in said)) return undefined
    return said as ProbeAnswer
  } catch {
    return undefined
  }
}

function refused(stderr: string, durationMs: number): MissingReading {
  const said = stderr.trim().split('\n')[0] ?? ''
  const denied = /permission denied|operation not permitted/i.test(said)
  return missing(
    denied ? 'denied' : 'failed',
    denied ? 'only root may enter it' : said || 'no answer',
    durationMs,
  )
}
