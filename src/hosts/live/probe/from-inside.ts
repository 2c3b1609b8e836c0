/**
 * What a probe does once it is inside another network: run there by a Node of its own, as the text of this function. So it may use nothing
 * but what Node brings.
 */
import type { ProbeAnswer } from '../../../model/source.ts'

export interface InsideQuestion {
  readonly scheme: 'tcp' | 'udp' | 'dns'
  readonly address: string
  readonly port: number
  /** Of `dns`. */
  readonly name: string
  /** Of `udp`: bytes in the packet, its headers included. */
  readonly bytes: number
  readonly timeoutMs: number
}

/** Writes a {@link ProbeAnswer} as JSON to the standard output, once. */
export function askFromInside({ scheme, address, port, name, bytes, timeoutMs }: InsideQuestion): void {
  const net = process.getBuiltinModule('node:net')
  const dns = process.getBuiltinModule('node:dns')
  const dgram = process.getBuiltinModule('node:dgram')
  const started = Date.now()
  const stage = scheme === 'dns' ? 'dns' : 'tcp'
  let said = false
  const say = (ok: boolean, code?: string, more: Partial<ProbeAnswer> = {}): void => {
    if (said) return
    said = true
    const failed = ok ? {} : { stage, message: code === 'TIMEOUT' ? 'no answer' : `${address}: ${code}` }
    const answer = {
      ok,
      address,
      ...(code ? { code } : {}),
      ...failed,
      ...more,
      timings: { [stage]: Date.now() - started },
    }
    process.stdout.write(JSON.stringify(answer), () => process.exit(0))
  }
  const codeOf = (error: NodeJS.ErrnoException | null): string => error?.code ?? 'ERROR'
  setTimeout(() => say(false, 'TIMEOUT'), timeoutMs)
  if (scheme === 'tcp') {
    const socket = net.connect({ host: address, port, autoSelectFamily: false })
    socket.once('connect', () => say(true))
    socket.on('error', (error: NodeJS.ErrnoException) => say(false, codeOf(error)))
  } else if (scheme === 'dns') {
    const resolver = new dns.Resolver({ timeout: Math.max(500, Math.floor(timeoutMs / 3)), tries: 2 })
    resolver.setServers([`${net.isIPv6(address) ? `[${address}]` : address}:${port}`])
    resolver.resolve4(name, (error, addresses) => {
      if (!error) return say(true, undefined, { addresses })
      const code = codeOf(error)
      // The server answered, though not with an address.
      const answered = /^E(NODATA|NOTFOUND|SERVFAIL|REFUSED|NOTIMP|FORMERR|BADRESP)$/.test(code)
      say(answered, code === 'ETIMEOUT' ? 'TIMEOUT' : code)
    })
  } else {
    // A connected socket is told of what ICMP says: that the port is closed (it arrived), or that the packet is too large.
    const socket = dgram.createSocket(net.isIPv6(address) ? 'udp6' : 'udp4')
    const datagram = Buffer.alloc(Math.max(0, bytes - (net.isIPv6(address) ? 48 : 28)))
    socket.on('message', () => say(true))
    socket.on('error', (error: NodeJS.ErrnoException) => {
      const code = codeOf(error)
      say(code === 'ECONNREFUSED', code)
    })
    const send = (): void => {
      if (!said) socket.send(datagram)
    }
    socket.connect(port, address, () => {
      send()
      // The first may only have taught the kernel the size of the way; the second then fails at once.
      setTimeout(send, Math.floor(timeoutMs / 3))
    })
  }
}
