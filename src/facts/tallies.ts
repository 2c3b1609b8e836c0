/** What has been dropped and refused on this host and in the named container: counted before something is sent, and after. */
import {
  type AsReading,
  asReading,
  defineFact,
  type Fact,
  maybe,
  type OrAbsent,
  orAbsent,
} from '../model/fact.ts'
import type { Reading } from '../model/reading.ts'
import { type CommandSource, command, type FileSource, file } from '../model/source.ts'
import { nftStopCounters } from '../net/nft-counters.ts'
import { parseNftRuleset } from '../net/nftables.ts'
import { ParseError } from '../net/parse-error.ts'
import type { Hook } from '../net/path/program.ts'
import { parseSnmpNumber } from '../net/proc-net-snmp.ts'
import { parseStopCounters, type StopCounter } from '../net/rule-counters.ts'
import { nftables, savePrograms } from './firewall.ts'
import { innerProcess } from './named-container.ts'
import { settings } from './settings.ts'

const NFT = 'nft'
const EVERYWHERE: readonly Hook[] = ['prerouting', 'input', 'forward', 'output', 'postrouting']

export interface Tally {
  /** How many packets each rule and policy has stopped that packets on these hooks may come to. */
  readonly stoppedOn: (hooks: readonly Hook[]) => readonly StopCounter[]
  /** "Unreachable" messages that this host has sent; null where not told. */
  readonly sent: number | null
  /** Those that the container has got, and those that it has sent. */
  readonly got: number | null
  readonly said: number | null
}

/**
 * What is counted before and after a packet is sent. A source is read once in a run, so a later reading goes by another name of the same
 * thing.
 */
const NAMES = {
  before: {
    saved: ['-c'],
    nft: ['--json'],
    own: '/proc/net/snmp',
    inner: (pid: number) => `/proc/${pid}/net/snmp`,
  },
  /** Rules alone. */
  afterNames: {
    saved: ['-c', '-c'],
    // In JSON handles are shown anyway.
    nft: ['-j', '--handle'],
    own: null,
    inner: null,
  },
  after: {
    saved: ['--counters'],
    nft: ['--json', '--handle'],
    own: '/proc/self/net/snmp',
    inner: (pid: number) => `/proc/${pid}/task/${pid}/net/snmp`,
  },
} as const

export type TallyAsks = Record<string, AsReading<CommandSource> | OrAbsent<FileSource>>

export function tallyAsks(when: keyof typeof NAMES, programs: readonly string[], pid: number): TallyAsks {
  const { saved, nft, own, inner } = NAMES[when]
  return {
    ...(own ? { own: orAbsent(file(own)) } : {}),
    ...(inner ? { inner: orAbsent(file(inner(pid))) } : {}),
    ...Object.fromEntries(
      programs.map((name) => [
        name,
        asReading(command(name === NFT ? [name, ...nft, 'list', 'ruleset'] : [name, ...saved])),
      ]),
    ),
  }
}

export function tallyIn(readings: Readonly<Record<string, unknown>>): Tally {
  const text = (value: unknown): string => (typeof value === 'string' ? value : '')
  const { own, inner, ...counted } = readings
  const outputs = Object.entries(counted).flatMap(([name, reading]) => {
    const one = reading as Reading<CommandSource>
    return one.state === 'ok' && !one.truncated ? [{ name, stdout: one.value.stdout }] : []
  })
  return {
    stoppedOn: (hooks) =>
      outputs.flatMap(({ name, stdout }) =>
        name === NFT ? nftCounters(stdout, hooks) : parseStopCounters(stdout, hooks),
      ),
    sent: parseSnmpNumber(text(own), 'Icmp', 'OutDestUnreachs'),
    got: parseSnmpNumber(text(inner), 'Icmp', 'InDestUnreachs'),
    said: parseSnmpNumber(text(inner), 'Icmp', 'OutDestUnreachs'),
  }
}

const nftCounters = (text: string, hooks: readonly Hook[]): StopCounter[] => {
  try {
    return nftStopCounters(parseNftRuleset(text), hooks)
  } catch (error) {
    if (error instanceof ParseError) return []
    throw error
  }
}

/** Those whose listing counts what is stopped: nft only where a rule of its own tables does. */
export const countingPrograms: Fact<readonly string[]> = defineFact({
  name: 'countingPrograms',
  about: 'The programs that print how many packets each rule has stopped.',
  needs: { saved: savePrograms, nft: maybe(nftables) },
  parse: (_, { saved, nft }): readonly string[] =>
    nft.known && nft.value && nftStopCounters(nft.value, EVERYWHERE).length > 0 ? [...saved, NFT] : saved,
})

export const talliesBefore: Fact<Tally | null> = defineFact({
  name: 'talliesBefore',
  about: 'What has been dropped and refused on this host before anything is sent.',
  needs: { settings, pid: innerProcess, programs: countingPrograms },
  reads: ({ settings, pid, programs }): TallyAsks =>
    pid && !settings.way?.passive ? tallyAsks('before', programs, pid) : {},
  reading: '$ iptables-save -c, $ nft --json list ruleset and /proc/net/snmp (where something is sent)',
  parse: (readings, { pid }) => (pid ? tallyIn(readings) : null),
})
