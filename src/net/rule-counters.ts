/** How many packets a rule or policy has stopped. */
export interface StopCounter {
  /** `filter`; of nftables with its family, `inet hardening`. */
  readonly table: string
  /** Of nftables, whose rules do not say it. */
  readonly chain?: string
  /** `-A DOCKER-USER -j DROP`, or `the policy of FORWARD`. */
  readonly rule: string
  readonly isPolicy?: true
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

/** Rules and policies of `iptables-save -c` that stop packets which are passed on. Never throws: lines of another form are passed over. */
export function parseStopCounters(text: string): StopCounter[] {
  let table = ''
  const counted = text.split('\n').flatMap((line): Counted[] => {
    table = TABLE.exec(line)?.[1] ?? table
    const [, packets, rule, chain, target] = RULE.exec(line) ?? []
    if (packets !== undefined && rule !== undefined && chain && target)
      return [{ chain, target, counter: { table, rule, packets: Number(packets) } }]
    const [, base, count] = POLICY.exec(line) ?? []
    if (!base) return []
    const counter = { table, rule: `the policy of ${base}`, isPolicy: true, packets: Number(count) } as const
    return [{ chain: base, target: 'DROP', counter }]
  })
  const passed = passedChains(counted)
  return counted
    .filter(({ target, chain, counter }) => STOPS.has(target) && passed.has(keyOf(counter.table, chain)))
    .map(({ counter }) => counter)
}

const keyOf = (table: string, chain: string): string => `${table} ${chain}`

/** The chains that a packet which is passed on may come to. */
function passedChains(counted: readonly Counted[]): ReadonlySet<string> {
  const leads = new Map<string, Set<string>>()
  for (const { chain, target, counter } of counted) {
    const from = keyOf(counter.table, chain)
    leads.set(from, (leads.get(from) ?? new Set()).add(keyOf(counter.table, target)))
  }
  const tables = new Set(counted.map(({ counter }) => counter.table))
  const reached = new Set([...tables].flatMap((table) => PASSED.map((chain) => keyOf(table, chain))))
  // A set that grows while it is walked is walked to its end.
  for (const chain of reached) for (const next of leads.get(chain) ?? []) reached.add(next)
  return reached
}

/** Those that stopped something in between, with how much. */
export function movedCounters(before: readonly StopCounter[], after: readonly StopCounter[]): StopCounter[] {
  const counts = new Map<string, number>()
  const key = ({ table, chain = '', rule }: StopCounter): string => `${table} ${chain} ${rule}`
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
