/** Folders of certs.d that were meant for a registry with a port. */
import { defineFact, type Fact, maybe } from '../model/fact.ts'
import { certificateTrouble } from './certificate-trouble.ts'
import { type CertsFolder, certsFolders } from './certs-folders.ts'
import { now } from './clock.ts'
import { type LogSources, logOf, logText } from './engine-log.ts'
import { type Registry, registriesInUse, registryAnswers, urlsOf } from './registries-in-use.ts'
import { serviceManager } from './service-manager.ts'

export interface MisplacedFolder {
  readonly folder: CertsFolder
  /** The registry that it is meant for; null where only this is known: at port 443 of that host nothing listens. */
  readonly meant: string | null
}

const hasPort = (name: string): boolean => /:\d+$/.test(name)

const isForPort443 = (folder: CertsFolder, all: readonly CertsFolder[]): boolean =>
  !hasPort(folder.name) && !all.some(({ name }) => hasPort(name) && name.startsWith(`${folder.name}:`))

/** Registries with a port that the engine has refused, in its own words, for a certificate that it does not trust. Never throws. */
export const distrustedIn = (log: string): ReadonlySet<string> =>
  new Set(
    [
      ...log.matchAll(/https:\/\/([\w.-]+:\d+)\/[^\n]{0,200}x509: certificate signed by unknown authority/g),
    ].flatMap(([, name]) => name ?? []),
  )

const distrustedByLog: Fact<ReadonlySet<string>> = defineFact({
  name: 'distrustedByLog',
  about: "Registries whose certificates the engine's log says are not trusted.",
  needs: { folders: certsFolders, services: serviceManager },
  reads: ({ folders, services }): LogSources =>
    folders.some((folder) => isForPort443(folder, folders)) ? logOf(services) : {},
  reading: "the end of the engine's log (where certs.d has a folder without a port)",
  parse: (outputs) => distrustedIn(logText(outputs)),
})

/**
 * A folder without a port is for port 443. It is misplaced where a registry at another port of that host is in use whose
 * certificate is not trusted, or where port 443 refuses; not where the other port has a folder of its own.
 * @see https://docs.docker.com/engine/security/certificates/#understand-the-configuration
 */
export const misplacedFolders: Fact<readonly MisplacedFolder[]> = defineFact({
  name: 'misplacedCertsFolders',
  about: 'Folders of certs.d without a port, where the registry is at another port than 443.',
  needs: {
    folders: certsFolders,
    registries: registriesInUse,
    answers: registryAnswers,
    log: maybe(distrustedByLog),
    now,
  },
  parse: (_, { folders, registries, answers, log, now }): readonly MisplacedFolder[] =>
    folders.flatMap((folder): readonly MisplacedFolder[] => {
      if (!isForPort443(folder, folders)) return []
      const isAtPort = ({ name }: { readonly name: string }) => name.startsWith(`${folder.name}:`)
      const answerOf = (registry: Registry | undefined) => registry && answers.get(urlsOf(registry)[0] ?? '')
      const ofName = (name: string) => registries.find((registry) => registry.name === name)
      const distrusted = registries.filter(isAtPort).find(({ name }) => {
        const answer = answerOf(ofName(name))
        const kind = answer && certificateTrouble(answer, now)?.kind
        return kind === 'untrusted' || kind === 'incomplete'
      })
      if (distrusted) return [{ folder, meant: distrusted.name }]
      const own = ofName(folder.name)
      const answer = own?.insecure ? undefined : answerOf(own)
      if (answer?.stage !== 'tcp' || answer.code !== 'ECONNREFUSED') return []
      const [byLog, ...others] = [...(log.known ? log.value : [])].filter((name) => isAtPort({ name }))
      return [{ folder, meant: byLog && others.length === 0 ? byLog : null }]
    }),
})
