import type { ConfigFile } from '../config-file.ts'
import { goInteger, isIp, splitHostPort } from '../go-text.ts'
import { fail, type Issue, show, warn } from '../problem.ts'
import { removalOf, removedKey } from '../removals.ts'
import { atLeast } from '../version.ts'

/* What the engine offers by network besides `hosts`: API versions, metrics, CORS, swarm. */

export function* apiRules(file: ConfigFile): Generator<Issue> {
  yield* minApiVersion(file)
  yield* metrics(file)
  yield* cors(file)
  yield* cluster(file)
  yield* swarm(file)
}

/** The highest API of each engine (https://docs.docker.com/reference/api/engine/#api-version-matrix). */
const API_VERSIONS: readonly (readonly [since: string, api: number])[] = [
  ['29.6', 55],
  ['29.3', 54],
  ['29.2', 53],
  ['29.0', 52],
]

function* minApiVersion(file: ConfigFile): Generator<Issue> {
  const value = file.text('min-api-version')
  if (value === undefined) return
  const highest = API_VERSIONS.find(([since]) => atLeast(file.version, since))?.[1] ?? 55
  const minor = /^1\.(\d{1,4})$/.exec(value.text)?.[1]
  if (minor !== undefined && Number(minor) >= 24 && Number(minor) <= highest) return
  const suggestion = `write a version from "1.24" to "1.${highest}", without v`
  const message = `${show(value.text)} is no API version that engine ${file.version.text} has`
  yield fail(value, 'min-api-version', 'bad-api-version', message, suggestion)
}

/** The port must be a number and the host must be named: see allocateDaemonPort in the daemon's command/daemon.go. */
function* metrics(file: ConfigFile): Generator<Issue> {
  const value = file.text('metrics-addr')
  if (value === undefined) return
  const split = splitHostPort(value.text)
  const port = goInteger(split?.port ?? '')
  const suggestion = 'write address:port, such as "127.0.0.1:9323"'
  if (split === undefined || port === undefined || port < 0 || port > 65_535) {
    yield fail(
      value,
      'metrics-addr',
      'bad-metrics-address',
      `${show(value.text)} is not address:port`,
      suggestion,
    )
  } else if (split.host === '') {
    const message = `${show(value.text)} names no address; the engine looks up the empty name and ends`
    yield fail(
      value,
      'metrics-addr',
      'bad-metrics-address',
      message,
      `write "0.0.0.0:${port}" or "127.0.0.1:${port}"`,
    )
  } else if (isIp(split.host) && file.host.hasAddress?.(split.host) === false) {
    const message = `no interface of this host has the address ${split.host}`
    yield fail(value, 'metrics-addr', 'no-such-address', message, `write "127.0.0.1:${port}"`)
  } else if (!isIp(split.host) && /^[\d.]+$/.test(split.host)) {
    yield fail(
      value,
      'metrics-addr',
      'bad-metrics-address',
      `${show(split.host)} is no IP address`,
      suggestion,
    )
  }
}

function* cors(file: ConfigFile): Generator<Issue> {
  const value = file.text('api-cors-header')
  const removed = removedKey('api-cors-header', file.version)
  if (!value || !removed || !file.from('27.0') || file.from(removed.removedIn)) return
  const message = `engine ${removed.removedIn} will refuse this key`
  yield warn(value, 'api-cors-header', 'deprecated-key', message, removed.instead)
}

/** The key-value stores of classic Swarm, up to 20.10. */
function* cluster(file: ConfigFile): Generator<Issue> {
  const advertise = file.text('cluster-advertise')
  if (advertise !== undefined && file.text('cluster-store') === undefined) {
    const message = 'cluster-advertise needs cluster-store'
    yield fail(advertise, 'cluster-advertise', 'cluster-store-missing', message, 'remove the key')
  }
  for (const key of ['cluster-store', 'cluster-advertise']) {
    const value = file.text(key)
    const removed = removalOf('keys', key, file.version)
    if (value === undefined || removed === undefined || file.from(removed)) continue
    yield warn(
      value,
      key,
      'deprecated-key',
      `engine ${removed} refuses this key`,
      'remove it; use swarm mode',
    )
  }
}

function* swarm(file: ConfigFile): Generator<Issue> {
  if (!file.isOn('live-restore') || file.host.swarm !== true) return
  const message = 'live-restore does not work in swarm mode, and this host is part of a swarm'
  yield fail(
    file.placeOf('live-restore'),
    'live-restore',
    'live-restore-and-swarm',
    message,
    'remove live-restore',
  )
}
