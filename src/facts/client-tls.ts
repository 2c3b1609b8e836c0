import { type AsReading, asReading, defineFact, type Fact } from '../model/fact.ts'
import { type StatSource, stat } from '../model/source.ts'
import { clientEnvironment, clientFolder } from './client-endpoint.ts'

export interface ClientCertificate {
  readonly path: string
  /** null where this user cannot see it. */
  readonly exists: boolean | null
}

/** The authority that DOCKER_TLS_VERIFY makes the client look for; null where it is not set. @see https://docs.docker.com/engine/security/protect-access/ */
export const clientCertificate: Fact<ClientCertificate | null> = defineFact({
  name: 'clientCertificate',
  about: 'The certificate authority that DOCKER_TLS_VERIFY demands; null where that is not set.',
  needs: { environment: clientEnvironment, folder: clientFolder },
  reads: ({ environment, folder }): Record<string, AsReading<StatSource>> => {
    const path = pathOf(environment.certPath, folder)
    return environment.tlsVerify && path ? { ca: asReading(stat(path)) } : {}
  },
  reading: 'ca.pem in $DOCKER_CERT_PATH or ~/.docker (where DOCKER_TLS_VERIFY is set)',
  parse: ({ ca }, { environment, folder }): ClientCertificate | null => {
    const path = pathOf(environment.certPath, folder)
    if (!ca || !path) return null
    return { path, exists: ca.state === 'ok' ? true : ca.state === 'absent' ? false : null }
  },
})

const pathOf = (certPath: string, folder: string | null): string | null => {
  const place = certPath || folder
  return place === null ? null : `${place.replace(/\/+$/, '')}/ca.pem`
}
