import type { ConfigFile, TextAt } from '../config-file.ts'
import { goBool, goInteger, goUrl, isDuration, isSize, splitHostPort } from '../go-text.ts'
import { fail, type Issue, type Level, show, warn } from '../problem.ts'
import { SYSLOG_FACILITIES } from './log-drivers.ts'

type Options = ReadonlyMap<string, TextAt>

/** Judges the values of one driver's options. */
export function* driverOptionProblems(file: ConfigFile, driver: string, options: Options): Generator<Issue> {
  const judge = JUDGES[driver]
  if (judge !== undefined) yield* judge(options, file)
  yield* patterns(options)
}

const JUDGES: Readonly<Record<string, (options: Options, file: ConfigFile) => Iterable<Issue>>> = {
  'json-file': jsonFile,
  local: rotation,
  syslog,
  gelf,
  fluentd,
  awslogs,
  logentries,
  splunk,
}

function problem(level: Level, option: TextAt, name: string, message: string, suggestion: string): Issue {
  const say = level === 'fail' ? fail : warn
  return say(option, `log-opts.${name}`, 'bad-log-option', message, suggestion)
}

/** The engine starts with these; every container start fails (daemon/logger/jsonfilelog, New). */
function* jsonFile(options: Options, file: ConfigFile): Generator<Issue> {
  yield* rotation(options, file)
  const size = options.get('max-size')
  const files = options.get('max-file')
  const compress = options.get('compress')
  if (files !== undefined && size === undefined) {
    const message = 'max-file has no effect without max-size: the log grows without bound'
    yield warn(files, 'log-opts.max-file', 'log-never-rotated', message, 'add "max-size": "10m"')
  }
  if (compress === undefined || goBool(compress.text) !== true) return
  if (size === undefined || Number(files?.text ?? '1') < 2) {
    const message = 'compress needs max-size, and max-file of 2 or more; without them containers do not start'
    yield problem('warn', compress, 'compress', message, 'add "max-size": "10m" and "max-file": "3"')
  }
}

function* rotation(options: Options, file: ConfigFile): Generator<Issue> {
  const size = options.get('max-size')
  if (
    size !== undefined &&
    size.text !== '-1' &&
    (!isSize(size.text, file.version) || Number.parseFloat(size.text) === 0)
  ) {
    const message = `${show(size.text)} is no size: the engine starts, but containers do not`
    yield problem('warn', size, 'max-size', message, 'write a size such as "10m"')
  }
  const files = options.get('max-file')
  if (files !== undefined && (goInteger(files.text) ?? 0) < 1) {
    const message = `${show(files.text)} is no number of files (1 or more): the engine starts, but containers do not`
    yield problem('warn', files, 'max-file', message, 'write a number in quotes, such as "3"')
  }
  yield* flags(options, 'warn', 'compress')
}

function* flags(options: Options, level: Level, ...names: readonly string[]): Generator<Issue> {
  for (const name of names) {
    const option = options.get(name)
    if (option === undefined || goBool(option.text) !== undefined) continue
    if (option.text === '' && level === 'fail') continue
    yield problem(
      level,
      option,
      name,
      `${show(option.text)} is neither true nor false`,
      'write "true" or "false"',
    )
  }
}

/** https://github.com/moby/moby/blob/master/daemon/logger/syslog/syslog.go, ValidateLogOpt. */
function* syslog(options: Options, file: ConfigFile): Generator<Issue> {
  const address = options.get('syslog-address')
  if (address !== undefined && address.text !== '') yield* syslogAddress(address, file)
  const facility = options.get('syslog-facility')
  if (facility !== undefined && facility.text !== '' && !isFacility(facility.text)) {
    const message = `${show(facility.text)} is no syslog facility`
    yield problem(
      'fail',
      facility,
      'syslog-facility',
      message,
      'write "daemon", "local0" … "local7", or a number from 0 to 23',
    )
  }
  const format = options.get('syslog-format')
  if (format !== undefined && !['', 'rfc3164', 'rfc5424', 'rfc5424micro'].includes(format.text)) {
    const message = `${show(format.text)} is no syslog format`
    yield problem('fail', format, 'syslog-format', message, 'write "rfc3164", "rfc5424" or "rfc5424micro"')
  }
}

function isFacility(text: string): boolean {
  const number = goInteger(text)
  return SYSLOG_FACILITIES.has(text) || (number !== undefined && number >= 0 && number <= 23)
}

