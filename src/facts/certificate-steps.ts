/** What people do about certificates that are not accepted. */
import { type Fix, manualFix } from '../model/fix.ts'
import type { CertificateTrouble } from './certificate-trouble.ts'
import { CERTS } from './certs-folders.ts'

/** No restart is needed. @see https://docs.docker.com/engine/security/certificates/ */
const trustIssuer = (registry: string): Fix =>
  manualFix(
    "Trust the registry's authority",
    `Put the certificate of the authority that signed for ${registry} at ${CERTS}/${registry}/ca.crt, in PEM (no restart needed). Get it from those who run the registry.`,
  )
const completeChain = (registry: string): Fix =>
  manualFix(
    'Send the whole chain, or trust its authority',
    `Let ${registry} send the intermediate certificates with its own; or put the certificate of their authority at ${CERTS}/${registry}/ca.crt.`,
  )
const trustProxy = manualFix(
  'Trust what opens the connections, or go round it',
  'Have registries exempted from inspection; or add the certificate of the inspecting proxy to this system (update-ca-certificates, update-ca-trust) and restart the engine.',
)
const mendCertificate = (registry: string): Fix =>
  manualFix(
    'Set the clock, or have the certificate renewed',
    `Compare the clock (date -u) with another. If it is right, those who run ${registry} must install a certificate that is valid now.`,
  )
const rename = (registry: string): Fix =>
  manualFix(
    'Use a name that the certificate is for',
    `Name the registry in images as its certificate does, or have one issued with ${registry.replace(/:\d+$/, '')} among its names (subjectAltName).`,
  )

/** What makes the engine accept the certificate of a registry. */
export function cureFor(registry: string, { kind }: CertificateTrouble, isPublic: boolean): Fix {
  if (kind === 'wrongName') return rename(registry)
  if (kind !== 'untrusted' && kind !== 'incomplete') return mendCertificate(registry)
  if (isPublic) return trustProxy
  return kind === 'untrusted' ? trustIssuer(registry) : completeChain(registry)
}
