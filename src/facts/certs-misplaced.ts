/** Folders of certs.d that were meant for a registry with a port. */

import { defineFact, type Fact } from '../model/fact.ts'
import { certificateTrouble } from './certificate-trouble.ts'
import { type CertsFolder, certsFolders } from './certs-folders.ts'
import { now } from './clock.ts'
import { type Registry, registriesInUse, registryAnswers, urlsOf } from './registries-in-use.ts'

export interface MisplacedFolder {
  readonly folder: CertsFolder
  /** The registry that it is meant for; null where only this is known: at port 443 of that host nothing listens. */
  readonly meant: string | null
}

const hasPort = (name: string): boolean => /:\d+$/.test(name)

/**
 * A folder without a port is for port 443. It is misplaced where a registry at another port of that host is in use whose
 * certificate is not trusted, or where port 443 refuses; not where the other port has a folder of its own.
 * @see https://docs.docker.com/engine/security/certificates/#understand-the-configuration
 */
export const misplacedFolders: Fact<readonly MisplacedFolder[]> = defineFact({
  name: 'misplacedCertsFolders',
  about: 'Folders of certs.d without a port, where the registry is at another port than 443.',
  needs: { folders: certsFolders, registries: registriesInUse, answers: registryAnswers, now },
  parse: (_, { folders, registries, answers, now }): readonly MisplacedFolder[] =>
    folders.flatMap((folder): readonly MisplacedFolder[] => {
      const atPorts = (list: readonly { readonly name: string }[]) =>
        list.filter(({ name }) => hasPort(name) && name.startsWith(`${folder.name}:`))
      if (hasPort(folder.name) || atPorts(folders).length > 0) return []
      const answerOf = (registry: Registry | undefined) => registry && answers.get(urlsOf(registry)[0] ?? '')
      const ofName = (name: string) => registries.find((registry) => registry.name === name)
      const distrusted = atPorts(registries).find(({ name }) => {
        const answer = answerOf(ofName(name))
        const kind = answer && certificateTrouble(answer, now)?.kind
        return kind === 'untrusted' || kind === 'incomplete'
      })
      if (distrusted) return [{ folder, meant: distrusted.name }]
      const own = ofName(folder.name)
      const answer = own?.insecure ? undefined : answerOf(own)
      return answer?.stage === 'tcp' && answer.code === 'ECONNREFUSED' ? [{ folder, meant: null }] : []
    }),
})
