/** For which registries the judged user or root has a login. */
import { parse as parseJson } from 'jsonc-parser'
import { type AsReading, asReading, defineFact, type Fact, maybe, orAbsent } from '../model/fact.ts'
import { environment, type FileSource, file } from '../model/source.ts'
import { clientConfig, clientFolder } from './client-endpoint.ts'
import { type JsonRecord, recordOf, textOf } from './json.ts'
import { judgedUser } from './judged-user.ts'

const OF_ROOT = '/root/.docker/config.json'

export interface RegistryLogins {
  readonly names: ReadonlySet<string>
  /** There is no other place where a login could be. */
  readonly complete: boolean
  /** Whose they are, in words. */
  readonly whose: string
}

/** A key of `auths`: a name, or a URL as older clients wrote it. */
export const registryOfLogin = (key: string): string =>
  key
    .replace(/^https?:\/\//i, '')
    .replace(/\/.*$/, '')
    .toLowerCase()

export const loginsIn = (config: JsonRecord): readonly string[] =>
  Object.keys({ ...recordOf(config.auths), ...recordOf(config.credHelpers) }).map(registryOfLogin)

/** People call the client as themselves or with sudo, so root's logins count as well. */
export const registryLogins: Fact<RegistryLogins> = defineFact({
  name: 'registryLogins',
  about: 'The registries that the judged user or root is logged in to.',
  needs: { own: maybe(clientConfig), folder: clientFolder, user: judgedUser, elsewhere: isElsewhere() },
  reads: ({ folder }): Record<string, AsReading<FileSource>> =>
    `${folder}/config.json` === OF_ROOT ? {} : { root: asReading(file(OF_ROOT)) },
  reading: `${OF_ROOT}, where the judged user is not root`,
  parse: ({ root }, { own, user, elsewhere }): RegistryLogins => {
    const ofRoot = root?.state === 'ok' ? recordOf(parseJson(root.value)) : {}
    const configs = [own.known ? (own.value?.value ?? {}) : {}, ofRoot]
    const seen = own.known && (!root || root.state === 'ok' || root.state === 'absent')
    return {
      names: new Set(configs.flatMap(loginsIn)),
      complete: seen && !elsewhere && configs.every(({ credsStore }) => textOf(credsStore) === ''),
      whose: user.name === 'root' ? 'root' : `${user.name} or root`,
    }
  },
})

/** @see https://docs.docker.com/reference/cli/docker/#environment-variables */
function isElsewhere(): Fact<boolean> {
  return defineFact({
    name: 'loginsElsewhere',
    about: 'Logins are given in the environment.',
    reads: { given: orAbsent(environment('DOCKER_AUTH_CONFIG')) },
    parse: ({ given }): boolean => given !== null,
  })
}
