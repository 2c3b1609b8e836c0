/** The TLS handshake: finished whatever the certificate is, so that it can be shown, and judged afterwards. */
import type { X509Certificate } from 'node:crypto'
import { isIP, type Socket } from 'node:net'
import { checkServerIdentity, connect, type PeerCertificate, type TLSSocket } from 'node:tls'
import type { ProbeAnswer } from '../../../model/source.ts'
import { failureFrom, ProbeFailure } from './failure.ts'
import type { Trust } from './trust.ts'

type Certificate = NonNullable<ProbeAnswer['certificate']>

export interface Handshake {
  readonly socket: TLSSocket
  readonly certificate?: Certificate
}

/** OpenSSL's words for the codes of a chain that does not verify. */
const SAYINGS: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'the certificate has expired',
  CERT_NOT_YET_VALID: 'the certificate is not valid yet',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'the certificate is self-signed and not trusted by this host',
  SELF_SIGNED_CERT_IN_CHAIN: 'the chain ends in an authority that this host does not trust',
  UNABLE_TO_GET_ISSUER_CERT: 'an authority of the chain is missing',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'signed by an authority that this host does not trust',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    'signed by an authority that this host does not trust, or an intermediate certificate is not sent',
  CERT_REVOKED: 'the certificate is revoked',
  INVALID_PURPOSE: 'the certificate is not meant for a server',
}

/**
 * Nothing is sent on the connection until the certificate has been judged.
 * @throws {ProbeFailure} with the certificate when the handshake came so far
 */
export function shakeHands(socket: Socket, host: string, { context, empty }: Trust): Promise<Handshake> {
  return new Promise((resolve, reject) => {
    let identityError: Error | undefined
    const secure = connect({
      socket,
      host,
      servername: isIP(host) ? '' : host,
      secureContext: context,
      rejectUnauthorized: false,
      ALPNProtocols: ['http/1.1'],
      checkServerIdentity: (name: string, peer: PeerCertificate): Error | undefined => {
        identityError = identify(name, peer)
        return identityError
      },
    })
    const failed = (error: unknown): void => reject(failureFrom('tls', error))
    secure.once('error', failed)
    secure.once('close', () => failed(closedEarly()))
    secure.once('secureConnect', () => {
      secure.removeListener('error', failed)
      const certificate = certificateOf(secure.getPeerX509Certificate())
      const found = certificate ? { certificate } : {}
      if (secure.authorized) return resolve({ socket: secure, ...found })
      const code = String(secure.authorizationError)
      secure.on('error', () => undefined).destroy()
      const hint = empty ? '; this host has no certificates of authorities (package ca-certificates)' : ''
      const saying = identityError?.message ?? SAYINGS[code] ?? code
      reject(new ProbeFailure('tls', code, `${saying}${hint}`, found))
    })
  })
}

const closedEarly = (): Error =>
  Object.assign(new Error('the other side closed the connection during the handshake'), {
    code: 'ECONNRESET',
  })

/** As Go judges: the common name does not count, only the names and addresses that the certificate is for. */
function identify(name: string, peer: PeerCertificate): Error | undefined {
  if (!peer.subjectaltname) {
    const error = new Error(`the certificate is for no name (SAN), so not for ${name}`)
    return Object.assign(error, { code: 'ERR_TLS_CERT_ALTNAME_INVALID' })
  }
  const error = checkServerIdentity(name, peer)
  if (!error) return undefined
  const message = `the certificate is for ${namesIn(peer.subjectaltname).join(', ')}, not for ${name}`
  return Object.assign(new Error(message), { code: 'ERR_TLS_CERT_ALTNAME_INVALID' })
}

const certificateOf = (x509: X509Certificate | undefined): Certificate | undefined =>
  x509 && {
    subject: x509.subject?.replaceAll('\n', ', ') ?? '',
    issuer: x509.issuer?.replaceAll('\n', ', ') ?? '',
    names: namesIn(x509.subjectAltName ?? ''),
    validFrom: rfc3339(x509.validFrom),
    validTo: rfc3339(x509.validTo),
  }

/** `DNS:a.example, IP Address:10.0.0.1`; a name with odd characters comes quoted. */
const namesIn = (text: string): string[] =>
  [...text.matchAll(/(?:DNS|IP Address):("(?:[^"\\]|\\.)*"|[^,]*)/g)].map(([, name = '']) =>
    name.startsWith('"') ? name.slice(1, -1) : name.trim(),
  )

const rfc3339 = (text: string): string => {
  const time = new Date(text)
  return Number.isNaN(time.getTime()) ? text : time.toISOString()
}
