/** The default log driver, and whether this host has what it writes to. */
import { type AsReading, asReading, defineFact, type Fact, maybe } from '../model/fact.ts'
import { type StatSource, stat } from '../model/source.ts'
import { daemonSettings } from './daemon-config.ts'
import { runningEngine } from './engine.ts'
import { recordOf, textOf } from './json.ts'

/** @see https://docs.docker.com/engine/logging/configure/#supported-logging-drivers */
const BUILT_IN: ReadonlySet<string> = new Set([
  'awslogs',
  'fluentd',
  'gcplogs',
  'gelf',
  'journald',
  'json-file',
  'local',
  'none',
  'splunk',
  'syslog',
  // Gone since 25.0.
  'logentries',
])

/** The sockets of the local log services. @see https://docs.docker.com/engine/logging/drivers/ */
const SOCKETS: Readonly<Record<string, string>> = {
  journald: '/run/systemd/journal/socket',
  syslog: '/dev/log',
}

export interface LogDriver {
  readonly name: string
  /** The local socket that it writes to; null where it needs none. */
  readonly socket: string | null
  /** null where that cannot be seen, or is not asked. */
  readonly socketExists: boolean | null
  /** The engine, or every engine, has a driver of that name; null where a plugin may bring it. */
  readonly isKnown: boolean | null
}

const chosen: Fact<{ readonly name: string; readonly socket: string | null }> = defineFact({
  name: 'chosenLogDriver',
  about: 'The default log driver of the settings, and the local socket that it writes to.',
  needs: { settings: daemonSettings },
  parse: (_, { settings }) => {
    const name = textOf(settings.get('log-driver')) || 'json-file'
    const remote = textOf(recordOf(settings.get('log-opts'))['syslog-address']) !== ''
    const flagged = settings.list('log-opts').some((option) => option.startsWith('syslog-address='))
    return { name, socket: remote || flagged ? null : (SOCKETS[name] ?? null) }
  },
})

export const logDriver: Fact<LogDriver> = defineFact({
  name: 'logDriver',
  about: 'The default log driver, whether the engine knows it, and whether its service is there.',
  needs: { chosen, engine: maybe(runningEngine) },
  reads: ({ chosen }): Record<string, AsReading<StatSource>> =>
    chosen.socket ? { socket: asReading(stat(chosen.socket)) } : {},
  reading: "the local log service's socket, where the log driver needs one",
  parse: ({ socket }, { chosen, engine }): LogDriver => {
    const offered = engine.known ? (engine.value?.info.logDrivers ?? []) : []
    const isKnown =
      BUILT_IN.has(chosen.name) || offered.includes(chosen.name) || (/[/:]/.test(chosen.name) ? null : false)
    const socketExists = socket?.state === 'ok' ? true : socket?.state === 'absent' ? false : null
    return { ...chosen, socketExists, isKnown }
  },
})
