/** How many packets each rule or policy has stopped, as `iptables-save -c` prints it. */
export interface StopCounter {
  readonly table: string
  /** `-A DOCKER-USER -j DROP`, or `the policy of FORWARD`. */
  readonly rule: string
  readonly packets: number
}

const TABLE = /^\*(\S+)/
const RULE = /^\[(\d+):\d+\] (-A .*(?:-j|--jump) (?:DROP|REJECT)\b.*)$/
const POLICY = /^:(\S+) DROP \[(\d+):\d+\]/

/** Never throws: lines of another form are passed over. */
export function parseStopCounters(text: string): StopCounter[] {
  let table = ''
  return text.split('\n').flatMap((line): StopCounter[] => {
    table = TABLE.exec(line)?.[1] ?? table
    const [, packets, rule] = RULE.exec(line) ?? []
    if (packets !== undefined && rule !== undefined) return [{ table, rule, packets: Number(packets) }]
    const [, chain, count] = POLICY.exec(line) ?? []
    return chain ? [{ table, rule: `the policy of ${chain}`, packets: Number(count) }] : []
  })
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
