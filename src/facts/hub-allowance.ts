/** How many images Docker Hub still lets this host pull without a login. */
import { defineFact, type Fact, maybe } from '../model/fact.ts'
import { type ProbeAnswer, type ProbeSource, probe } from '../model/source.ts'
import { isHub } from './image-names.ts'
import { standInMirror } from './mirror-stands-in.ts'
import { hubThroughProxy } from './proxy-reach.ts'
import { registryLogins } from './registry-logins.ts'

export type HubAllowance =
  /** `source` is the address, or the IPv6 network, that pulls are counted for; empty where it is not told. */
  | {
      readonly state: 'counted'
      readonly limit: number
      readonly remaining: number
      readonly hours: number
      readonly source: string
    }
  | { readonly state: 'unlimited' }
  /** Asking would not tell what the engine is allowed: why. */
  | { readonly state: 'elsewhere'; readonly why: string }
  | { readonly state: 'silent'; readonly why: string }

/** A HEAD does not count as a pull. @see https://docs.docker.com/docker-hub/usage/pulls/#view-hourly-pull-rate-and-limit */
const MANIFEST = 'https://registry-1.docker.io/v2/ratelimitpreview/test/manifests/latest'
const TOKEN =
  'https://auth.docker.io/token?service=registry.docker.io&scope=repository:ratelimitpreview/test:pull'
const TIMEOUT_MS = 5_000

/** Why the allowance of this host's address is not what counts; null where it is. */
const countedElsewhere: Fact<string | null> = defineFact({
  name: 'hubCountedElsewhere',
  about: 'Why what Docker Hub allows this address without a login does not matter; null where it does.',
  needs: { mirror: standInMirror, through: hubThroughProxy, logins: maybe(registryLogins) },
  parse: (_, { mirror, through, logins }): string | null => {
    if (mirror) return `the mirror ${mirror} gives images of Docker Hub`
    if (through) return "the engine's proxy is what Docker Hub counts for"
    const loggedIn = logins.known && [...logins.value.names].some(isHub)
    return loggedIn ? `${logins.value.whose} is logged in to Docker Hub, which counts for the account` : null
  },
})

export const hubAllowance: Fact<HubAllowance> = defineFact({
  name: 'hubAllowance',
  about: 'How many images Docker Hub still lets this host pull without a login.',
  needs: { elsewhere: countedElsewhere },
  reads: ({ elsewhere }): Record<string, ProbeSource> =>
    elsewhere === null ? { manifest: probe(MANIFEST, { tokenFrom: TOKEN, timeoutMs: TIMEOUT_MS }) } : {},
  reading: `HEAD ${MANIFEST} with an anonymous token (no mirror, proxy or login in use)`,
  parse: ({ manifest }, { elsewhere }): HubAllowance =>
    manifest ? allowanceIn(manifest) : { state: 'elsewhere', why: elsewhere ?? '' },
})

/** Header by header, as in `ratelimit-remaining: 76;w=21600`. */
export function allowanceIn({
  ok,
  status,
  headers = {},
  message = '',
  code = '',
}: ProbeAnswer): HubAllowance {
  if (!ok) return { state: 'silent', why: message || code || 'no answer' }
  const [limit, window] = numbersIn(headers['ratelimit-limit'])
  const [remaining] = numbersIn(headers['ratelimit-remaining'])
  const source = headers['docker-ratelimit-source'] ?? ''
  const hours = Math.round((window ?? SIX_HOURS) / 3600)
  if (status === 429) return { state: 'counted', limit: limit ?? 0, remaining: 0, hours, source }
  if (limit !== undefined && remaining !== undefined)
    return { state: 'counted', limit, remaining, hours, source }
  return status === 200 ? { state: 'unlimited' } : { state: 'silent', why: `HTTP ${status}` }
}

const SIX_HOURS = 21_600

const numbersIn = (header = ''): readonly (number | undefined)[] => {
  const [, count, window] = /^\s*(\d{1,9})\s*(?:;\s*w=(\d{1,9}))?/.exec(header) ?? []
  return [count, window].map((digits) => (digits === undefined ? undefined : Number(digits)))
}
