/** What is wrong with the certificate that a server showed. */
import type { ProbeAnswer } from '../model/source.ts'

export type CertificateTrouble =
  /** Signed by nobody whom this host trusts. */
  | { readonly kind: 'untrusted'; readonly reason: string; readonly issuer: string }
  /** The server sends its own certificate alone, and this host does not know who signed it. */
  | { readonly kind: 'incomplete'; readonly issuer: string }
  | { readonly kind: 'expired'; readonly when: string }
  | { readonly kind: 'notYetValid'; readonly when: string }
  | { readonly kind: 'wrongName'; readonly names: string }
  /** It is fine, and will expire in so many days. */
  | { readonly kind: 'expiresSoon'; readonly days: number; readonly when: string }

const DAY_MS = 86_400_000
const SOON_DAYS = 14
/** Certificates that live for days are renewed all the time; only when most of the life is over that has failed. */
const LAST_PART = 0.2

/** Node's names for OpenSSL's results. @see https://nodejs.org/api/tls.html#x509-certificate-error-codes */
const UNTRUSTED =
  /^(?:SELF_SIGNED_CERT_IN_CHAIN|DEPTH_ZERO_SELF_SIGNED_CERT|UNABLE_TO_GET_ISSUER_CERT_LOCALLY|CERT_UNTRUSTED|ERR_NO_CERTIFICATE)$/
/** An intermediate certificate that is not sent looks like this. */
const INCOMPLETE = /^(?:UNABLE_TO_VERIFY_LEAF_SIGNATURE|UNABLE_TO_GET_ISSUER_CERT)$/

/** @param now RFC 3339 */
export function certificateTrouble(answer: ProbeAnswer, now: string): CertificateTrouble | null {
  const { certificate, code = '', message = '' } = answer
  if (answer.stage !== 'tls') return certificate ? expiring(certificate, Date.parse(now)) : null
  const issuer = certificate?.issuer || 'an unknown authority'
  if (UNTRUSTED.test(code)) return { kind: 'untrusted', reason: message || code, issuer }
  if (INCOMPLETE.test(code)) return { kind: 'incomplete', issuer }
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return { kind: 'wrongName', names: certificate?.names.join(', ') || 'no name' }
  const of = (date = ''): string => date.slice(0, 10) || 'an unknown date'
  if (code === 'CERT_HAS_EXPIRED') {
    const own = Date.parse(certificate?.validTo ?? '') <= Date.parse(now)
    const reason = 'the certificate of an authority in its chain has expired'
    return own ? { kind: 'expired', when: of(certificate?.validTo) } : { kind: 'untrusted', reason, issuer }
  }
  return code === 'CERT_NOT_YET_VALID' ? { kind: 'notYetValid', when: of(certificate?.validFrom) } : null
}

type Certificate = NonNullable<ProbeAnswer['certificate']>

function expiring({ validFrom, validTo }: Certificate, now: number): CertificateTrouble | null {
  const [start, end] = [Date.parse(validFrom), Date.parse(validTo)]
  const left = end - now
  if (!(left < SOON_DAYS * DAY_MS) || !(left < (end - start) * LAST_PART)) return null
  return { kind: 'expiresSoon', days: Math.max(0, Math.floor(left / DAY_MS)), when: validTo.slice(0, 10) }
}

/** The same in a few words. */
export function inWords(trouble: CertificateTrouble): string {
  switch (trouble.kind) {
    case 'untrusted':
      return trouble.reason
    case 'incomplete':
      return `it comes alone, and who signed it (${trouble.issuer}) is not known here`
    case 'expired':
      return `it expired on ${trouble.when}`
    case 'notYetValid':
      return `it is valid from ${trouble.when} on`
    case 'wrongName':
      return `it is for ${trouble.names}`
    default:
      return `it expires on ${trouble.when}`
  }
}
