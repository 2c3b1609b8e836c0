/** Interfaces, routes and policy rules, as iproute2 tells them. */
import { type AsReading, asReading, defineFact, type Fact, orAbsent, unavailable } from '../model/fact.ts'
import { missing, type Reading } from '../model/reading.ts'
import { type CommandSource, command, file, sourceKey } from '../model/source.ts'
import type { NetInterface } from '../net/interface.ts'
import { parseIpInterfacesJson, parseIpRoutesJson, parseIpRulesJson } from '../net/ip-json.ts'
import { parseIpInterfacesText, parseIpRoutesText, parseIpRulesText } from '../net/ip-text.ts'
import { parseResolvConf, type ResolvConf } from '../net/resolv-conf.ts'
import type { Route, RoutingRule } from '../net/route.ts'
import { engineMayRun } from './engine.ts'

type Words = readonly [string, ...string[]]

const worked = (reading: Reading<CommandSource> | null | undefined): string | null =>
  reading?.state === 'ok' && reading.value.exit === 0 ? reading.value.stdout : null

/** Where the answer is known without asking: starting a program costs more than reading a hundred files. */
interface Needless<T> {
  readonly when: Fact<boolean>
  readonly value: T
}

/** What `ip` tells as JSON; its text where it is too old for `-j` (iproute2 before 4.13, as on CentOS 7). */
function ipFact<T>(
  name: string,
  about: string,
  words: Words,
  parsers: { readonly json: (text: string) => T; readonly text: (text: string) => T },
  needless: Needless<T> | null = null,
): Fact<T> {
  const json = command(['ip', '-j', ...words])
  const plain = command(['ip', ...words])
  const asJson: Fact<Reading<CommandSource> | null> = defineFact({
    name: `${name} as JSON`,
    about: `${about} (as JSON)`,
    needs: { needless: needless?.when ?? never },
    reads: ({ needless }): Record<string, AsReading<CommandSource>> =>
      needless ? {} : { json: asReading(json) },
    reading: sourceKey(json),
    parse: ({ json }) => json ?? null,
  })
  return defineFact({
    name,
    about,
    needs: { asJson },
    reads: ({ asJson }): Record<string, AsReading<CommandSource>> =>
      asJson?.state === 'ok' && asJson.value.exit !== 0 ? { plain: asReading(plain) } : {},
    reading: `${sourceKey(plain)} (where ip is too old for -j)`,
    parse: ({ plain: old }, { asJson }): T => {
      if (asJson === null && needless) return needless.value
      const text = worked(asJson)
      if (text !== null) return parsers.json(text.trim() === '' ? '[]' : text)
      const oldText = worked(old)
      if (oldText !== null) return parsers.text(oldText)
      if (asJson?.state !== 'ok')
        return unavailable(sourceKey(json), asJson ?? missing('failed', 'was not asked'))
      const reason = asJson.value.stderr.trim().split('\n')[0] ?? ''
      return unavailable(sourceKey(json), missing('failed', reason))
    },
  })
}

const never: Fact<boolean> = defineFact({ name: 'never', about: 'False.', parse: () => false })

/** With kinds (`-d`), masters and addresses. */
export const interfaces: Fact<readonly NetInterface[]> = ipFact(
  'interfaces',
  'Every network interface, with its addresses, kind, MTU and bridge.',
  ['-d', 'addr', 'show'],
  { json: parseIpInterfacesJson, text: parseIpInterfacesText },
)

const ROUTES = ['route', 'show', 'table', 'all'] as const

export const routes: Fact<readonly Route[]> = ipFact(
  'routes',
  'Every IPv4 route of every table.',
  ['-4', ...ROUTES],
  {
    json: (text) => parseIpRoutesJson(text, 4),
    text: (text) => parseIpRoutesText(text, 4),
  },
)

/** A default route of an interface: `0…0 00 0…0 00 gateway metric uses refs flags device`. @see https://www.kernel.org/doc/Documentation/networking/ipv6.txt */
const DEFAULT6 = /^0{32} 00 0{32} 00 (?!.*\blo$)/m

const noDefaultRoute6: Fact<boolean> = defineFact({
  name: 'noDefaultRoute6',
  about: 'Whether the main table has no IPv6 default route.',
  reads: { table: orAbsent(file('/proc/net/ipv6_route')) },
  parse: ({ table }) => !DEFAULT6.test(table ?? ''),
})

/** Empty where none of them leads out of the host. */
export const routes6: Fact<readonly Route[]> = ipFact(
  'routes6',
  'Every IPv6 route of every table; empty without a default route.',
  ['-6', ...ROUTES],
  { json: (text) => parseIpRoutesJson(text, 6), text: (text) => parseIpRoutesText(text, 6) },
  { when: noDefaultRoute6, value: [] },
)

const STANDARD_TABLES: ReadonlySet<string> = new Set(['local', 'main', 'default'])
/** What the kernel begins with. @see https://man7.org/linux/man-pages/man8/ip-rule.8.html */
const STANDARD_RULES =
  '[{"priority":0,"src":"all","table":"local"},{"priority":32766,"src":"all","table":"main"},{"priority":32767,"src":"all","table":"default"}]'

const onlyStandardRules: Fact<boolean> = defineFact({
  name: 'onlyStandardRules',
  about:
    'Whether policy rules can be left aside: no engine runs, and there is no table that they could lead to.',
  needs: { routes, engineMayRun },
  parse: (_, { routes, engineMayRun }) =>
    !engineMayRun && routes.every(({ table }) => STANDARD_TABLES.has(table)),
})

export const routingRules: Fact<readonly RoutingRule[]> = ipFact(
  'routingRules',
  'The IPv4 policy rules, in order.',
  ['-4', 'rule', 'show'],
  { json: (text) => parseIpRulesJson(text, 4), text: (text) => parseIpRulesText(text, 4) },
  { when: onlyStandardRules, value: parseIpRulesJson(STANDARD_RULES, 4) },
)

/** Null where the file does not exist, or is a link to nowhere. */
export const resolvConf: Fact<ResolvConf | null> = defineFact({
  name: 'resolvConf',
  about: "The host's /etc/resolv.conf; null where there is none.",
  reads: { text: orAbsent(file('/etc/resolv.conf')) },
  parse: ({ text }) => (text === null ? null : parseResolvConf(text)),
})
