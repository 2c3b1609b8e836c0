/** Interfaces, routes and policy rules, as iproute2 tells them. */
import { type AsReading, asReading, defineFact, type Fact, orAbsent, unavailable } from '../model/fact.ts'
import type { Reading } from '../model/reading.ts'
import { type CommandSource, command, file, sourceKey } from '../model/source.ts'
import type { Family } from '../net/cidr.ts'
import type { NetInterface } from '../net/interface.ts'
import { parseIpInterfacesJson, parseIpRoutesJson, parseIpRulesJson } from '../net/ip-json.ts'
import { parseIpInterfacesText, parseIpRoutesText, parseIpRulesText } from '../net/ip-text.ts'
import { parseResolvConf, type ResolvConf } from '../net/resolv-conf.ts'
import type { Route, RoutingRule } from '../net/route.ts'

type Words = readonly [string, ...string[]]

const worked = (reading: Reading<CommandSource> | undefined): string | null =>
  reading?.state === 'ok' && reading.value.exit === 0 ? reading.value.stdout : null

/** What `ip` tells as JSON; its text where it is too old for `-j` (iproute2 before 4.13, as on CentOS 7). */
function ipFact<T>(
  name: string,
  about: string,
  words: Words,
  parsers: { readonly json: (text: string) => T; readonly text: (text: string) => T },
): Fact<T> {
  const json = command(['ip', '-j', ...words])
  const plain = command(['ip', ...words])
  const asJson = defineFact({
    name: `${name} as JSON`,
    about: `${about} (as JSON)`,
    reads: { json: asReading(json) },
    parse: ({ json }) => json,
  })
  return defineFact({
    name,
    about,
    needs: { asJson },
    reads: ({ asJson }): Record<string, AsReading<CommandSource>> =>
      asJson.state === 'ok' && asJson.value.exit !== 0 ? { plain: asReading(plain) } : {},
    reading: `${sourceKey(plain)} (where ip is too old for -j)`,
    parse: ({ plain: old }, { asJson }): T => {
      const text = worked(asJson)
      if (text !== null) return parsers.json(text.trim() === '' ? '[]' : text)
      const oldText = worked(old)
      if (oldText !== null) return parsers.text(oldText)
      if (asJson.state !== 'ok') return unavailable(sourceKey(json), asJson)
      const reason = asJson.value.stderr.trim().split('\n')[0] ?? ''
      return unavailable(sourceKey(json), { state: 'failed', reason, durationMs: 0 })
    },
  })
}

/** With kinds (`-d`), masters and addresses. */
export const interfaces: Fact<readonly NetInterface[]> = ipFact(
  'interfaces',
  'Every network interface, with its addresses, kind, MTU and bridge.',
  ['-d', 'addr', 'show'],
  { json: parseIpInterfacesJson, text: parseIpInterfacesText },
)

const routesOf = (family: Family): Fact<readonly Route[]> =>
  ipFact(
    family === 4 ? 'routes' : 'routes6',
    `Every IPv${family} route of every table.`,
    [`-${family}`, 'route', 'show', 'table', 'all'],
    { json: (text) => parseIpRoutesJson(text, family), text: (text) => parseIpRoutesText(text, family) },
  )

export const routes: Fact<readonly Route[]> = routesOf(4)
export const routes6: Fact<readonly Route[]> = routesOf(6)

export const routingRules: Fact<readonly RoutingRule[]> = ipFact(
  'routingRules',
  'The IPv4 policy rules, in order.',
  ['-4', 'rule', 'show'],
  { json: (text) => parseIpRulesJson(text, 4), text: (text) => parseIpRulesText(text, 4) },
)

/** Null where the file does not exist, or is a link to nowhere. */
export const resolvConf: Fact<ResolvConf | null> = defineFact({
  name: 'resolvConf',
  about: "The host's /etc/resolv.conf; null where there is none.",
  reads: { text: orAbsent(file('/etc/resolv.conf')) },
  parse: ({ text }) => (text === null ? null : parseResolvConf(text)),
})
