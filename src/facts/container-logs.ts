/** How far the logs of containers may grow, and which have. */
import { type AsReading, asReading, defineFact, type Fact, type OrAbsent, orAbsent } from '../model/fact.ts'
import {
  type DirectorySource,
  directory,
  type FileSource,
  file,
  type StatSource,
  stat,
} from '../model/source.ts'
import { daemonSettings } from './daemon-config.ts'
import { dataRoot } from './data-root.ts'
import { containers } from './engine.ts'
import { type JsonRecord, jsonOf, recordOf, textOf } from './json.ts'
import { MIB } from './units.ts'

/** More containers than this are not looked at. Our own choice. */
const MOST = 200
/** What the driver `local` keeps of a container at most. @see https://docs.docker.com/engine/logging/drivers/local/ */
const LARGE = 100 * MIB

/** json-file throws nothing away unless it is told a size. @see https://docs.docker.com/engine/logging/drivers/json-file/#options */
export const isUnbounded = (driver: string, options: JsonRecord): boolean =>
  driver === 'json-file' && !/^[1-9]/.test(textOf(options['max-size']))

export interface LogDefaults {
  readonly driver: string
  readonly unbounded: boolean
  /** Options stand among dockerd's flags, and may not stand in daemon.json too. */
  readonly byFlags: boolean
}

export const logDefaults: Fact<LogDefaults> = defineFact({
  name: 'logDefaults',
  about: 'The log driver of new containers, and whether their logs are bounded.',
  needs: { settings: daemonSettings },
  parse: (_, { settings }): LogDefaults => {
    const driver = textOf(settings.get('log-driver')) || 'json-file'
    const flags = (settings.commandLine?.flags ?? []).filter(({ name }) => name === 'log-opt')
    const flagged = flags.map(({ value }) => value.split('=', 2) as [string, string | undefined])
    const options = { ...Object.fromEntries(flagged), ...recordOf(settings.get('log-opts')) }
    return { driver, unbounded: isUnbounded(driver, options), byFlags: flags.length > 0 }
  },
})

export interface LargeLog {
  readonly name: string
  readonly path: string
  readonly bytes: number
}

const largeFiles: Fact<readonly (LargeLog & { readonly folder: string })[]> = defineFact({
  name: 'largeLogFiles',
  about: 'Log files of json-file that are larger than 100 MiB, as far as this user may see them.',
  needs: { containers, dataRoot },
  reads: ({ containers, dataRoot }): Record<string, AsReading<StatSource>> =>
    Object.fromEntries(
      containers
        .slice(0, MOST)
        .map(({ id }) => [id, asReading(stat(`${dataRoot}/containers/${id}/${id}-json.log`))]),
    ),
  reading: `stat of the log file of each container (at most ${MOST})`,
  parse: (readings, { containers, dataRoot }) =>
    containers.flatMap(({ id, name }) => {
      const reading = readings[id]
      const bytes = reading?.state === 'ok' ? reading.value.size : 0
      const folder = `${dataRoot}/containers/${id}`
      return bytes > LARGE ? [{ name, bytes, folder, path: `${folder}/${id}-json.log` }] : []
    }),
})

/** The largest first. */
export const largeLogs: Fact<readonly LargeLog[]> = defineFact({
  name: 'largeLogs',
  about: 'Logs larger than 100 MiB of containers that nothing bounds.',
  needs: { files: largeFiles },
  reads: ({ files }): Record<string, AsReading<FileSource>> =>
    Object.fromEntries(files.map(({ folder }) => [folder, asReading(file(`${folder}/hostconfig.json`))])),
  reading: 'hostconfig.json of the containers whose log is large',
  parse: (readings, { files }): readonly LargeLog[] =>
    files
      .filter(({ folder }) => {
        const reading = readings[folder]
        if (reading?.state !== 'ok') return false
        const log = recordOf(recordOf(jsonOf(reading.value, `${folder}/hostconfig.json`)).LogConfig)
        return isUnbounded(textOf(log.Type), recordOf(log.Config))
      })
      .sort((a, b) => b.bytes - a.bytes),
})

const LOGROTATE = '/etc/logrotate.d'

const rotations: Fact<readonly string[]> = defineFact({
  name: 'logrotateFiles',
  about: 'Files of logrotate that are named for containers.',
  reads: { names: orAbsent(directory(LOGROTATE)) as OrAbsent<DirectorySource> },
  parse: ({ names }): readonly string[] =>
    (names ?? []).filter((name) => /docker|container/i.test(name)).map((name) => `${LOGROTATE}/${name}`),
})

/** The file by which logrotate bounds the logs of containers; null where none does. */
export const rotatedBy: Fact<string | null> = defineFact({
  name: 'rotatedBy',
  about: 'The file that has logrotate rotate the logs of containers; null where there is none.',
  needs: { rotations },
  reads: ({ rotations }): Record<string, AsReading<FileSource>> =>
    Object.fromEntries(rotations.map((path) => [path, asReading(file(path))])),
  reading: `files of ${LOGROTATE}/ that are named for docker or containers`,
  parse: (readings): string | null => {
    const rotates = ([, reading]: [string, (typeof readings)[string]]): boolean =>
      reading?.state === 'ok' && /^[^#\n]*\/containers\/\*/m.test(reading.value)
    return Object.entries(readings).find(rotates)?.[0] ?? null
  },
})
