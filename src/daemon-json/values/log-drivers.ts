/** An option of a log driver and the versions that know it. */
export interface LogOption {
  readonly since?: string
}

const always: LogOption = {}
const options = (...names: readonly string[]): Record<string, LogOption> =>
  Object.fromEntries(names.map((name) => [name, always]))

const attributes = options('env', 'env-regex', 'labels', 'labels-regex')
const tagged = { ...attributes, tag: always }

/**
 * The log drivers that the engine has on Linux, with their options.
 * Sources: the ValidateLogOpt functions below https://github.com/moby/moby/tree/master/daemon/logger and
 * https://docs.docker.com/engine/logging/configure/.
 */
export const LOG_DRIVERS: Readonly<Record<string, Readonly<Record<string, LogOption>>>> = {
  'json-file': { ...tagged, ...options('compress', 'max-file', 'max-size') },
  local: options('compress', 'max-file', 'max-size'),
  journald: tagged,
  syslog: {
    ...tagged,
    ...options(
      'syslog-address',
      'syslog-facility',
      'syslog-format',
      'syslog-tls-ca-cert',
      'syslog-tls-cert',
      'syslog-tls-key',
      'syslog-tls-skip-verify',
    ),
  },
  gelf: {
    ...tagged,
    ...options(
      'gelf-address',
      'gelf-compression-level',
      'gelf-compression-type',
      'gelf-tcp-max-reconnect',
      'gelf-tcp-reconnect-delay',
    ),
  },
  fluentd: {
    ...tagged,
    ...options(
      'fluentd-address',
      'fluentd-async',
      'fluentd-async-connect',
      'fluentd-buffer-limit',
      'fluentd-max-retries',
      'fluentd-request-ack',
      'fluentd-retry-wait',
      'fluentd-sub-second-precision',
    ),
    'fluentd-async-reconnect-interval': { since: '23.0' },
    'fluentd-read-timeout': { since: '28.3' },
    'fluentd-write-timeout': { since: '28.2' },
  },
  awslogs: options(
    'awslogs-create-group',
    'awslogs-create-stream',
    'awslogs-credentials-endpoint',
    'awslogs-datetime-format',
    'awslogs-endpoint',
    'awslogs-force-flush-interval-seconds',
    'awslogs-format',
    'awslogs-group',
    'awslogs-max-buffered-events',
    'awslogs-multiline-pattern',
    'awslogs-region',
    'awslogs-stream',
    'tag',
  ),
  logentries: { ...tagged, ...options('line-only', 'logentries-token') },
  splunk: {
    ...tagged,
    ...options(
      'splunk-caname',
      'splunk-capath',
      'splunk-format',
      'splunk-gzip',
      'splunk-gzip-level',
      'splunk-index',
      'splunk-index-acknowledgment',
      'splunk-insecureskipverify',
      'splunk-source',
      'splunk-sourcetype',
      'splunk-token',
      'splunk-url',
      'splunk-verify-connection',
    ),
  },
  gcplogs: {
    ...attributes,
    ...options('gcp-log-cmd', 'gcp-meta-id', 'gcp-meta-name', 'gcp-meta-zone', 'gcp-project'),
  },
}

/** Options that every driver takes. */
export const COMMON_LOG_OPTIONS: ReadonlySet<string> = new Set([
  'cache-compress',
  'cache-disabled',
  'cache-max-file',
  'cache-max-size',
  'max-buffer-size',
  'mode',
])

export const SYSLOG_FACILITIES: ReadonlySet<string> = new Set(
  'kern user mail daemon auth syslog lpr news uucp cron authpriv ftp local0 local1 local2 local3 local4 local5 local6 local7'.split(
    ' ',
  ),
)
