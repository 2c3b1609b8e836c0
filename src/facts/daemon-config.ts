/** daemon.json: the file as it stands, and the settings that result from it and dockerd's flags. */
import { parse as parseJson } from 'jsonc-parser'
import { asReading, defineFact, type Fact, type OrAbsent, orAbsent, unavailable } from '../model/fact.ts'
import { type DirectorySource, directory, file } from '../model/source.ts'
import {
  type CommandLine,
  configuredCommandLine,
  type Flag,
  flagValue,
  runningCommandLine,
} from './dockerd-flags.ts'
import { type JsonRecord, recordOf, textsOf } from './json.ts'

const FOLDER = '/etc/docker'
export const DAEMON_JSON = `${FOLDER}/daemon.json`

export type DaemonFile =
  | { readonly state: 'absent'; readonly path: string }
  /** There is something, and it is not a readable file (a directory, …). */
  | { readonly state: 'notAFile'; readonly path: string; readonly reason: string }
  | {
      readonly state: 'present'
      readonly path: string
      readonly text: string
      /** What could be understood of it, even where it is not valid JSON. */
      readonly value: JsonRecord
    }

/** The file that dockerd reads: `--config-file`, or /etc/docker/daemon.json. */
export const daemonFile: Fact<DaemonFile> = defineFact({
  name: 'daemonFile',
  about: "The engine's configuration file as it stands.",
  needs: { running: runningCommandLine, configured: configuredCommandLine },
  reads: ({ running, configured }) => ({ config: asReading(file(configPath(configured ?? running))) }),
  reading: `${DAEMON_JSON}, or the file that dockerd's --config-file names`,
  parse: ({ config }, { running, configured }): DaemonFile => {
    const path = configPath(configured ?? running)
    if (config.state === 'absent') return { state: 'absent', path }
    if (config.state === 'failed') return { state: 'notAFile', path, reason: config.reason }
    if (config.state !== 'ok') return unavailable(path, config)
    return { state: 'present', path, text: config.value, value: recordOf(parseJson(config.value)) }
  },
})

/** Names that are meant to be daemon.json: letters swapped, another suffix or case, an editor's addition. */
const NEARLY =
  /^(d[ae]{1,2}mon|dameon|daemom|demon)\.(json|jason|jsn|conf|cfg|yaml|yml)$|^daemon\.json\.(txt|json|conf)$|^daemon$/i

/** A file beside the missing daemon.json that seems to be meant to be it; null where daemon.json is there, or nothing is like it. */
export const misnamedDaemonFile: Fact<string | null> = defineFact({
  name: 'misnamedDaemonFile',
  about: 'A file whose name is nearly daemon.json, where there is no daemon.json.',
  needs: { file: daemonFile },
  reads: ({ file }): Record<string, OrAbsent<DirectorySource>> =>
    file.state === 'absent' && file.path === DAEMON_JSON ? { names: orAbsent(directory(FOLDER)) } : {},
  reading: `${FOLDER}/ (where it has no daemon.json)`,
  parse: ({ names }): string | null => {
    const found = (names ?? []).find((name) => NEARLY.test(name) && name !== 'daemon.json')
    return found ? `${FOLDER}/${found}` : null
  },
})

const configPath = (line: CommandLine | null): string =>
  line?.flags.find(({ name }) => name === 'config-file')?.value || DAEMON_JSON

/** Keys of daemon.json whose flag has another name. */
export const FLAG_OF: Readonly<Record<string, string>> = {
  hosts: 'host',
  'registry-mirrors': 'registry-mirror',
  'insecure-registries': 'insecure-registry',
  'storage-opts': 'storage-opt',
  'exec-opts': 'exec-opt',
  'log-opts': 'log-opt',
  labels: 'label',
  'dns-opts': 'dns-opt',
  'default-address-pools': 'default-address-pool',
}

/** What the next start of the engine will be configured with: the file and the flags, which may not name the same key. */
export interface DaemonSettings {
  readonly file: DaemonFile
  readonly commandLine: CommandLine | null
  /** The value of a key: from the file, else from its flag (a string, a boolean of a switch, or a list of strings for keys that take several). */
  readonly get: (key: string) => unknown
  /** A key that takes several values, as a list of strings; empty where it is not set. */
  readonly list: (key: string) => readonly string[]
}

export const daemonSettings: Fact<DaemonSettings> = defineFact({
  name: 'daemonSettings',
  about: 'The settings that the next start of the engine will use, from daemon.json and flags.',
  needs: { file: daemonFile, running: runningCommandLine, configured: configuredCommandLine },
  parse: (_, { file, running, configured }): DaemonSettings => {
    const commandLine = configured ?? running
    const given = (key: string): readonly Flag[] =>
      (commandLine?.flags ?? []).filter(({ name }) => name === (FLAG_OF[key] ?? key))
    const flagged = (key: string): readonly string[] => given(key).map(({ value }) => value)
    const filed = file.state === 'present' ? file.value : {}
    return {
      file,
      commandLine,
      get: (key) =>
        Object.hasOwn(filed, key)
          ? filed[key]
          : key in FLAG_OF
            ? listOrNone(flagged(key))
            : given(key).map(flagValue).at(-1),
      list: (key) => (Object.hasOwn(filed, key) ? textsOf(filed[key]) : flagged(key)),
    }
  },
})

const listOrNone = (values: readonly string[]): readonly string[] | undefined =>
  values.length > 0 ? values : undefined
