import type { ConfigFile, TextAt } from '../config-file.ts'
import { goBool, isSize } from '../go-text.ts'
import { fail, type Issue, show, warn } from '../problem.ts'
import { removedIn } from '../removals.ts'
import { nearestName } from '../unknown-keys.ts'
import { COMMON_LOG_OPTIONS, LOG_DRIVERS } from './log-drivers.ts'
import { driverOptionProblems } from './log-options.ts'

/*
 * The daemon's own log, and the containers' logs. Of the latter the engine checks the names of options when it starts,
 * but most values only when a container starts.
 * Rules: https://github.com/moby/moby/blob/master/daemon/logger/factory.go, ValidateLogOpts.
 */

export function* loggingRules(file: ConfigFile): Generator<Issue> {
  yield* logLevel(file)
  yield* logFormat(file)
  const driver = file.text('log-driver')
  const name = driver?.text ?? 'json-file'
  if (driver !== undefined && name !== 'none' && !knownDrivers(file).includes(name))
    yield* unknownDriver(file, driver)
  else if (name !== 'none') yield* driverOptions(file, name)
}

function knownDrivers(file: ConfigFile): string[] {
  return Object.keys(LOG_DRIVERS).filter((name) => removedIn('logDrivers', name, file.version) === undefined)
}

const LEVELS = new Set(['panic', 'fatal', 'error', 'warn', 'info', 'debug', 'trace'])

function* logLevel(file: ConfigFile): Generator<Issue> {
  const level = file.text('log-level')
  if (level === undefined) return
  const name = level.text.toLowerCase()
  if (LEVELS.has(name) || (name === 'warning' && !file.from('25.0'))) return
  const suggestion = `write "${nearestName(name, [...LEVELS]) ?? 'info'}" (known: debug, info, warn, error, fatal)`
  yield fail(level, 'log-level', 'bad-log-level', `${show(level.text)} is no log level`, suggestion)
}

function* logFormat(file: ConfigFile): Generator<Issue> {
  const format = file.text('log-format')
  if (format === undefined || format.text === 'text' || format.text === 'json') return
  yield fail(
    format,
    'log-format',
    'bad-log-format',
    `${show(format.text)} is no log format`,
    'write "text" or "json"',
  )
}

/** Without options the name is looked at only when a container is created; with options, at once. */
function* unknownDriver(file: ConfigFile, driver: TextAt): Generator<Issue> {
  const known = knownDrivers(file)
  const nearest = nearestName(driver.text.trim(), [...known, 'none'])
  const suggestion =
    nearest === undefined ? `write one of ${known.join(', ')}, none` : `write ${show(nearest)}`
  if (nearest === undefined && /^loki|[/:]/.test(driver.text)) {
    const message = `${show(driver.text)} is a plugin: containers cannot be created before it is installed`
    yield warn(
      driver,
      'log-driver',
      'log-plugin',
      message,
      `install it: docker plugin install ${driver.text}`,
    )
  } else if (hasOptions(file)) {
    const message = `${show(driver.text)} is no log driver; with log-opts the engine looks for a plugin of that name, and then ends`
    yield fail(driver, 'log-driver', 'unknown-log-driver', message, suggestion)
  } else {
    const message = `${show(driver.text)} is no log driver; the engine starts, but no container can be created`
    yield warn(driver, 'log-driver', 'unknown-log-driver', message, suggestion)
  }
}

function hasOptions(file: ConfigFile): boolean {
  return (file.object('log-opts')?.members.length ?? 0) > 0
}

/** The log options as texts: `null` is an empty text to the engine; other types are reported elsewhere. */
function optionsOf(file: ConfigFile): Map<string, TextAt> {
  const options = new Map<string, TextAt>()
  for (const { key, value } of file.object('log-opts')?.members ?? []) {
    if (value.kind === 'string') options.set(key, value)
    else if (value.kind === 'null') options.set(key, { text: '', offset: value.offset })
  }
  return options
}

function* driverOptions(file: ConfigFile, driver: string): Generator<Issue> {
  const options = optionsOf(file)
  if (!hasOptions(file)) yield* requiredOptions(file, driver)
  else {
    yield* commonOptions(file, options)
    yield* unknownOptions(file, driver)
    yield* driverOptionProblems(file, driver, options)
  }
}

const REQUIRED: Readonly<Record<string, string>> = {
  awslogs: 'awslogs-group',
  gelf: 'gelf-address',
  splunk: 'splunk-url',
}

function* requiredOptions(file: ConfigFile, driver: string): Generator<Issue> {
  const missing = REQUIRED[driver]
  if (missing === undefined) return
  const message = `the log driver ${driver} needs ${missing}: the engine starts, but containers do not`
  yield warn(
    file.placeOf('log-driver'),
    'log-driver',
    'log-option-missing',
    message,
    `add "log-opts": {"${missing}": "…"}`,
  )
}

function* commonOptions(file: ConfigFile, options: ReadonlyMap<string, TextAt>): Generator<Issue> {
  const mode = options.get('mode')
  if (mode !== undefined && !['', 'blocking', 'non-blocking'].includes(mode.text)) {
    const message = `${show(mode.text)} is no mode`
    yield fail(mode, 'log-opts.mode', 'bad-log-option', message, 'write "blocking" or "non-blocking"')
  }
  const buffer = options.get('max-buffer-size')
  if (buffer !== undefined && mode?.text !== 'non-blocking') {
    const message = 'max-buffer-size is for "mode": "non-blocking" only'
    yield fail(
      buffer,
      'log-opts.max-buffer-size',
      'bad-log-option',
      message,
      'add "mode": "non-blocking", or remove max-buffer-size',
    )
  } else if (buffer !== undefined && !isSize(buffer.text, file.version)) {
    yield fail(
      buffer,
      'log-opts.max-buffer-size',
      'bad-log-option',
      `${show(buffer.text)} is no size`,
      'write a size such as "4m"',
    )
  }
  const disabled = options.get('cache-disabled')
  if (disabled !== undefined && disabled.text !== '' && goBool(disabled.text) === undefined) {
    const message = `${show(disabled.text)} is neither true nor false`
    yield fail(disabled, 'log-opts.cache-disabled', 'bad-log-option', message, 'write "true" or "false"')
  }
}

function* unknownOptions(file: ConfigFile, driver: string): Generator<Issue> {
  const known = LOG_DRIVERS[driver] ?? {}
  const names = Object.keys(known)
  for (const { key: name, offset } of file.object('log-opts')?.members ?? []) {
    if (COMMON_LOG_OPTIONS.has(name)) continue
    const option = Object.hasOwn(known, name) ? known[name] : undefined
    const tooOld = option?.since !== undefined && !file.from(option.since)
    const gone = removedIn('logOptions', name, file.version)
    if (option !== undefined && !tooOld && !gone) continue
    const why = gone ? ` any more (removed in ${gone})` : tooOld ? ` yet (known from ${option.since} on)` : ''
    const nearest = nearestName(
      name,
      names.filter((candidate) => candidate !== name),
    )
    const message = `the log driver ${driver} has no option ${show(name)}${why}`
    const suggestion =
      nearest === undefined ? `remove it (known: ${names.join(', ')})` : `write ${show(nearest)}`
    yield fail({ offset }, `log-opts.${name}`, 'unknown-log-option', message, suggestion)
  }
}
