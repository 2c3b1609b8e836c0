/** Takes credentials out of a reading before anything else sees it. */
import type { Reading } from '../model/reading.ts'
import type { Source } from '../model/source.ts'

/** `scheme://user:password@host`, as proxies and mirrors are written. */
const URL_CREDENTIALS = /(\b[a-z][a-z0-9+.-]*:\/\/)[^\s/@:"']+(?::[^\s/@"']*)?@/gi
/** Values of the keys under which the client keeps its logins. */
const LOGIN_VALUES = /("(?:auth|identitytoken|registrytoken|password|secret|token)"\s*:\s*")[^"]*"/gi

export function redact(source: Source, reading: Reading): Reading {
  if (reading.state !== 'ok') return reading
  const keepsLogins = source.kind === 'file' && source.path.endsWith('/config.json')
  const clean = (text: string): string => {
    const withoutUrls = text.includes('@') ? text.replace(URL_CREDENTIALS, '$1***@') : text
    return keepsLogins ? withoutUrls.replace(LOGIN_VALUES, '$1***"') : withoutUrls
  }
  return { ...reading, value: redactValue(reading.value, clean) }
}

function redactValue<V>(value: V, clean: (text: string) => string): V {
  if (typeof value === 'string') return clean(value) as V
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value
  const pairs = Object.entries(value).map(([key, inner]) => [
    key,
    typeof inner === 'string' ? clean(inner) : inner,
  ])
  return Object.fromEntries(pairs)
}