function* syslogAddress(address: TextAt, file: ConfigFile): Generator<Issue> {
  const url = goUrl(address.text)
  const suggestion = 'write udp://host:514, tcp://host:514, tcp+tls://host:6514 or unix:///dev/log'
  const wrong = (message: string) => problem('fail', address, 'syslog-address', message, suggestion)
  if (typeof url === 'string') yield wrong(`${show(address.text)} is no URL: ${url}`)
  else if (!/^(?:tcp|tcp\+tls|udp|unix|unixgram):\/\//.test(address.text)) {
    yield wrong(`${show(address.text)} has no scheme that syslog knows`)
  } else if (url.scheme.startsWith('unix')) {
    if (file.host.pathExists?.(url.path) === false)
      yield wrong(`${show(url.path)} does not exist on this host`)
  } else if (
    url.host.includes(':') &&
    splitHostPort(url.host) === undefined &&
    !/^\[[^\]]*\]$/.test(url.host)
  ) {
    yield wrong(`${show(url.host)} is no host:port`)
  }
}

/** https://github.com/moby/moby/blob/master/daemon/logger/gelf/gelf.go, ValidateLogOpt. */
function* gelf(options: Options, file: ConfigFile): Generator<Issue> {
  const address = options.get('gelf-address')
  if (address === undefined || address.text === '') {
    const message = 'the log driver gelf needs gelf-address'
    yield fail(
      file.placeOf('log-opts'),
      'log-opts',
      'log-option-missing',
      message,
      'add "gelf-address": "udp://host:12201"',
    )
    return
  }
  const url = goUrl(address.text)
  const scheme = typeof url === 'string' ? '' : url.scheme
  if (typeof url === 'string' || !/^(?:udp|tcp)$/.test(scheme) || splitHostPort(url.host) === undefined) {
    const message = `${show(address.text)} is not udp://host:port or tcp://host:port`
    yield problem('fail', address, 'gelf-address', message, 'write "udp://host:12201"')
    return
  }
  yield* gelfCompression(options, scheme)
  yield* gelfTcp(options, scheme)
}

function* gelfCompression(options: Options, scheme: string): Generator<Issue> {
  const level = options.get('gelf-compression-level')
  const type = options.get('gelf-compression-type')
  for (const [name, option] of [
    ['gelf-compression-level', level],
    ['gelf-compression-type', type],
  ] as const) {
    if (option !== undefined && scheme !== 'udp') {
      yield problem('fail', option, name, `${name} is for udp:// addresses only`, 'remove it')
    }
  }
  const number = goInteger(level?.text ?? '0')
  if (level !== undefined && (number === undefined || number < -1 || number > 9)) {
    const message = `${show(level.text)} is no compression level`
    yield problem('fail', level, 'gelf-compression-level', message, 'write a number from -1 to 9, in quotes')
  }
  if (type !== undefined && !['gzip', 'zlib', 'none'].includes(type.text)) {
    const message = `${show(type.text)} is no compression type`
    yield problem('fail', type, 'gelf-compression-type', message, 'write "gzip", "zlib" or "none"')
  }
}

function* gelfTcp(options: Options, scheme: string): Generator<Issue> {
  for (const name of ['gelf-tcp-max-reconnect', 'gelf-tcp-reconnect-delay']) {
    const option = options.get(name)
    if (option === undefined) continue
    if (scheme !== 'tcp')
      yield problem('fail', option, name, `${name} is for tcp:// addresses only`, 'remove it')
    else if ((goInteger(option.text) ?? -1) < 0) {
      yield problem(
        'fail',
        option,
        name,
        `${show(option.text)} is no number of 0 or more`,
        'write a number in quotes',
      )
    }
  }
}

/** https://github.com/moby/moby/blob/master/daemon/logger/fluentd/fluentd.go, parseConfig. */
function* fluentd(options: Options, file: ConfigFile): Generator<Issue> {
  const address = options.get('fluentd-address')
  const wrong = address === undefined ? undefined : fluentdAddressProblem(address.text, file)
  if (address !== undefined && wrong !== undefined) {
    yield problem(
      'fail',
      address,
      'fluentd-address',
      wrong,
      'write "host:24224", "tcp://host:24224" or "unix:///path"',
    )
  }
  yield* flags(
    options,
    'fail',
    'fluentd-async',
    'fluentd-async-connect',
    'fluentd-request-ack',
    'fluentd-sub-second-precision',
  )
  const both = options.get('fluentd-async-connect')
  if (both !== undefined && options.has('fluentd-async')) {
    const message = 'fluentd-async and its old name fluentd-async-connect exclude each other'
    yield problem('fail', both, 'fluentd-async-connect', message, 'remove fluentd-async-connect')
  }
  yield* fluentdNumbers(options, file)
}

function* fluentdNumbers(options: Options, file: ConfigFile): Generator<Issue> {
  const limit = options.get('fluentd-buffer-limit')
  if (limit !== undefined && limit.text !== '' && !isSize(limit.text, file.version)) {
    yield problem(
      'fail',
      limit,
      'fluentd-buffer-limit',
      `${show(limit.text)} is no size`,
      'write a size such as "1m"',
    )
  }
  const retries = options.get('fluentd-max-retries')
  if (retries !== undefined && retries.text !== '' && !/^\d{1,10}$/.test(retries.text)) {
    const message = `${show(retries.text)} is no number of 0 or more`
    yield problem('fail', retries, 'fluentd-max-retries', message, 'write a number in quotes')
  }
  for (const name of [
    'fluentd-retry-wait',
    'fluentd-async-reconnect-interval',
    'fluentd-write-timeout',
    'fluentd-read-timeout',
  ]) {
    const option = options.get(name)
    if (option === undefined || option.text === '' || isDuration(option.text)) continue
    const message = `${show(option.text)} is no duration`
    yield problem('fail', option, name, message, 'write a number with a unit, such as "1s" or "500ms"')
  }
}

