/** Which engine the docker command of the judged user talks to: environment, context, default. */
import { parse as parseJson } from 'jsonc-parser'
import {
  type AsReading,
  asReading,
  defineFact,
  type Fact,
  type OrAbsent,
  orAbsent,
  unavailable,
} from '../model/fact.ts'
import { type DirectorySource, directory, environment, type FileSource, file } from '../model/source.ts'
import { ENGINE_SOCKET } from './engine.ts'
import { type JsonRecord, recordOf, textOf } from './json.ts'
import { judgedUser } from './judged-user.ts'

/** The variables of the environment that the client obeys, where this process runs as the judged user; else empty. */
export interface ClientEnvironment {
  readonly host: string
  readonly context: string
  /** Any value but the empty one demands TLS. */
  readonly tlsVerify: string
  readonly certPath: string
  readonly apiVersion: string
  readonly config: string
  /** The environment is that of the judged user. */
  readonly isTheirs: boolean
}

const VARIABLES = {
  host: 'DOCKER_HOST',
  context: 'DOCKER_CONTEXT',
  tlsVerify: 'DOCKER_TLS_VERIFY',
  certPath: 'DOCKER_CERT_PATH',
  apiVersion: 'DOCKER_API_VERSION',
  config: 'DOCKER_CONFIG',
} as const

/** @see https://docs.docker.com/reference/cli/docker/#environment-variables */
export const clientEnvironment: Fact<ClientEnvironment> = defineFact({
  name: 'clientEnvironment',
  about: "The judged user's variables that docker's client obeys; sudo leaves them behind.",
  needs: { user: judgedUser },
  reads: {
    host: orAbsent(environment(VARIABLES.host)),
    context: orAbsent(environment(VARIABLES.context)),
    tlsVerify: orAbsent(environment(VARIABLES.tlsVerify)),
    certPath: orAbsent(environment(VARIABLES.certPath)),
    apiVersion: orAbsent(environment(VARIABLES.apiVersion)),
    config: orAbsent(environment(VARIABLES.config)),
  },
  parse: (values, { user }): ClientEnvironment => {
    const theirs = (value: string | null): string => (user.isSelf ? (value ?? '').trim() : '')
    return {
      host: theirs(values.host),
      context: theirs(values.context),
      tlsVerify: theirs(values.tlsVerify),
      certPath: theirs(values.certPath),
      apiVersion: theirs(values.apiVersion),
      config: theirs(values.config),
      isTheirs: user.isSelf,
    }
  },
})

/** The client's folder: `$DOCKER_CONFIG`, or ~/.docker; null where the user has no home. */
export const clientFolder: Fact<string | null> = defineFact({
  name: 'clientFolder',
  about: "The folder of docker's client configuration; null for a user without a home.",
  needs: { user: judgedUser, environment: clientEnvironment },
  reads: { home: orAbsent(environment('HOME')) },
  parse: ({ home }, { user, environment }): string | null => {
    if (environment.config) return environment.config
    const folder = user.isSelf ? home || user.home : user.home
    return folder.startsWith('/') ? `${folder.replace(/\/+$/, '')}/.docker` : null
  },
})

export interface ClientConfig {
  readonly path: string
  readonly value: JsonRecord
}

/**
 * ~/.docker/config.json, as far as it can be understood; null where there is none.
 * One that its own user may not read is none: the client passes over it as well.
 */
export const clientConfig: Fact<ClientConfig | null> = defineFact({
  name: 'clientConfig',
  about: "The client's config.json, as far as it can be understood; null where there is none.",
  needs: { folder: clientFolder, user: judgedUser },
  reads: ({ folder }): Record<string, AsReading<FileSource>> =>
    folder === null ? {} : { config: asReading(file(`${folder}/config.json`)) },
  reading: 'config.json in ~/.docker or $DOCKER_CONFIG',
  parse: ({ config }, { folder, user }): ClientConfig | null => {
    const path = `${folder}/config.json`
    if (config?.state === 'ok') return { path, value: recordOf(parseJson(config.value)) }
    const none = !config || config.state === 'absent' || (config.state === 'denied' && user.isSelf)
    return none ? null : unavailable(path, config)
  },
})

export interface Context {
  readonly name: string
  readonly host: string
}

const contextFolders: Fact<readonly string[]> = defineFact({
  name: 'contextFolders',
  about: "The folders of the client's contexts, each named by a hash.",
  needs: { folder: clientFolder },
  reads: ({ folder }): Record<string, OrAbsent<DirectorySource>> =>
    folder === null ? {} : { meta: orAbsent(directory(`${folder}/contexts/meta`)) },
  reading: '~/.docker/contexts/meta/',
  parse: ({ meta }, { folder }): readonly string[] =>
    (meta ?? [])
      .filter((name) => name.endsWith('/'))
      .map((name) => `${folder}/contexts/meta/${name}meta.json`),
})

/** The contexts that the client knows, beside `default`. @see https://docs.docker.com/engine/manage-resources/contexts/ */
export const clientContexts: Fact<readonly Context[]> = defineFact({
  name: 'clientContexts',
  about: "The client's contexts with the address each leads to.",
  needs: { paths: contextFolders },
  reads: ({ paths }): Record<string, AsReading<FileSource>> =>
    Object.fromEntries(paths.map((path) => [path, asReading(file(path))])),
  reading: '~/.docker/contexts/meta/*/meta.json',
  parse: (readings): readonly Context[] =>
    Object.values(readings).flatMap((reading) => {
      const meta = reading.state === 'ok' ? recordOf(parseJson(reading.value)) : {}
      const name = textOf(meta.Name)
      return name ? [{ name, host: textOf(recordOf(recordOf(meta.Endpoints).docker).Host) }] : []
    }),
})

export interface ClientEndpoint {
  /** e.g. `unix:///var/run/docker.sock`; null where a context is named that does not exist. */
  readonly host: string | null
  /** The context in force; empty where DOCKER_HOST decides, `default` where nothing does. */
  readonly context: string
  /** What decides: a variable, the client's configuration, or nothing. */
  readonly from: 'DOCKER_HOST' | 'DOCKER_CONTEXT' | 'config.json' | 'default'
}

export const DEFAULT_ENDPOINT = `unix://${ENGINE_SOCKET}`

/** In the client's order of precedence. @see https://docs.docker.com/engine/manage-resources/contexts/ */
export const clientEndpoint: Fact<ClientEndpoint> = defineFact({
  name: 'clientEndpoint',
  about: 'The address that the docker command of the judged user talks to, and what decides it.',
  needs: { environment: clientEnvironment, config: clientConfig, contexts: clientContexts },
  parse: (_, { environment, config, contexts }): ClientEndpoint => {
    if (environment.host) return { host: environment.host, context: '', from: 'DOCKER_HOST' }
    const current = textOf(config?.value.currentContext)
    const from = environment.context ? 'DOCKER_CONTEXT' : current ? 'config.json' : 'default'
    const context = environment.context || current || 'default'
    if (context === 'default') return { host: DEFAULT_ENDPOINT, context, from: 'default' }
    return { host: contexts.find(({ name }) => name === context)?.host ?? null, context, from }
  },
})

/** The address is the one socket of the system's engine. */
export const isSystemEngine = (host: string | null): boolean =>
  host === DEFAULT_ENDPOINT || host === 'unix:///run/docker.sock'
