/** Release lines and API levels, looked up. */
import type { Datasets } from '../data/schemas.ts'
import { type AsReading, asReading, defineFact, type Fact, maybe } from '../model/fact.ts'
import { type CommandSource, command } from '../model/source.ts'
import { compareVersions } from '../versions.ts'
import { runningEngine } from './engine.ts'

type EngineLines = Datasets['engine-lines']

/** The release line of a version; null for one that is newer than what is known here, or none. */
export const lineOf = (version: string, { lines }: EngineLines): EngineLines['lines'][number] | null =>
  lines.find(({ line }) => version === line || version.startsWith(`${line}.`)) ?? null

/** The newest API that a client speaks; null where its version is not known. */
export const clientApi = (version: string, { clientApi }: EngineLines): string | null =>
  /^\d/.test(version)
    ? (clientApi.findLast(({ since }) => compareVersions(version, since) >= 0)?.api ?? null)
    : null

/** `MAJOR.MINOR`, as DOCKER_API_VERSION wants it. */
export const isApiVersion = (text: string): boolean => /^\d+\.\d+$/.test(text)

/** Every docker command since 2016 speaks it. @see https://docs.docker.com/reference/api/engine/#api-version-matrix */
const SPOKEN_BY_ALL = '1.24'

/** The version of the docker command; null where there is none, or it does not say. */
export const clientVersion: Fact<string | null> = defineFact({
  name: 'clientVersion',
  about:
    'The version of the docker command; null where there is none, and where the engine speaks with every one.',
  needs: { engine: maybe(runningEngine) },
  reads: ({ engine }): Record<string, AsReading<CommandSource>> => {
    const least = engine.known ? engine.value?.version.minApiVersion : undefined
    return least && compareVersions(least, SPOKEN_BY_ALL) > 0
      ? { output: asReading(command(['docker', '--version'])) }
      : {}
  },
  reading: '$ docker --version (where the running engine refuses old ones)',
  parse: ({ output }) =>
    output?.state === 'ok' ? (/^Docker version (\d[^\s,]*)/m.exec(output.value.stdout)?.[1] ?? null) : null,
})
