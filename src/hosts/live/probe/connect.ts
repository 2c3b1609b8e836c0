/** A connection to whichever address answers first. */
import { connect as open, type Socket } from 'node:net'
import { codeOf, ProbeFailure } from './failure.ts'

/** How long an address is tried alone before the next one is tried beside it. @see RFC 8305, section 5 */
const HEAD_START_MS = 250

export interface AddressFailure {
  readonly address: string
  /** `PENDING`: had not answered when another address did. */
  readonly code: string
}
export interface Connection {
  readonly socket: Socket
  readonly address: string
  readonly failures: readonly AddressFailure[]
}

/**
 * Tries addresses in turn, each with a head start before the next.
 * @param signal ends all attempts; the caller then has given up waiting
 * @throws {ProbeFailure} with every address's error, the code being the first one's
 */
export function connectFirst(
  addresses: readonly string[],
  port: number,
  signal: AbortSignal,
): Promise<Connection> {
  return new Promise((resolve, reject) => {
    const failures: AddressFailure[] = []
    const trying = new Map<string, Socket>()
    let next = 0
    let timer: NodeJS.Timeout | undefined
    const stop = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', stop)
      for (const socket of trying.values()) socket.destroy()
      trying.clear()
    }
    const won = (address: string, socket: Socket): void => {
      trying.delete(address)
      const pending = [...trying.keys()].map((other) => ({ address: other, code: 'PENDING' }))
      stop()
      socket.removeAllListeners()
      resolve({ socket, address, failures: [...failures, ...pending] })
    }
    const lost = (address: string, error: unknown): void => {
      if (!trying.delete(address)) return
      failures.push({ address, code: codeOf(error) })
      if (next < addresses.length) attempt()
      else if (trying.size === 0) {
        stop()
        reject(allFailed(failures, addresses, port))
      }
    }
    const attempt = (): void => {
      clearTimeout(timer)
      const address = addresses[next++]
      if (address === undefined || signal.aborted) return
      const socket = open({ host: address, port, autoSelectFamily: false })
      trying.set(address, socket)
      socket.once('connect', () => won(address, socket))
      socket.on('error', (error) => lost(address, error))
      if (next < addresses.length) timer = setTimeout(attempt, HEAD_START_MS)
    }
    signal.addEventListener('abort', stop, { once: true })
    attempt()
  })
}

function allFailed(
  failures: readonly AddressFailure[],
  addresses: readonly string[],
  port: number,
): ProbeFailure {
  const said = failures.map(({ address, code }) => `${shown(address)}:${port} ${code}`).join(', ')
  return new ProbeFailure('tcp', failures[0]?.code ?? 'ERROR', `cannot connect: ${said}`, {
    addresses,
    failures,
  })
}

/** For a connection that was made: which other addresses do not work. Undefined when there is nothing to say. */
export function remarkOn({ address, failures }: Connection): string | undefined {
  const failed = failures.map((other) =>
    other.code === 'PENDING' ? `${shown(other.address)} no answer` : `${shown(other.address)} ${other.code}`,
  )
  if (failed.length === 0) return undefined
  const v6Only = !address.includes(':') && failures.every((other) => other.address.includes(':'))
  return `${shown(address)} answers, but not ${failed.join(', ')}${v6Only ? ' (IPv6 only)' : ''}`
}

const shown = (address: string): string => (address.includes(':') ? `[${address}]` : address)
