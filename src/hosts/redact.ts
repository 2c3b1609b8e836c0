/**
 * Takes credentials out of a reading before anything else sees it: parsers, evidence, snapshots. Every host reads through
 * {@link redacted}, so there is one place where it happens. Redacting twice changes nothing.
 *
 * What stays is what judging needs: hosts, ports, paths, the names of variables, options and keys. Where secrets stand is told in `secrets.ts`.
 */
import { REFUSED_ACCESS } from '../data/refused-access.ts'
import type { Reading } from '../model/reading.ts'
import type { CommandOutput, HttpAnswer, Source } from '../model/source.ts'
import type { Host } from './host.ts'
import { HIDDEN, PLACES, type Place } from './secrets.ts'

/** The client adds these headers to every request; people put logins into them. */
const CLIENT_HEADERS = /("HttpHeaders"\s{0,8}:\s{0,8}\{)((?:[^{}"]|"(?:[^"\\]|\\.){0,16384}"){0,4096})\}/g
const MEMBER_VALUE = /(:\s{0,8}")(?:[^"\\]|\\.){1,8192}"/g

/** What containers were given, in the engine's answers. Their names suffice to tell what is set. */
const CONTAINER_ENVIRONMENT = /("Env"\s{0,8}:\s{0,8}\[)((?:[\s,]|"(?:[^"\\]|\\.){0,65536}"){0,8192})\]/g
const ENVIRONMENT_VALUE = /"([^"=\\]{1,256}=)(?:[^"\\]|\\.){1,65536}"/g
const PROXY_NAME = /^(?:https?|ftp|all|no)_proxy=$/i
/** Where a container is told to find a service of its host: address and port are kept, and nothing around them. */
const HOST_SERVICE = /[=/@*]((?:host\.docker\.internal|172\.\d{1,3}\.\d{1,3}\.\d{1,3}):\d{1,5})(?=[/?*"])/

/** What containers are started with and how their health is asked for. Names of long options suffice; passwords come in every form. */
const CONTAINER_ARGUMENTS =
  /("(?:Args|Cmd|Entrypoint|Test)"\s{0,8}:\s{0,8}\[)((?:[\s,]|"(?:[^"\\]|\\.){0,65536}"){0,8192})\]/g
const ARGUMENT = /"(--[\w.-]{1,256}(?:=|(?="))|(?:CMD|CMD-SHELL|NONE)(?="))?((?:[^"\\]|\\.){0,65536})"/g
const ARGUMENTS_SIGN = /"(?:Args|Cmd|Entrypoint|Test)"/
/** The same in a list of containers, as one text: its first word tells the program. */
const CONTAINER_COMMAND = /("Command"\s{0,8}:\s{0,8}"(?:[^"\\\s]|\\.){0,4096}\s)(?:[^"\\]|\\.){1,65536}"/g

/** `user:password@proxy:3128`, a proxy written without its scheme. */
const BARE_CREDENTIALS = /^[^\s/@]{1,512}@/

const PROCESS_ENVIRONMENT = /^\/proc\/[^/]+\/environ$/
/** `container`: what a container manager tells the first process. */
const PLAIN_VARIABLES =
  /^(?:container|\w+_proxy|PATH|HOME|USER|DOCKER_\w+|XDG_RUNTIME_DIR|DBUS_SESSION_BUS_ADDRESS|SSL_CERT_(?:FILE|DIR)|GODEBUG)$/i

/** A container's log may hold anything; only what tells that access was refused is of use. */
const CONTAINER_LOG = /^\/containers\/[^/]+\/logs\b/

/** The kernel's and the auditor's logs tell of commands with their arguments, and of addresses; only what AppArmor denied is of use. */
const KERNEL_LOG = /^\/var\/log\/(?:audit\/audit|kern)\.log$/
const deniedOnly = (log: string): string =>
  log
    .split('\n')
    .filter((line) => line.includes('apparmor="DENIED"'))
    .join('\n')

const SECRET_HEADERS: ReadonlySet<string> = new Set(['set-cookie', 'cookie', 'authorization'])

/** A host whose every reading is redacted. */
export function redacted(
  kind: Host['kind'],
  read: (source: Source, signal: AbortSignal) => Reading | Promise<Reading>,
): Host {
  return {
    kind,
    read: async <S extends Source>(source: S, signal: AbortSignal) =>
      redact(source, await read(source, signal)) as Reading<S>,
  }
}

export function redact(source: Source, reading: Reading): Reading {
  if (reading.state !== 'ok') return { ...reading, reason: clean(reading.reason) }
  if (source.kind === 'file' && source.encoding) return reading
  if (source.kind === 'file' && PROCESS_ENVIRONMENT.test(source.path) && typeof reading.value === 'string') {
    return { ...reading, value: reading.value.split('\0').map(cleanAssignment).join('\0') }
  }
  if (source.kind === 'file' && KERNEL_LOG.test(source.path) && typeof reading.value === 'string') {
    return { ...reading, value: clean(deniedOnly(reading.value)) }
  }
  if (source.kind === 'command' && source.argv[0] === 'dmesg' && isOutput(reading.value)) {
    return { ...reading, value: cleanValue({ ...reading.value, stdout: deniedOnly(reading.value.stdout) }) }
  }
  if (source.kind === 'environment' && typeof reading.value === 'string') {
    return { ...reading, value: cleanVariable(source.name, reading.value) }
  }
  if (source.kind === 'unixHttp' && CONTAINER_LOG.test(source.path) && isAnswer(reading.value)) {
    const { body } = reading.value
    const kept = body.split('\n').filter((line) => REFUSED_ACCESS.test(line))
    return { ...reading, value: cleanValue({ ...reading.value, body: kept.join('\n') }) }
  }
  return { ...reading, value: cleanValue(reading.value) }
}

const isAnswer = (value: object | string): value is HttpAnswer =>
  typeof value === 'object' && 'body' in value && typeof value.body === 'string'

const isOutput = (value: object | string): value is CommandOutput =>
  typeof value === 'object' && 'stdout' in value && typeof value.stdout === 'string'

function cleanVariable(name: string, value: string): string {
  if (/_proxy$/i.test(name)) return clean(value).replace(BARE_CREDENTIALS, `${HIDDEN}@`)
  // As an assignment, so that the rule for variables sees the name.
  return clean(`${name}=${value}`).slice(name.length + 1)
}

/** Of a process's environment only the values that judging needs stay. */
function cleanAssignment(assignment: string): string {
  const [, name = '', value = ''] = /^([^=]*)=(.*)$/s.exec(assignment) ?? []
  if (name === '') return assignment === '' ? '' : HIDDEN
  return `${name}=${PLAIN_VARIABLES.test(name) ? cleanVariable(name, value) : HIDDEN}`
}

/** The same value with every text in it cleaned, however deep. */
function cleanValue<V>(value: V, depth = 0): V {
  if (typeof value === 'string') return clean(value) as V
  if (typeof value !== 'object' || value === null || depth > 32) return value
  if (Array.isArray(value)) return value.map((inner) => cleanValue(inner, depth + 1)) as V
  const pairs = Object.entries(value).map(([key, inner]) => [
    key,
    SECRET_HEADERS.has(key.toLowerCase()) ? HIDDEN : cleanValue(inner, depth + 1),
  ])
  return Object.fromEntries(pairs)
}

export function clean(text: string): string {
  let cleaned = text
  for (const place of PLACES) if (place.sign.test(cleaned)) cleaned = withoutSecrets(cleaned, place)
  if (cleaned.includes('"HttpHeaders"')) {
    cleaned = cleaned.replace(
      CLIENT_HEADERS,
      (_, start: string, members: string) => `${start}${members.replace(MEMBER_VALUE, `$1${HIDDEN}"`)}}`,
    )
  }
  if (cleaned.includes('"Env"')) cleaned = cleaned.replace(CONTAINER_ENVIRONMENT, cleanEnvironment)
  if (cleaned.includes('"Command"')) cleaned = cleaned.replace(CONTAINER_COMMAND, `$1${HIDDEN}"`)
  return ARGUMENTS_SIGN.test(cleaned) ? cleaned.replace(CONTAINER_ARGUMENTS, cleanArguments) : cleaned
}

function withoutSecrets(text: string, { within, ...place }: Place): string {
  if (within) return text.replace(within, (part) => withoutSecrets(part, place))
  const { pattern, unless, to } = place
  if (!unless) return text.replace(pattern, to)
  return text.replace(pattern, (whole: string, before: string, secret: string) =>
    unless.test(secret) ? whole : to.replace('$1', () => before),
  )
}

const cleanArguments = (_: string, start: string, list: string): string =>
  `${start}${list.replace(ARGUMENT, (_, name = '', rest = '') => `"${name}${rest === '' ? '' : HIDDEN}"`)}]`

const cleanEnvironment = (_: string, start: string, variables: string): string => {
  const hidden = variables.replace(ENVIRONMENT_VALUE, (whole: string, name: string) => {
    if (PROXY_NAME.test(name)) return whole
    const service = HOST_SERVICE.exec(whole.slice(name.length))?.[1]
    return `"${name}${HIDDEN}${service ? `${service}${HIDDEN}` : ''}"`
  })
  return `${start}${hidden}]`
}
