import type { IptablesMatch } from '../iptables.ts'
import {
  addressIn,
  addressTypeIn,
  comesRight,
  directionIs,
  icmpTypeIs,
  inBlock,
  inRange,
  interfaceIs,
  isFamily,
  markIs,
  negated,
  never,
  originalDst,
  type PortRange,
  portIn,
  protocolIs,
  stateIn,
  tcpFlagsAre,
  unknown,
} from './packet-tests.ts'
import type { Test } from './program.ts'
import { any, fromBoolean, not, type Ternary } from './ternary.ts'

/** The question that a rule's option asks. Options nobody here understands ask for what cannot be known. */
export function iptablesTest(match: IptablesMatch): Test {
  const { module = '', option, values } = match
  const [value = ''] = values
  const make = TESTS.get(`${module} ${option}`) ?? TESTS.get(`* ${option}`)
  return make === undefined ? unknown : negated(match.negate, make(value, values))
}

const TESTS: ReadonlyMap<string, (value: string, values: readonly string[]) => Test> = new Map(
  Object.entries({
    ' -i': (name: string) => interfaceIs('iif', name, '+'),
    ' -o': (name: string) => interfaceIs('oif', name, '+'),
    ' -s': (list: string) => addressIn('src', list.split(',')),
    ' -d': (list: string) => addressIn('dst', list.split(',')),
    ' -p': protocolIs,
    ' -4': () => isFamily(4),
    ' -6': () => isFamily(6),
    ' -f': () => never,
    'comment --comment': () => always,
    // A bare `-m tcp` asks nothing that `-p tcp` has not asked.
    ...Object.fromEntries(
      ['tcp', 'udp', 'icmp', 'icmp6', 'comment'].map((name) => [`${name} `, () => always]),
    ),
    '* --dport': (text: string) => portIn('dport', [portRange(text)]),
    '* --sport': (text: string) => portIn('sport', [portRange(text)]),
    '* --dports': (list: string) => portIn('dport', portRanges(list)),
    '* --sports': (list: string) => portIn('sport', portRanges(list)),
    'multiport --ports': eitherPort,
    '* --tcp-flags': (mask: string, [, set = '']: readonly string[]) =>
      tcpFlagsAre(mask.split(','), set.split(',')),
    '* --syn': () => tcpFlagsAre(['fin', 'syn', 'rst', 'ack'], ['syn']),
    '* --icmp-type': icmpType,
    '* --icmpv6-type': icmpType,
    'conntrack --ctstate': (list: string) => stateIn(list.split(',')),
    'state --state': (list: string) => stateIn(list.split(',')),
    'conntrack --ctdir': directionIs,
    'conntrack --ctproto': protocolIs,
    'conntrack --ctorigdst':
      (list: string): Test =>
      (state) =>
        any(list.split(',').map((block) => inBlock(originalDst(state).dst, block))),
    'conntrack --ctorigdstport':
      (text: string): Test =>
      (state) =>
        inPorts(originalDst(state).dport, [portRange(text)]),
    'mark --mark': (text: string) => mark(text),
    'addrtype --dst-type': (list: string) => addressTypeIn('dst', list.split(',')),
    'addrtype --src-type': (list: string) => addressTypeIn('src', list.split(',')),
    'iprange --src-range':
      (text: string): Test =>
      ({ packet }) =>
        inRange(packet.src, ...bounds(text)),
    'iprange --dst-range':
      (text: string): Test =>
      ({ packet }) =>
        inRange(packet.dst, ...bounds(text)),
    'rpfilter ': () => comesRight,
    ...Object.fromEntries(
      ['--loose', '--validmark', '--accept-local'].map((name) => [`rpfilter ${name}`, () => comesRight]),
    ),
    'rpfilter --invert': (): Test => (state) => not(comesRight(state)),
    'physdev --physdev-is-bridged': (): Test => bridged,
  }),
)

const always: Test = () => 'yes'

/** A packet that is routed from one interface to another is not bridged; within a bridge it may be. */
const bridged: Test = ({ packet: { iif, oif } }) =>
  iif !== undefined && oif !== undefined && iif !== oif ? 'no' : 'maybe'

function eitherPort(list: string): Test {
  const ranges = portRanges(list)
  return (state) => any([portIn('sport', ranges)(state), portIn('dport', ranges)(state)])
}

function portRanges(list: string): PortRange[] {
  return list.split(',').map(portRange)
}

// `80`, `8000:8100`, `:1023`, `1024:`
function portRange(text: string): PortRange {
  const [low = '', high = low] = text.split(':')
  return [Number(low === '' ? 0 : low), Number(high === '' ? 65_535 : high)]
}

function inPorts(port: number | undefined, ranges: readonly PortRange[]): Ternary {
  return port === undefined ? 'maybe' : fromBoolean(ranges.some(([low, high]) => low <= port && port <= high))
}

function icmpType(text: string): Test {
  if (text === 'any' || text === '255') return always
  const [type = ''] = text.split('/')
  return icmpTypeIs(ICMP_NAMES.get(type) ?? (/^\d+$/.test(type) ? Number(type) : undefined))
}

const ICMP_NAMES: ReadonlyMap<string, number> = new Map([
  ['echo-request', 8],
  ['echo-reply', 0],
  ['destination-unreachable', 3],
])

// `0x1` or `0x1/0xff`
function mark(text: string): Test {
  const [value, mask] = text.split('/')
  const numbers = [Number(value), Number(mask ?? 0xffffffff)] as const
  return numbers.every(Number.isInteger) ? markIs(...numbers) : unknown
}

function bounds(text: string): [first: string, last: string] {
  const [first = '', last = first] = text.split('-')
  return [first, last]
}

/** Whether a rule's options all hold. Exported for rules that carry `--limit-iface-in` and the like. */
export function iptablesTests(matches: readonly IptablesMatch[]): Test[] {
  const limited = matches.some(
    ({ option }) => option === '--limit-iface-in' || option === '--limit-iface-out',
  )
  return matches
    .filter(({ option }) => option !== '--limit-iface-in' && option !== '--limit-iface-out')
    .map((match) => (limited && match.module === 'addrtype' ? perInterface(match) : iptablesTest(match)))
}

// Whether an address is local to one interface is not known; an address that is not local at all is not.
function perInterface(match: IptablesMatch): Test {
  const test = iptablesTest({ ...match, negate: false })
  const limited: Test = (state) => (test(state) === 'no' ? 'no' : 'maybe')
  return match.negate ? (state) => not(limited(state)) : limited
}
