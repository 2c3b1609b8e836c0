/**
 * What `iptables -L -n -v` prints of one table, in the words of `iptables -S`. Only with `-v` it says which interfaces a rule asks for, and only with `-n`
 * which addresses and ports.
 */

/** The table that a command lists as a whole; null for another command. */
export function verboseTable(command: string): string | null {
  const [program, ...words] = command.split(/\s+/)
  if (program !== 'iptables') return null
  const at = words.findIndex((word) => word === '-t' || word === '--table')
  const table = at < 0 ? 'filter' : words[at + 1]
  const rest = at < 0 ? words : words.toSpliced(at, 2)
  const letters = rest.map((word) => LONG[word] ?? /^-([nvLxw]+)$/.exec(word)?.[1] ?? null)
  if (table === undefined || !letters.every((one) => one !== null)) return null
  return ['L', 'n', 'v'].every((letter) => letters.join('').includes(letter)) ? table : null
}

const LONG: Readonly<Record<string, string>> = {
  '--list': 'L',
  '--numeric': 'n',
  '--verbose': 'v',
  '--exact': 'x',
  '--wait': 'w',
  '--line-numbers': '',
}

const HEADER = /^Chain (\S+) \((?:policy (\w+)[^)]*|\d+ references)\)$/
const COLUMNS = /^(num\s+)?pkts\s+bytes\s+target\s+prot\s+opt\s+in\s+out\s+source\s+destination$/
const ROW =
  /^\d+[KMGT]?\s+\d+[KMGT]?\s+(?:(?<target>\S+)\s+)?(?<proto>\S+)\s+--\s+(?<iif>\S+)\s+(?<oif>\S+)\s+(?<src>!?[\d./]+)\s+(?<dst>!?[\d./]+)\s*(?<rest>.*)$/

/** Targets that are no chains. A listing that leads to another one, and does not show it, was cut. */
const ENDS = ['ACCEPT', 'DROP', 'REJECT', 'RETURN', 'LOG', 'MASQUERADE', 'DNAT', 'SNAT', 'REDIRECT'] as const

