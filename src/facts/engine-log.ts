/** Why the engine did not start, in its own words. */
import { type AsReading, asReading, defineFact, type Fact } from '../model/fact.ts'
import type { Reading } from '../model/reading.ts'
import { type CommandOutput, type CommandSource, command, type FileSource, fileEnd } from '../model/source.ts'
import { engineState } from './engine.ts'
import { engineVersion } from './engine-version.ts'
import { type ServiceManager, serviceManager } from './service-manager.ts'

/** How much of the log's end is looked at: several failed starts, each with its stack. */
const LINES = '400'
const BYTES = 128 * 1024

const JOURNAL = command([
  'journalctl',
  '-u',
  'docker.service',
  '-u',
  'snap.docker.dockerd.service',
  '-n',
  LINES,
  '--no-pager',
  '-o',
  'cat',
])
/** Of Debian's and Alpine's init scripts, and of upstart. */
const FILES = ['/var/log/docker.log', '/var/log/docker/docker.log', '/var/log/upstart/docker.log'] as const

export type LogSources = Record<string, AsReading<CommandSource> | AsReading<FileSource>>

/** Where the engine's log is, by what starts services. */
export const logOf = ({ kind }: ServiceManager): LogSources =>
  kind === 'systemd'
    ? { journal: asReading(JOURNAL) }
    : Object.fromEntries(FILES.map((path) => [path, asReading(fileEnd(path, BYTES))]))

/** The text of what was read there; empty where nothing could be read. */
export const logText = (outputs: Readonly<Record<string, Reading<CommandSource | FileSource>>>): string =>
  Object.values(outputs)
    .map((output) => (output.state === 'ok' ? textOf(output.value) : ''))
    .join('\n')

/** The end of the engine's log; read only when the engine does not answer. */
export const engineLog: Fact<string> = defineFact({
  name: 'engineLog',
  about: "The end of the engine's log; empty where it answers, and where none can be read.",
  needs: { state: engineState, services: serviceManager, version: engineVersion },
  reads: ({ state, services, version }): LogSources =>
    ['answers', 'denied', 'asleep', 'elsewhere'].includes(state.state) || version === null
      ? {}
      : logOf(services),
  reading: `the end of docker.service's journal, or of ${FILES.join(', ')} (where an installed engine does not answer)`,
  parse: (outputs): string => logText(outputs),
})

const textOf = (value: string | CommandOutput): string => (typeof value === 'string' ? value : value.stdout)

