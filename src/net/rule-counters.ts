/** How many packets each rule or policy has stopped, as `iptables-save -c` prints it. */
export interface StopCounter {
  readonly table: string
  /** `-A DOCKER-USER -j DROP`, or `the policy of FORWARD`. */
  readonly rule: string
  readonly packets: number
}

const TABLE = /^\*(\S+)/
const RULE = /^\[(\d+):\d+\] (-A (\S+)(?: .*)? (?:-[jg]|--jump|--goto) (\S+).*)$/
const POLICY = /^:(\S+) DROP \[(\d+):\d+\]/
const STOPS: ReadonlySet<string> = new Set(['DROP', 'REJECT'])
/** Where packets pass that are not this host's own. What INPUT drops, on any network, says nothing about them. */
const PASSED = ['FORWARD', 'PREROUTING', 'POSTROUTING'] as const

interface Counted {
  readonly chain: string
  readonly target: string
  readonly counter: StopCounter
}

/** Rules and policies that stop packets which are passed on. Never throws: lines of another form are passed over. */
export function parseStopCounters(text: string): StopCounter[] {
  let table = ''
  const counted = text.split('\n').flatMap((line): Counted[] => {
    table = TABLE.exec(line)?.[1] ?? table
    const [, packets, rule, chain, target] = RULE.exec(line) ?? []
    if (packets !== undefined && rule !== undefined && chain && target)
      return [{ chain, target, counter: { table, rule, packets: Number(packets) } }]
    const [, base, count] = POLICY.exec(line) ?? []
    if (!base) return []
    return [
      {
        chain: base,
        target: 'DROP',
        counter: { table, rule: `the policy of ${base}`, packets: Number(count) },
      },
    ]
  })
  return counted
    .filter(({ target, chain, counter }) => STOPS.has(target) && isPassed(chain, counter.table, counted))
    .map(({ counter }) => counter)
}

/** Whether a packet that is passed on may come to a chain. */
function isPassed(chain: string, table: string, counted: readonly Counted[]): boolean {
  const reached = new Set<string>(PASSED)
  for (const name of reached)
    for (const one of counted)
      if (one.counter.table === table && one.chain === name && !STOPS.has(one.target)) reached.add(one.target)
  return reached.has(chain)
}

/** Those that stopped something in between, with how much. */
export function movedCounters(before: readonly StopCounter[], after: readonly StopCounter[]): StopCounter[] {
  const counts = new Map<string, number>()
  const key = ({ table, rule }: StopCounter): string => `${table} ${rule}`
  for (const one of before) counts.set(key(one), (counts.get(key(one)) ?? 0) + one.packets)
  const sums = new Map<string, StopCounter>()
  for (const one of after) {
    const packets = (sums.get(key(one))?.packets ?? 0) + one.packets
    sums.set(key(one), { ...one, packets })
  }
  return [...sums.values()]
    .map((one) => ({ ...one, packets: one.packets - (counts.get(key(one)) ?? one.packets) }))
    .filter(({ packets }) => packets > 0)
}