/** Null where any line is not understood: what a rule asks beside is no detail. */
export function rulesListed(text: string): string | null {
  const chains: string[] = []
  const rules: string[] = []
  let chain: string | undefined
  let isNumbered = false
  for (const line of text.split('\n').map((one) => one.trim())) {
    const header = HEADER.exec(line)
    const columns = COLUMNS.exec(line)
    if (header) {
      chain = header[1]
      chains.push(header[2] ? `-P ${chain} ${header[2]}` : `-N ${chain}`)
    } else if (columns) isNumbered = columns[1] !== undefined
    else if (line !== '' && !line.startsWith('#')) {
      const rule = ruleIn(isNumbered ? line.replace(/^\d+\s+/, '') : line)
      if (chain === undefined || rule === null) return null
      rules.push(`-A ${chain}${rule}`)
    }
  }
  const names = new Set([...ENDS, ...chains.map((one) => one.split(' ')[1])])
  const isWhole = rules.every((rule) =>
    names.has(/ -[jg] (\S+)/.exec(rule.replace(/"[^"]*"/g, ''))?.[1] ?? 'RETURN'),
  )
  return chains.length > 0 && isWhole ? [...chains, ...rules].join('\n') : null
}

function ruleIn(line: string): string | null {
  const {
    target,
    proto = '',
    iif = '',
    oif = '',
    src = '',
    dst = '',
    rest = '',
  } = ROW.exec(line)?.groups ?? {}
  if (dst === '') return null
  const read = matchesIn(rest)
  if (!read) return null
  const protocol = PROTOCOLS[proto.replace('!', '')] ?? proto.replace('!', '')
  const words = [
    option('-s', src, (text) => (text === '0.0.0.0/0' ? null : blockOf(text))),
    option('-d', dst, (text) => (text === '0.0.0.0/0' ? null : blockOf(text))),
    option('-i', iif, (text) => (text === '*' ? null : text)),
    option('-o', oif, (text) => (text === '*' ? null : text)),
    protocol === 'all' ? '' : option('-p', `${proto.startsWith('!') ? '!' : ''}${protocol}`, (text) => text),
    ...read.matches,
    target === undefined ? '' : `${read.goes ? '-g' : '-j'} ${target}`,
    ...read.ends.map((end) => (target === 'SNAT' ? end.replace('--to-destination', '--to-source') : end)),
  ]
  return words
    .filter((word) => word !== '')
    .map((word) => ` ${word}`)
    .join('')
}

/** By number since 1.8.9. @see https://git.netfilter.org/iptables/commit/?id=b6196c7504d4d41827cea86c167926125cdbf1f3 */
const PROTOCOLS: Readonly<Record<string, string>> = { 0: 'all', 1: 'icmp', 6: 'tcp', 17: 'udp', 132: 'sctp' }

const blockOf = (text: string): string => (text.includes('/') ? text : `${text}/32`)

/** `!docker0` is `! -i docker0`. */
function option(name: string, column: string, value: (text: string) => string | null): string {
  const isNot = column.startsWith('!')
  const text = value(isNot ? column.slice(1) : column)
  return text === null && !isNot ? '' : `${isNot ? '! ' : ''}${name} ${text ?? column.slice(1)}`
}

interface Read {
  readonly matches: string[]
  /** What belongs to the target. */
  readonly ends: string[]
  goes: boolean
}

type Take = (found: RegExpExecArray) => { match: string } | { end: string } | 'goto' | 'nothing'

const not = (mark: string | undefined): string => (mark ? '! ' : '')

/** What stands behind the columns, as the extensions of iptables print it. */
const EXTENSIONS: readonly (readonly [RegExp, Take])[] = [
  [
    /^\/\* ([^"\\]*?) \*\//,
    ([, text = '']) => ({ match: `-m comment --comment ${/^[^\s']+$/.test(text) ? text : `"${text}"`}` }),
  ],
  [
    /^(tcp|udp|sctp)((?: [sd]pts?:!?\d+(?::\d+)?)+)(?=\s|$)/,
    ([, protocol = '', ports = '']) => ({
      match: [
        `-m ${protocol}`,
        ...[...ports.matchAll(/([sd])pts?:(!?)(\d+(?::\d+)?)/g)].map(
          ([, side, mark, port]) => `${not(mark)}--${side}port ${port}`,
        ),
      ].join(' '),
    }),
  ],
  [
    /^(!?\s?)ctstate ([A-Z,]+)(?=\s|$)/,
    ([, mark, states]) => ({ match: `-m conntrack ${not(mark)}--ctstate ${states}` }),
  ],
  [
    /^(!?\s?)state ([A-Z,]+)(?=\s|$)/,
    ([, mark, states]) => ({ match: `-m state ${not(mark)}--state ${states}` }),
  ],
  [
    /^ADDRTYPE match (src|dst)-type (!?\s?)([A-Z,]+)(?=\s|$)/,
    ([, side, mark, types]) => ({ match: `-m addrtype ${not(mark)}--${side}-type ${types}` }),
  ],
  [
    /^multiport (dports|sports|ports) ([\d,:]+)(?=\s|$)/,
    ([, which, ports]) => ({ match: `-m multiport --${which} ${ports}` }),
  ],
  [
    /^limit: avg (\d+\/(?:sec|min|hour|day)) burst (\d+)(?=\s|$)/,
    ([, rate, burst]) => ({ match: `-m limit --limit ${rate} --limit-burst ${burst}` }),
  ],
  [/^icmp(?:type | type )(\d+)(?=\s|$)/, ([, type]) => ({ match: `-m icmp --icmp-type ${type}` })],
  [/^reject-with (icmp-[\w-]+|tcp-reset)(?=\s|$)/, ([, how]) => ({ end: `--reject-with ${how}` })],
  [/^to:(\S+)(?=\s|$)/, ([, address]) => ({ end: `--to-destination ${address}` })],
  [/^redir ports (\d+)(?=\s|$)/, ([, port]) => ({ end: `--to-ports ${port}` })],
  [/^LOG flags \d+ level \d+(?: prefix "[^"]*")?(?=\s|$)/, () => 'nothing'],
  [/^\[goto\]/, () => 'goto'],
]

function matchesIn(text: string): Read | null {
  const read: Read = { matches: [], ends: [], goes: false }
  let rest = text
  while (rest !== '') {
    const known = EXTENSIONS.map(([pattern, take]) => ({ found: pattern.exec(rest), take })).find(
      ({ found }) => found,
    )
    if (!known?.found) return null
    const taken = known.take(known.found)
    if (taken === 'goto') read.goes = true
    else if (taken !== 'nothing' && 'match' in taken) read.matches.push(taken.match)
    else if (taken !== 'nothing') read.ends.push(taken.end)
    rest = rest.slice(known.found[0].length).trimStart()
  }
  return read
}
