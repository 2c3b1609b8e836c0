/** One name server, asked directly, whatever the host's own name resolution would do. */
import { promises as dns } from 'node:dns'
import { isIPv6 } from 'node:net'
import { codeOf, type Finding, ProbeFailure } from './failure.ts'

/** One repetition, as a datagram may be lost; the second waits twice as long as the first. */
const FIRST_WAIT_MS = 1_000
const TRIES = 2

/** The server answered, though not with an address: what it says of the name is not what is asked. */
const ANSWERS: ReadonlySet<string> = new Set([
  'ENODATA',
  'ENOTFOUND',
  'ESERVFAIL',
  'EREFUSED',
  'ENOTIMP',
  'EFORMERR',
  'EBADRESP',
])

/** @throws {ProbeFailure} ECONNREFUSED (nothing listens there), TIMEOUT, or what else keeps it from answering */
export async function askServer(
  server: string,
  port: number,
  name: string,
  stop: AbortSignal,
): Promise<Finding> {
  const resolver = new dns.Resolver({ timeout: FIRST_WAIT_MS, tries: TRIES })
  resolver.setServers([`${isIPv6(server) ? `[${server}]` : server}:${port || 53}`])
  const cancel = () => resolver.cancel()
  stop.addEventListener('abort', cancel, { once: true })
  try {
    return { addresses: await resolver.resolve4(name), address: server }
  } catch (error) {
    const code = codeOf(error)
    if (ANSWERS.has(code)) return { address: server, code, message: `the answer has no address of ${name}` }
    if (code === 'ETIMEOUT') throw new ProbeFailure('dns', 'TIMEOUT', `${server} does not answer`)
    const said =
      code === 'ECONNREFUSED'
        ? `port ${port || 53} of ${server} is closed, or cannot be reached`
        : `${server}: ${code}`
    throw new ProbeFailure('dns', code, said)
  } finally {
    stop.removeEventListener('abort', cancel)
  }
}
