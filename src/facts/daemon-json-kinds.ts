/** What a problem of daemon.json means for a host, and which check speaks of it. */
import type { Problem } from '../daemon-json/index.ts'

export type Kind =
  | 'encoding'
  | 'empty'
  | 'syntax'
  | 'unknownKey'
  | 'removedKey'
  | 'wrongType'
  | 'badValue'
  | 'badDriver'
  | 'badRegistry'
  | 'badNetwork'
  | 'badSecurity'
  | 'badRuntime'
  | 'badLogging'
  | 'singular'
  | 'doubtful'

const KINDS: Readonly<Record<string, Kind>> = {
  'utf-16': 'encoding',
  'byte-order-mark': 'encoding',
  'invalid-utf-8': 'encoding',
  'nul-byte': 'encoding',
  'empty-file': 'empty',
  'unknown-key': 'unknownKey',
  'unknown-inner-key': 'unknownKey',
  'unusable-key': 'unknownKey',
  'key-too-new': 'unknownKey',
  'removed-key': 'removedKey',
  'wrong-type': 'wrongType',
}

/** Keys whose values another check judges as well: of the two that one names the cause. */
const SUBJECTS: readonly (readonly [RegExp, Kind])[] = [
  [/^(default-runtime|runtimes)\b/, 'badRuntime'],
  [/^log-(driver|opts)\b/, 'badLogging'],
  [/^storage-/, 'badDriver'],
  [/^(registry-mirrors|insecure-registries)\b/, 'badRegistry'],
  [
    /^(bip6?|bridge|fixed-cidr|fixed-cidr-v6|default-address-pools|default-gateway|default-gateway-v6|ipv6|ip6tables)\b/,
    'badNetwork',
  ],
  [/^(tls|tlsverify|tlscacert|tlscert|tlskey|userns-remap)\b/, 'badSecurity'],
]

/** Warnings that say: the file does not do what it seems to say. The others are advice, or another check's. */
const TELLING: ReadonlySet<string> = new Set([
  'second-object',
  'text-after-end',
  'duplicate-key',
  'deprecated-key',
  'ignored-key',
  'ignored-inner-key',
  'ignored-object',
  'unknown-inner-key',
  'unknown-ulimit',
  'unknown-feature',
  'host-is-a-number',
  'no-effect',
])

/** null for what other checks say: the command line, log rotation, storage, registries, networks, … */
export function kindOf({ level, finding, key }: Problem): Kind | null {
  if (finding === 'set-twice' || finding === 'clashes-with-unit') return null
  if (finding === 'singular-key') return 'singular'
  if (level === 'warn') return TELLING.has(finding) ? 'doubtful' : null
  const kind = KINDS[finding]
  if (kind) return kind
  if (key === null) return 'syntax'
  return SUBJECTS.find(([pattern]) => pattern.test(key))?.[1] ?? 'badValue'
}
