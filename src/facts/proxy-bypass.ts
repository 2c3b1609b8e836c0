/** NO_PROXY as Go reads it. @see https://pkg.go.dev/golang.org/x/net/http/httpproxy#Config */
import { contains, isLoopback, parseAddress, parseCidr } from '../net/cidr.ts'

/** Is a registry (`host`, `host:port`) spoken to without the proxy? */
export function bypassesProxy(noProxy: string, registry: string): boolean {
  const [, host = '', port = '443'] = /^(.*?)(?::(\d+))?$/.exec(registry.toLowerCase()) ?? []
  const name = host.replace(/^\[|\]$/g, '')
  if (name === 'localhost' || isLoopback(name)) return true
  return noProxy.split(',').some((entry) => covers(entry.trim().toLowerCase(), name, port))
}

function covers(entry: string, name: string, port: string): boolean {
  if (entry === '' || entry === '*') return entry === '*'
  const address = parseAddress(name) !== undefined
  if (entry.includes('/')) return address && parseCidr(entry) !== undefined && contains(entry, name)
  if (parseAddress(entry)) return entry === name
  const [, written = '', only] = /^(.*?)(?::(\d+))?$/.exec(entry) ?? []
  if (only !== undefined && only !== port) return false
  if (address) return written.replace(/^\[|\]$/g, '') === name
  const suffix = written.replace(/^\*\./, '.')
  return suffix.startsWith('.') ? name.endsWith(suffix) : name === suffix || name.endsWith(`.${suffix}`)
}
