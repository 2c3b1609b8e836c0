/** What a probe's URL asks for. */
import { isIP } from 'node:net'
import { ProbeFailure } from './failure.ts'

export type Scheme = 'http' | 'https' | 'tcp' | 'tls' | 'dns' | 'proxy'

export interface Target {
  readonly scheme: Scheme
  /** A name, or an address without brackets. */
  readonly host: string
  /** 0 for `dns`. */
  readonly port: number
  /** Path and query of a request; of `proxy`, behind the slash, the URL that it is asked for. */
  readonly path: string
}

const DEFAULT_PORT: Readonly<Record<Scheme, number | null>> = {
  http: 80,
  https: 443,
  tcp: null,
  tls: 443,
  dns: 0,
  proxy: null,
}

const isScheme = (text: string): text is Scheme => Object.hasOwn(DEFAULT_PORT, text)

/** No leading dash: a name is also handed to a program. */
const NAME = /^[\w](?:[\w.-]{0,252})$/

/**
 * A login in the URL is dropped: probing shows whether the other side answers, not what it lets whom do.
 * @throws {ProbeFailure} at stage `url`
 */
export function targetOf(text: string): Target {
  const [, scheme = '', rest = ''] = /^([a-z][a-z0-9+.-]*):\/\/(.*)$/is.exec(text.trim()) ?? []
  const known = scheme.toLowerCase()
  if (!isScheme(known)) throw invalid('UNSUPPORTED_SCHEME', `cannot probe "${scheme}:"`)
  // Read as http: other schemes are not taken apart in full.
  const url = parsed(`http://${rest}`)
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '')
  if (!isIP(host) && !NAME.test(host)) throw invalid('ERR_INVALID_URL', 'is not the name of a host')
  return { scheme: known, host, port: portOf(known, rest, url), path: `${url.pathname}${url.search}` }
}

function portOf(scheme: Scheme, rest: string, url: URL): number {
  if (url.port !== '') return Number(url.port)
  // `:80` vanishes in parsing, being the default of http.
  const written = /^[^/?#]*:80(?=[/?#]|$)/.test(rest)
  const port = written ? 80 : DEFAULT_PORT[scheme]
  if (port === null) throw invalid('ERR_INVALID_URL', 'names no port')
  return port
}

function parsed(text: string): URL {
  try {
    return new URL(text)
  } catch {
    throw invalid('ERR_INVALID_URL', 'is not a URL')
  }
}

const invalid = (code: string, message: string): ProbeFailure => new ProbeFailure('url', code, message)
