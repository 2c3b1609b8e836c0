/** The certificates of the registries in use that the engine will not accept, or soon will not. */
import { defineFact, type Fact, maybe } from '../model/fact.ts'
import { type CertificateTrouble, certificateTrouble } from './certificate-trouble.ts'
import { type MisplacedFolder, misplacedFolders } from './certs-misplaced.ts'
import { now } from './clock.ts'
import { engineProxies, proxiesInForce } from './engine-proxies.ts'
import { standInMirror } from './mirror-stands-in.ts'
import { bypassesProxy } from './proxy-bypass.ts'
import { HUB, hubAnswers } from './registries.ts'
import { registriesInUse, registryAnswers, type Sign, urlsOf } from './registries-in-use.ts'

export interface DoubtedRegistry {
  readonly name: string
  readonly trouble: CertificateTrouble
  /** All that leads there, where it may be of long ago: images can have been built or loaded here, and logins are kept for ever. */
  readonly trace: 'image' | 'login' | null
  /** Everybody's: its certificate is one that every system trusts. */
  readonly isPublic: boolean
}

const PUBLIC =
  /^(?:registry-1\.docker\.io|ghcr\.io|quay\.io|(?:[\w-]+\.)?gcr\.io|registry\.k8s\.io|mcr\.microsoft\.com|public\.ecr\.aws|nvcr\.io|registry\.gitlab\.com)$/i

const hubTrouble: Fact<CertificateTrouble | null> = defineFact({
  name: 'hubCertificateTrouble',
  about: "What is wrong with Docker Hub's certificate as seen from here; null also where a mirror stands in.",
  needs: {
    hub: maybe(hubAnswers),
    mirror: maybe(standInMirror),
    proxies: engineProxies,
    now,
  },
  parse: (_, { hub, mirror, proxies, now }): CertificateTrouble | null => {
    const { https, noProxy } = proxiesInForce(proxies)
    const answer = hub.known ? hub.value.get(HUB.registry) : undefined
    const direct = https === '' || bypassesProxy(noProxy, 'registry-1.docker.io')
    return answer && direct && mirror.known && mirror.value === null ? certificateTrouble(answer, now) : null
  },
})

const onlyTrace = (signs: ReadonlySet<Sign>): DoubtedRegistry['trace'] =>
  (['image', 'login'] as const).find((trace) => signs.size === 1 && signs.has(trace)) ?? null

export interface RegistryCertificates {
  readonly doubted: readonly DoubtedRegistry[]
  /** How many were seen and are fine. */
  readonly verified: number
}

export const registryCertificates: Fact<RegistryCertificates> = defineFact({
  name: 'registryCertificates',
  about: 'The certificates of the registries in use, judged with what the engine trusts.',
  needs: {
    registries: registriesInUse,
    answers: registryAnswers,
    misplaced: misplacedFolders,
    hub: hubTrouble,
    now,
  },
  parse: (_, { registries, answers, misplaced, hub, now }): RegistryCertificates => {
    const seen = registries
      .filter(({ name, insecure }) => !insecure && !isExplained(name, misplaced))
      .flatMap((registry) => {
        const answer = answers.get(urlsOf(registry)[0] ?? '')
        return answer?.certificate || answer?.stage === 'tls' ? [{ registry, answer }] : []
      })
    const doubted = seen.flatMap(({ registry: { name, signs }, answer }) => {
      const trouble = certificateTrouble(answer, now)
      const isPublic = PUBLIC.test(name)
      if (!trouble || (isPublic && trouble.kind === 'expiresSoon')) return []
      return [{ name, trouble, isPublic, trace: onlyTrace(signs) }]
    })
    const ofHub = { name: 'registry-1.docker.io', isPublic: true, trace: null }
    const withHub = hub && hub.kind !== 'expiresSoon' ? [{ ...ofHub, trouble: hub }, ...doubted] : doubted
    return { doubted: withHub, verified: seen.length - doubted.length }
  },
})

const isExplained = (name: string, misplaced: readonly MisplacedFolder[]): boolean =>
  misplaced.some(({ meant }) => meant === name)
