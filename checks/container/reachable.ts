import { PORT_DEAD } from '../../src/diagnose/phenomena.ts'
import { inOrder } from '../../src/diagnose/question.ts'
import { fromHost, toPort } from '../../src/diagnose/reach/from-host.ts'
import { names, outside } from '../../src/diagnose/reach/from-inside.ts'
import { defineCheck } from '../../src/model/check.ts'
import { among, shows } from '../../src/model/symptom.ts'

const ADDRESS = String.raw`((?:\d{1,3}\.){3}\d{1,3})`
const PINGED = (address: string): string => String.raw`bytes from (?:\S+ \()?${address}\b`
/** Not so far apart that they are about something else. */
const NEAR = String.raw`[\s\S]{0,2000}?`
const START = String.raw`(?<![\d.])`

/** One address answers a ping, and a connection to it ends as `failed` says (its group is the address). The failure alone is looked for first: it is shown. */
const thoughPinged = (failed: (address: string) => string): readonly RegExp[] => [
  new RegExp(`${START}${failed(ADDRESS)}`),
  new RegExp(
    [
      `${START}${failed(ADDRESS)}${NEAR}${PINGED(String.raw`\1`)}`,
      `${PINGED(ADDRESS)}${NEAR}${START}${failed(String.raw`\2`)}`,
    ].join('|'),
  ),
]

/** `wget: can't connect to remote host (10.0.0.5): No route to host` */
const PROHIBITED = thoughPinged(
  (address) => String.raw`${address}\b[^\n]{0,80}(?:No route to host|Host is unreachable|\bEHOSTUNREACH\b)`,
)
/** An address with a port, and there or a line or two later, before another one is named or another command typed, that nobody answers. */
const SILENT = thoughPinged(
  (address) =>
    String.raw`${address}(?::\d|[ ]port[ ]\d|[ ]\d|\/)[^\n]{0,160}?(?:\n(?![^\n]*(?::\/\/|[ ]port[ ]\d|[$#>][ ]))[^\n]{0,160}?){0,3}?(?:timed out|Timeout was reached|\bETIMEDOUT\b)`,
)
const ASK =
  'Who keeps the packets, and of which port? `seaworthy trace CONTAINER --to ADDRESS:PORT`; on that machine `iptables-save`, `nft list ruleset`, `firewall-cmd --list-all`'

export default defineCheck({
  id: 'container/reachable',
  title: 'It is reached, and reaches the outside',
  why: 'What no rule explains a real connection shows: to the container, to its port, and out of it.',
  profiles: ['docker', 'swarm'],
  causedBy: [
    'container/running',
    'container/listening',
    'container/attached',
    'container/published',
    'network/docker-bridge',
    'network/policy-routing',
    'network/ip-forward',
    'network/conntrack',
    'network/dns',
    'firewall/forward-policy',
    'firewall/nftables',
    'firewall/docker-chains',
    'firewall/engine-rules',
  ],
  needsRoot: true,
  symptoms: () => [
    shows(PROHIBITED, 0.8, { finding: 'prohibitedThere', ask: ASK, isPlain: true }),
    shows(SILENT, 0.7, { finding: 'silentThere', ask: ASK, isPlain: true }),
    among(PORT_DEAD, 0.05),
  ],
  ...inOrder(fromHost, toPort, names, outside),
})
