/**
 * Names, resolved as this host's programs do (/etc/hosts, nsswitch, the resolver).
 *
 * getaddrinfo cannot be stopped once it runs: with a dead name server it keeps a thread, and so the whole program, for ten
 * seconds beyond any time limit. Therefore it runs in `getent`, which can be ended; in this process only where there is
 * no getent, or to learn why a name did not resolve once it is known that the answer comes at once.
 */
import { promises as dns } from 'node:dns'
import { isIP } from 'node:net'
import { command } from '../../../model/source.ts'
import { readCommand } from '../command.ts'
import { codeOf, ProbeFailure } from './failure.ts'

/** getent: the name is not in the database, which it also says when no name server answers. */
const NOT_FOUND = 2
/** A failure that took longer would take as long again. */
const AT_ONCE_MS = 1_500

/**
 * All addresses in the order in which programs try them.
 * @throws {ProbeFailure} ENOTFOUND (there is no such name), EAI_AGAIN (no name server answers), TIMEOUT
 */
export async function resolve(host: string, timeoutMs: number, signal: AbortSignal): Promise<string[]> {
  if (isIP(host)) return [host]
  const started = performance.now()
  const asked = await readCommand(command(['getent', '--', 'ahosts', host], { timeoutMs }), signal)
  if (asked.state === 'timeout') {
    throw new ProbeFailure('dns', 'TIMEOUT', `the resolver did not answer: ${asked.reason}`)
  }
  if (asked.state === 'ok' && asked.value.exit === 0) return addressesIn(asked.value.stdout)
  const slow = performance.now() - started > AT_ONCE_MS
  if (slow && asked.state === 'ok' && asked.value.exit === NOT_FOUND) {
    throw new ProbeFailure('dns', 'EAI_AGAIN', `no name server answers for ${host}`)
  }
  return lookUp(host)
}

const addressesIn = (text: string): string[] => [
  ...new Set(text.split('\n').flatMap((line) => /^\S+/.exec(line)?.[0] ?? [])),
]

async function lookUp(host: string): Promise<string[]> {
  const found = await dns.lookup(host, { all: true, verbatim: true }).catch((error: unknown) => {
    const code = codeOf(error)
    throw new ProbeFailure('dns', code, sayingOf(code, host))
  })
  return found.map(({ address }) => address)
}

const sayingOf = (code: string, host: string): string =>
  code === 'ENOTFOUND'
    ? `there is no host named ${host}`
    : code === 'EAI_AGAIN'
      ? `no name server answers for ${host}`
      : `${host} cannot be resolved`
