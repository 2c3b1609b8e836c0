/** The client's config.json as a file, and the programs that it names. */

import { parseDaemonJson } from '../daemon-json/index.ts'
import { type AsReading, asReading, defineFact, type Fact, orAbsent } from '../model/fact.ts'
import { environment, type FileSource, file, type Stat, type StatSource, stat } from '../model/source.ts'
import { clientConfig, clientFolder } from './client-endpoint.ts'
import { recordOf, textOf } from './json.ts'
import { type JudgedUser, judgedUser } from './judged-user.ts'
import { PROGRAM_FOLDERS } from './programs.ts'

export type ClientConfigState =
  | { readonly state: 'absent' }
  | { readonly state: 'denied'; readonly path: string }
  | { readonly state: 'invalid'; readonly path: string }
  | { readonly state: 'valid'; readonly path: string }

type ConfigReadings = { config?: AsReading<FileSource>; meta?: AsReading<StatSource> }

/** Root, who reads everything, is not asked for; `sudo docker login` leaves such a file to its caller. */
const isClosedTo = ({ exists, isSelf, uid }: JudgedUser, meta: Stat): boolean =>
  exists && !isSelf && uid !== 0 && (meta.mode & (meta.uid === uid ? 0o400 : 0o044)) === 0

export const clientConfigState: Fact<ClientConfigState> = defineFact({
  name: 'clientConfigState',
  about: "Whether the client's config.json can be read and is JSON.",
  needs: { folder: clientFolder, user: judgedUser },
  reads: ({ folder }): ConfigReadings => {
    const path = `${folder}/config.json`
    return folder === null ? {} : { config: asReading(file(path)), meta: asReading(stat(path)) }
  },
  reading: 'config.json in ~/.docker or $DOCKER_CONFIG',
  parse: ({ config, meta }, { folder, user }): ClientConfigState => {
    const path = `${folder}/config.json`
    if (!config || config.state === 'absent') return { state: 'absent' }
    if (config.state === 'ok' && meta?.state === 'ok' && isClosedTo(user, meta.value))
      return { state: 'denied', path }
    if (config.state === 'ok')
      return { state: parseDaemonJson(config.value).valid ? 'valid' : 'invalid', path }
    // Whether another user may read their own file, this one cannot tell; and HOME may be somebody else's, as after su.
    const isOwn = user.isSelf && user.home !== '' && path.startsWith(`${user.home}/`)
    return config.state === 'denied' && isOwn ? { state: 'denied', path } : { state: 'absent' }
  },
})

/** Credential helpers that config.json names, without the `docker-credential-` of their programs. */
const named: Fact<readonly string[]> = defineFact({
  name: 'credentialHelpers',
  about: "The credential helpers that the client's config.json names.",
  needs: { config: clientConfig },
  parse: (_, { config }): readonly string[] => {
    const value = config?.value ?? {}
    const all = [textOf(value.credsStore), ...Object.values(recordOf(value.credHelpers)).map(textOf)]
    return [...new Set(all)].filter((name) => /^[\w.-]+$/.test(name))
  },
})

/** Helpers that are in none of the folders of PATH. @see https://docs.docker.com/reference/cli/docker/login/#credential-helpers */
export const missingHelpers: Fact<readonly string[]> = defineFact({
  name: 'missingHelpers',
  about: 'Programs of credential helpers that config.json names and that PATH does not have.',
  needs: { named, folders: searchedFolders() },
  reads: ({ named, folders }): Record<string, AsReading<StatSource>> =>
    Object.fromEntries(
      named
        .flatMap((name) => folders.map((folder) => `${folder}/docker-credential-${name}`))
        .map((path) => [path, asReading(stat(path))]),
    ),
  reading: 'each credential helper, in the folders of PATH',
  parse: (readings, { named, folders }): readonly string[] =>
    named
      .map((name) => `docker-credential-${name}`)
      .filter((program) => folders.every((folder) => readings[`${folder}/${program}`]?.state === 'absent')),
})

function searchedFolders(): Fact<readonly string[]> {
  return defineFact({
    name: 'searchedFolders',
    about: 'The folders of PATH and of every service.',
    reads: { path: orAbsent(environment('PATH')) },
    parse: ({ path }): readonly string[] => [
      ...new Set([
        ...PROGRAM_FOLDERS,
        '/snap/bin',
        ...(path ?? '').split(':').filter((folder) => folder.startsWith('/')),
      ]),
    ],
  })
}