/** Lines with which dockerd, or systemd for it, gives up. The first group is what is worth repeating. */
const LAST_WORDS: readonly RegExp[] = [
  /^(unable to configure the Docker daemon.*)/i,
  /^((?:failed|error) (?:to )?(?:start|starting|load|create|initialize|find|loading) .*)/i,
  /^((?:merged )?configuration validation .* failed: .*)/i,
  /^(can't create unix socket .*)/i,
  /^(process with PID \d+ is still running.*)/i,
  /^(pid file found.*)/i,
  /^(panic: .*)/,
  /^((?:Error: )?unknown (?:shorthand )?flag: .*)/i,
  /^(flag provided but not defined: .*)/i,
  /^(Error during [ug]id lookup .*)/i,
  /^(Can't create ID mappings.*)/i,
  /^(dockerd needs to be started with root.*)/i,
  /^(Devices cgroup isn't mounted.*)/,
  /^(.* has more than one ExecStart= setting.*)/,
  /^(.*: Failed (?:to execute command|at step|to load environment files).*)/i,
  /^(\S+\.service: start operation timed out.*)/i,
]
/** What systemd says last of any start that failed: it tells no reason. */
const GAVE_UP = /^Failed to start [^:]*\.$/
const FATAL = /\blevel=fatal msg="((?:[^"\\]|\\.)*)"(?:.*? error="((?:[^"\\]|\\.)*)")?/
/** From here on the start had succeeded: what was said before is of an older one. */
const STARTED = /Daemon has completed initialization|API listen on /
/** Where a start begins: systemd's line, then dockerd's, which comes after its flags and its file were read. */
const STARTING = /^Starting [^:]*\.\.\.$|\bmsg="Starting up"/
const EXITED = /^\S+\.service: Main process exited, code=exited/
const ENDED = /^\S+\.service: (?:Main process exited|Deactivated|Succeeded|Failed with)|^Stopp(?:ed|ing) /
/** An error as Go prints it, neither a line of a log nor one of systemd's. */
const BARE_ERROR = /^(?!time="|goroutine |\S+\.(?:service|socket): )[^\s{[].*: \S/

/** The line that says why the last start failed; null where the last start succeeded, or nothing tells. Never throws. */
export function startError(log: string): string | null {
  let lines = sinceStart(log)
  for (;;) {
    const from = lines.findLastIndex((line) => STARTING.test(line))
    const attempt = lines.slice(from + 1)
    const error = errorOf(attempt, from >= 0)
    // A start that goes on tells nothing yet: the one before it did.
    if (error !== null || from < 0 || attempt.some((line) => ENDED.test(line))) return error
    lines = lines.slice(0, from)
  }
}

function errorOf(attempt: readonly string[], isWhole: boolean): string | null {
  return (
    attempt
      .filter((line) => !GAVE_UP.test(line))
      .map(lastWords)
      .findLast((words) => words !== null) ??
    (isWhole ? partingLine(attempt) : null) ??
    attempt.findLast((line) => GAVE_UP.test(line)) ??
    null
  )
}

/** dockerd ends with the error that it prints; systemd then says that it ended. */
function partingLine(attempt: readonly string[]): string | null {
  const lines = attempt.filter((line) => line.trim() !== '')
  const exited = lines.findLastIndex((line) => EXITED.test(line))
  const last = lines.at(exited < 0 ? -1 : exited - 1)
  return last && BARE_ERROR.test(last) ? last.trim() : null
}

/** What was said after the last start that succeeded. */
function sinceStart(log: string): readonly string[] {
  const lines = log.split('\n').map((line) => line.replace(/^\S+ dockerd\[\d+\]: /, ''))
  return lines.slice(lines.findLastIndex((line) => STARTED.test(line)) + 1)
}

/** Errors and panics of bolt. @see https://github.com/etcd-io/bbolt/blob/v1.3.11/errors.go */
const DATABASE_ERRORS: readonly RegExp[] = [
  /\b(panic: (?:invalid (?:page type|freelist page)|page \d+|freepages|.*not a (?:leaf|branch) page|assertion failed: Page expected).*)/i,
  /((?:[\w ]*: )?(?:invalid database|file size too small|database version mismatch))/i,
]
const FAULT = /^(unexpected fault address .*)/
const BOLT_FRAME = /\b(?:bolt|bbolt)\.\(/

/** The line that says that a database stopped the last start; null where none did, or nothing tells. Never throws. */
export function databaseError(log: string): string | null {
  const lines = sinceStart(log)
  for (const pattern of DATABASE_ERRORS) {
    const found = lines.map((line) => pattern.exec(line)?.[1]).findLast(Boolean)
    if (found) return found.trim()
  }
  const fault = lines.map((line) => FAULT.exec(line)?.[1]).findLast(Boolean)
  return fault && lines.some((line) => BOLT_FRAME.test(line)) ? fault : null
}

function lastWords(line: string): string | null {
  const fatal = FATAL.exec(line)
  if (fatal)
    return [fatal[1], fatal[2]]
      .filter(Boolean)
      .join(': ')
      .replace(/\\(["\\])/g, '$1')
  for (const pattern of LAST_WORDS) {
    const words = pattern.exec(line.trim())?.[1]
    if (words) return words
  }
  return null
}

/** What an error means, where its own words do not tell. Errors that another check explains need no entry. */
const MEANINGS: readonly (readonly [RegExp, string])[] = [
  [/pid file found|is still running/i, 'another dockerd runs, or the pid file is a leftover'],
  [/no sockets found via socket activation/i, 'it is started with -H fd://, but systemd hands it no socket'],
  [/unknown (?:shorthand )?flag|flag provided but not defined/i, 'this version of dockerd has no such flag'],
  [/timeout waiting for containerd|containerd.*deadline exceeded/i, 'containerd does not come up'],
  [/more than one ExecStart/i, 'a drop-in adds an ExecStart without clearing the first'],
  [/page \d+|invalid database|bolt/i, 'a database of the engine is damaged'],
  [/address already in use/i, 'another program holds that address'],
  [/no space left/i, 'the disk, or its inodes, are used up'],
  [/Devices cgroup isn't mounted/i, 'the cgroup hierarchies are not mounted'],
]

export const meaningOf = (error: string): string | null =>
  MEANINGS.find(([pattern]) => pattern.test(error))?.[1] ?? null