function fluentdAddressProblem(text: string, file: ConfigFile): string | undefined {
  if (text === '') return undefined
  if (!file.from('23.0')) return oldFluentdAddressProblem(text)
  const url = goUrl(text.includes('://') ? text : `tcp://${text}`)
  if (typeof url === 'string') return `${show(text)} is no address: ${url}`
  if (url.scheme === 'unix')
    return url.path.replace(/^\/+/, '') === '' ? `${show(text)} has no path` : undefined
  if (url.scheme !== 'tcp' && url.scheme !== 'tls')
    return `${show(url.scheme)} is no scheme that fluentd knows`
  if (url.path !== '') return `${show(text)} has a path`
  return Number(/:(\d+)$/.exec(url.host)?.[1] ?? '1') > 65_535 ? `${show(text)} has no valid port` : undefined
}

function oldFluentdAddressProblem(text: string): string | undefined {
  const url = /^(?:tcp|udp|unix|unixgram):\/\//.test(text) ? goUrl(text) : undefined
  if (typeof url === 'string') return `${show(text)} is no address: ${url}`
  if (url?.scheme.startsWith('unix') === true) return undefined
  const port = /:([^:]*)$/.exec(url?.host ?? text)?.[1]
  return port === undefined || /^\d+$/.test(port) ? undefined : `${show(text)} has no valid port`
}

/** https://github.com/moby/moby/blob/master/daemon/logger/awslogs/cloudwatchlogs.go, ValidateLogOpt. */
function* awslogs(options: Options, file: ConfigFile): Generator<Issue> {
  if ((options.get('awslogs-group')?.text ?? '') === '') {
    const message = 'the log driver awslogs needs awslogs-group'
    yield fail(
      file.placeOf('log-opts'),
      'log-opts',
      'log-option-missing',
      message,
      'add "awslogs-group": "name"',
    )
  }
  for (const name of ['awslogs-create-group', 'awslogs-create-stream']) {
    const option = options.get(name)
    if (option !== undefined && goBool(option.text) === undefined) {
      yield problem(
        'fail',
        option,
        name,
        `${show(option.text)} is neither true nor false`,
        'write "true" or "false"',
      )
    }
  }
  for (const name of ['awslogs-force-flush-interval-seconds', 'awslogs-max-buffered-events']) {
    const option = options.get(name)
    if (option !== undefined && (goInteger(option.text) ?? 0) <= 0) {
      yield problem(
        'fail',
        option,
        name,
        `${show(option.text)} is no number of 1 or more`,
        'write a number in quotes',
      )
    }
  }
  const pattern = options.get('awslogs-multiline-pattern')
  if (pattern !== undefined && options.has('awslogs-datetime-format')) {
    const message = 'awslogs-datetime-format and awslogs-multiline-pattern exclude each other'
    yield problem('fail', pattern, 'awslogs-multiline-pattern', message, 'remove one of the two')
  }
}

function* logentries(options: Options, file: ConfigFile): Generator<Issue> {
  if ((options.get('logentries-token')?.text ?? '') !== '') return
  const message = 'the log driver logentries needs logentries-token'
  yield fail(
    file.placeOf('log-opts'),
    'log-opts',
    'log-option-missing',
    message,
    'add "logentries-token": "…"',
  )
}

function* splunk(options: Options, file: ConfigFile): Generator<Issue> {
  for (const name of ['splunk-url', 'splunk-token']) {
    if ((options.get(name)?.text ?? '') !== '') continue
    const message = `the log driver splunk needs ${name}: the engine starts, but containers do not`
    yield warn(file.placeOf('log-opts'), 'log-opts', 'log-option-missing', message, `add "${name}": "…"`)
  }
}

/** Go's regular expressions (RE2) have no look-around; JavaScript's have. */
function* patterns(options: Options): Generator<Issue> {
  for (const name of ['labels-regex', 'env-regex']) {
    const option = options.get(name)
    if (option === undefined || isPattern(option.text)) continue
    const message = `${show(option.text)} is no regular expression that the engine knows: it starts, but containers do not`
    yield problem('warn', option, name, message, 'correct the expression (RE2 syntax, no look-around)')
  }
}

function isPattern(text: string): boolean {
  if (/\(\?(?:=|!|<=|<!)/.test(text)) return false
  try {
    new RegExp(text.replaceAll(/\(\?[a-z]+\)/g, '').replaceAll('(?P<', '(?<'))
    return true
  } catch {
    return false
  }
}
