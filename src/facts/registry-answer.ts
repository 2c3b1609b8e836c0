/** What a registry's answer to `GET /v2/` means. */
import type { ProbeAnswer } from '../model/source.ts'

export type RegistryHealth =
  | { readonly state: 'healthy'; readonly milliseconds: number }
  /** Nothing answers; `reason` in words, the stage first. */
  | { readonly state: 'unreachable'; readonly reason: string }
  /** HTTPS answers with a certificate that the engine will not trust. */
  | { readonly state: 'untrusted'; readonly reason: string }
  /** `http://` was written, and the port speaks TLS. */
  | { readonly state: 'speaksTls' }
  /** `https://` was written, and the port speaks plain HTTP. */
  | { readonly state: 'speaksHttp' }
  /** It answers, and refuses: 403, 429, an allow-list. */
  | { readonly state: 'restricted'; readonly reason: string }
  /** It answers, and is no registry (404, a web page) or is broken (5xx). */
  | { readonly state: 'notARegistry'; readonly reason: string }

const STAGES: Readonly<Record<string, string>> = {
  url: 'the URL cannot be used',
  dns: 'the name does not resolve',
  tcp: 'no connection',
  tls: 'TLS fails',
  http: 'no answer over HTTP',
}

/** OpenSSL's words for "this is no TLS". */
const PLAIN_HTTP = /WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST/i
/** Node's codes for a certificate that does not verify. */
const UNTRUSTED = /CERT|SELF_SIGNED|ISSUER|ALTNAME|VERIFY/i

/** Judges an answer by status and content: 401 asks for a token, and is as healthy as 200. */
export function registryHealth(answer: ProbeAnswer): RegistryHealth {
  if (!answer.ok) return unanswered(answer)
  const status = answer.status ?? 0
  const body = answer.body ?? ''
  if (status === 400 && /HTTP request to an HTTPS server/i.test(body)) return { state: 'speaksTls' }
  if (status === 401) return healthy(answer)
  if (status === 200) {
    const page = /text\/html/i.test(answer.headers?.['content-type'] ?? '')
    return page ? { state: 'notARegistry', reason: 'it answers with a web page' } : healthy(answer)
  }
  if (status === 403 || status === 429 || status === 451 || status === 407) {
    return { state: 'restricted', reason: `HTTP ${status}${status === 429 ? ', too many requests' : ''}` }
  }
  return { state: 'notARegistry', reason: `HTTP ${status} for /v2/` }
}

function healthy(answer: ProbeAnswer): RegistryHealth {
  const milliseconds = Object.values(answer.timings).reduce((sum, ms) => sum + ms, 0)
  return { state: 'healthy', milliseconds: Math.round(milliseconds) }
}

function unanswered({ stage = 'tcp', code = '', message = '' }: ProbeAnswer): RegistryHealth {
  if (stage === 'tls' && PLAIN_HTTP.test(`${code} ${message}`)) return { state: 'speaksHttp' }
  if (stage === 'tls' && UNTRUSTED.test(code)) return { state: 'untrusted', reason: message || code }
  const what = STAGES[stage] ?? stage
  return { state: 'unreachable', reason: code ? `${what} (${code})` : what }
}
