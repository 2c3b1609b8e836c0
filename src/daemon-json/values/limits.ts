import type { ConfigFile } from '../config-file.ts'
import type { JsonObject } from '../json-tree.ts'
import { fail, type Issue, type Place, show, warn } from '../problem.ts'
import { removedIn } from '../removals.ts'
import { nearestName } from '../unknown-keys.ts'
import { numberField, textField } from './fields.ts'

/* Numbers that bound something: downloads, timeouts, ulimits, the OOM score. */

export function* limitRules(file: ConfigFile): Generator<Issue> {
  for (const key of ['max-concurrent-downloads', 'max-concurrent-uploads', 'max-download-attempts'])
    yield* transfers(file, key)
  yield* stopTimeout(file)
  yield* shutdownTimeout(file)
  yield* oomScore(file)
  yield* ulimits(file)
}

/** Zero is the same as absent to the engine, which merges its defaults over it (before 23.0 no attempt at all is refused). */
function* transfers(file: ConfigFile, key: string): Generator<Issue> {
  const value = file.integer(key)
  if (value === undefined) return
  const refusesZero = key === 'max-download-attempts' && !file.from('23.0')
  if (value.value < 0 || (value.value === 0 && refusesZero)) {
    yield fail(
      value,
      key,
      'bad-number',
      `${value.value} is not possible here`,
      'write 1 or more, or remove the key',
    )
  } else if (value.value === 0) yield zero(value, key)
}

function zero(place: Place, key: string): Issue {
  return warn(
    place,
    key,
    'zero-is-default',
    '0 means the default here, not "none" or "no limit"',
    'write the number that is meant, or remove the key',
  )
}

function* stopTimeout(file: ConfigFile): Generator<Issue> {
  const value = file.integer('default-stop-timeout')
  if (value === undefined || value.value >= 0) return
  yield fail(
    value,
    'default-stop-timeout',
    'bad-number',
    `${value.value} is no number of seconds`,
    'write 0 or more',
  )
}

function* shutdownTimeout(file: ConfigFile): Generator<Issue> {
  const value = file.integer('shutdown-timeout')
  if (value === undefined) return
  if (value.value === 0) yield zero(value, 'shutdown-timeout')
  else if (value.value < 0) {
    const message = `${value.value} makes the engine wait for containers without end when it stops`
    yield warn(value, 'shutdown-timeout', 'waits-forever', message, 'write a number of seconds, such as 15')
  }
}

function* oomScore(file: ConfigFile): Generator<Issue> {
  const value = file.integer('oom-score-adjust')
  if (value === undefined || removedIn('keys', 'oom-score-adjust', file.version)) return
  if (value.value < -1000 || value.value > 1000) {
    const message = `${value.value} is outside -1000 to 1000, which is all that the kernel takes`
    yield fail(value, 'oom-score-adjust', 'bad-number', message, 'write a number from -1000 to 1000')
  }
}

const LIMITS = [
  'core',
  'cpu',
  'data',
  'fsize',
  'locks',
  'memlock',
  'msgqueue',
  'nice',
  'nofile',
  'nproc',
  'rss',
  'rtprio',
  'rttime',
  'sigpending',
  'stack',
]

/** The engine starts with any of them; runc refuses to start containers (https://github.com/docker/go-units/blob/master/ulimit.go). */
function* ulimits(file: ConfigFile): Generator<Issue> {
  for (const { key: name, offset, value } of file.object('default-ulimits')?.members ?? []) {
    if (value.kind === 'object') yield* ulimit(name, { offset }, value)
  }
}

function* ulimit(name: string, place: Place, entry: JsonObject): Generator<Issue> {
  const key = `default-ulimits.${name}`
  const limit = textField(entry, 'Name')
  if (!LIMITS.includes(limit)) {
    const nearest = nearestName(limit === '' ? name : limit, LIMITS)
    const message =
      limit === ''
        ? 'the entry has no "Name": containers do not start'
        : `there is no limit ${show(limit)}: containers do not start`
    const suggestion =
      nearest === undefined ? `known: ${LIMITS.join(', ')}` : `write "Name": ${show(nearest)}`
    yield warn(place, key, 'unknown-ulimit', message, suggestion)
  }
  const soft = numberField(entry, 'Soft') ?? 0
  const hard = numberField(entry, 'Hard') ?? 0
  if (hard === -1 || (soft <= hard && soft !== -1)) return
  const message = `the soft limit ${soft} is above the hard limit ${hard}: containers do not start`
  yield warn(place, key, 'soft-above-hard', message, 'write a Hard that is not below Soft (-1 is unlimited)')
}
