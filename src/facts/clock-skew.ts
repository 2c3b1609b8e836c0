/** How far this host's clock is from others, as far as anything that was seen tells. */
import { defineFact, type Fact, maybe, orAbsent } from '../model/fact.ts'
import { type ProbeAnswer, stat } from '../model/source.ts'
import { now } from './clock.ts'
import { HUB, hubAnswers, mirrorAnswers } from './registries.ts'

export interface ClockSkew {
  /** Milliseconds; positive where this host is ahead. */
  readonly by: number
  /** What it was compared with, as the end of a sentence. */
  readonly than: string
  /** It is known at least so far: a limit, not a measurement. */
  readonly isLimit: boolean
  /** Certificates of public servers are refused for it. */
  readonly refused: boolean
}

/** What a server says of the time, or its certificate where that is refused for its dates. */
export function skewOf(answer: ProbeAnswer, name: string, at: number): ClockSkew | null {
  const date = Date.parse(answer.headers?.date ?? '')
  if (!Number.isNaN(date))
    return { by: at - date, than: `${name} says it is ${iso(date)}`, isLimit: false, refused: false }
  const [from, to] = [
    Date.parse(answer.certificate?.validFrom ?? ''),
    Date.parse(answer.certificate?.validTo ?? ''),
  ]
  const limit = { isLimit: true, refused: true }
  if (answer.code === 'CERT_NOT_YET_VALID' && from > at)
    return { ...limit, by: at - from, than: `the certificate of ${name} is valid from ${iso(from)} on` }
  if (answer.code === 'CERT_HAS_EXPIRED' && to < at)
    return { ...limit, by: at - to, than: `the certificate of ${name} was valid until ${iso(to)}` }
  return null
}

const iso = (time: number): string => new Date(time).toISOString().slice(0, 19)

/** A certificate that a public authority gives lasts no longer. @see https://cabforum.org/working-groups/server/baseline-requirements/ (6.3.2) */
const LONGEST_CERTIFICATE_MS = 398 * 86_400_000

/** Docker Hub is asked first, whose clock is right; of mirrors only the time is taken. */
export const clockSkew: Fact<ClockSkew | null> = defineFact({
  name: 'clockSkew',
  about:
    "The difference to a registry's clock, or to the age of the installed system; null where nothing tells.",
  needs: { now, hub: maybe(hubAnswers), mirrors: maybe(mirrorAnswers) },
  reads: { release: orAbsent(stat('/usr/lib/os-release')) },
  parse: ({ release }, { now, hub, mirrors }): ClockSkew | null => {
    const at = Date.parse(now)
    const fromHub = [HUB.registry, HUB.auth].flatMap((url) => {
      const answer = hub.known ? hub.value.get(url) : undefined
      return (answer && skewOf(answer, new URL(url).host, at)) ?? []
    })
    const measured = fromHub.find(({ isLimit }) => !isLimit)
    // One server's certificate may have been forgotten to be renewed; not both.
    const limit = fromHub.find(({ by }) => by < 0) ?? (fromHub.length > 1 ? fromHub[0] : undefined)
    const believed = measured ?? limit
    if (believed) return believed
    const others = mirrors.known ? [...mirrors.value] : []
    const dated = others.flatMap(([url, answer]) => skewOf(answer, new URL(url).host, at) ?? [])
    const told = dated.find(({ isLimit }) => !isLimit)
    if (told) return told
    const built = release?.mtimeMs ?? 0
    if (built <= at) return null
    const than = `this system was built on ${iso(built)}`
    return { by: at - built, than, isLimit: true, refused: built - at > LONGEST_CERTIFICATE_MS }
  },
})
