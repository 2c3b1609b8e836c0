/** What the engine makes of its daemon.json: the linter, told what this host has. */

import {
  type HostContext,
  lintDaemonJson,
  type Problem,
  parseDaemonJson,
  parseEngineVersion,
} from '../daemon-json/index.ts'
import { dataset } from '../data/dataset.ts'
import { type AsReading, asReading, defineFact, type Fact, maybe } from '../model/fact.ts'
import type { Reading } from '../model/reading.ts'
import { binaryFile, type FileSource, type StatSource, stat } from '../model/source.ts'
import { type Accounts, accounts } from './accounts.ts'
import { daemonFile } from './daemon-config.ts'
import { configuredCommandLine, runningCommandLine } from './dockerd-flags.ts'
import { engineVersion } from './engine-version.ts'
import type { JsonRecord } from './json.ts'
import { wordOf } from './json.ts'

export interface JudgedFile {
  readonly path: string
  readonly text: string
  /** The settings, as far as they can be understood. */
  readonly value: JsonRecord
  readonly problems: readonly Problem[]
  /** Judges another text as this one was judged. */
  readonly lint: (text: string) => readonly Problem[]
}

/** Signs that the bytes were not the UTF-8 that they were read as. */
const LOST_IN_DECODING = /[\uFFFD\u0000\uFEFF]/

const bytes: Fact<Uint8Array | null> = defineFact({
  name: 'daemonJsonBytes',
  about: 'The bytes of daemon.json, where its text does not tell them.',
  needs: { file: daemonFile },
  reads: ({ file }): Record<string, AsReading<FileSource>> =>
    file.state === 'present' && LOST_IN_DECODING.test(file.text)
      ? { raw: asReading(binaryFile(file.path)) }
      : {},
  reading: 'the bytes of daemon.json, where it is not UTF-8',
  parse: ({ raw }): Uint8Array | null => (raw?.state === 'ok' ? Buffer.from(raw.value, 'base64') : null),
})

/** More texts than this in one file are no paths of interest. */
const MOST_PATHS = 64
/** Where dockerd looks for its certificates when the file names none. */
const DEFAULT_CERTIFICATES = ['ca', 'cert', 'key'].map((name) => `/root/.docker/${name}.pem`)

/** Every path that the settings name, with its folder. */
function pathsIn(value: unknown): readonly string[] {
  const texts: string[] = []
  const walk = (one: unknown, depth: number): void => {
    if (typeof one === 'string') texts.push(one)
    else if (typeof one === 'object' && one !== null && depth < 8)
      for (const inner of Object.values(one)) walk(inner, depth + 1)
  }
  walk(value, 0)
  const paths = texts.flatMap((text) => {
    const path = /^(?:(?:unix|unixgram|file):\/\/)?(\/[^\0]{0,4000})$/.exec(text)?.[1]
    return path ? [path, path.slice(0, path.lastIndexOf('/')) || '/'] : []
  })
  const tls = typeof value === 'object' && value !== null && ('tls' in value || 'tlsverify' in value)
  return [...new Set([...paths, ...(tls ? DEFAULT_CERTIFICATES : [])])].slice(0, MOST_PATHS)
}

/** Whether each path that the file names exists; undefined for those that this user cannot see. */
const namedPaths: Fact<ReadonlyMap<string, boolean | undefined>> = defineFact({
  name: 'daemonJsonPaths',
  about: 'Whether the paths that daemon.json names exist.',
  needs: { file: daemonFile },
  reads: ({ file }): Record<string, AsReading<StatSource>> =>
    Object.fromEntries(
      (file.state === 'present' ? pathsIn(file.value) : []).map((path) => [path, asReading(stat(path))]),
    ),
  reading: 'each path that daemon.json names',
  parse: (readings): ReadonlyMap<string, boolean | undefined> =>
    new Map(Object.entries(readings).map(([path, reading]) => [path, exists(reading)])),
})

const exists = (reading: Reading<StatSource>): boolean | undefined =>
  reading.state === 'ok' ? true : reading.state === 'absent' ? false : undefined

/** daemon.json as the engine of this host would judge it; null where there is none. */
export const judgedDaemonJson: Fact<JudgedFile | null> = defineFact({
  name: 'judgedDaemonJson',
  about: 'The problems of daemon.json, as the engine of this host sees them; null where there is no file.',
  needs: {
    file: daemonFile,
    bytes,
    paths: namedPaths,
    accounts: maybe(accounts),
    version: maybe(engineVersion),
    removals: dataset('removals'),
    running: runningCommandLine,
    configured: configuredCommandLine,
  },
  parse: (_, { file, bytes, paths, accounts, version, removals, running, configured }): JudgedFile | null => {
    if (file.state !== 'present') return null
    const asked = version.known ? version.value : null
    const flags = (configured ?? running)?.flags ?? []
    const host: HostContext = {
      // Certificates that this user cannot see are taken to be there: no fact, no failure.
      pathExists: (path) => paths.get(path) ?? (DEFAULT_CERTIFICATES.includes(path) || undefined),
      ...(accounts.known ? knownNames(accounts.value) : {}),
      flags: Object.fromEntries(flags.map(({ name, value }) => [name, value])),
    }
    const options = {
      host,
      removals,
      ...(asked && parseEngineVersion(asked) ? { engineVersion: asked } : {}),
    }
    const { problems } = lintDaemonJson(bytes ?? file.text, options)
    return {
      path: file.path,
      text: file.text,
      value: parseDaemonJson(bytes ?? file.text).value,
      problems,
      lint: (text) => lintDaemonJson(text, options).problems,
    }
  },
})

/** A name that the files do not know may still be known to a directory service. */
function knownNames({ users, groups, beyondFiles }: Accounts): HostContext {
  const otherwise = beyondFiles ? undefined : false
  const named =
    (list: readonly { name: string }[], id: 'uid' | 'gid') =>
    (name: string): boolean | undefined =>
      list.some((one) => one.name === name || wordOf((one as Record<string, unknown>)[id]) === name) ||
      otherwise
  return { userExists: named(users, 'uid'), groupExists: named(groups, 'gid') }
}
