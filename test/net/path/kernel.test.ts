import { describe, expect, test } from 'vitest'
import { parseIptablesSave } from '../../../src/net/iptables-save.ts'
import { parseNftRuleset } from '../../../src/net/nftables.ts'
import type { Firewall } from '../../../src/net/path/firewall.ts'
import type { Packet } from '../../../src/net/path/packet.ts'
import { traceForward } from '../../../src/net/path/trace.ts'
import { fixture } from '../fixture.ts'
import { HOST } from './scene.ts'

/**
 * What Linux itself did with real UDP packets between a container (behind docker0) and a machine (behind eth0), under
 * rules made at random from all matches that are understood. No rule asks what cannot be known.
 */
interface Case {
  readonly iptables?: string
  readonly nft?: unknown
  readonly packets: readonly {
    readonly from: 'a' | 'b'
    readonly sport: number
    readonly dport: number
    readonly state: 'new' | 'established'
    readonly delivered: boolean
  }[]
}

const cases: readonly Case[] = JSON.parse(fixture('net/forwarded-packets.json'))

const firewallOf = ({ iptables, nft }: Case): Firewall =>
  iptables === undefined
    ? { nftables: parseNftRuleset(JSON.stringify(nft)) }
    : { iptables: [parseIptablesSave(iptables)] }

const ENDS = {
  a: { iif: 'docker0', oif: 'eth0', src: '172.17.0.2', dst: '10.77.0.1' },
  b: { iif: 'eth0', oif: 'docker0', src: '10.77.0.1', dst: '172.17.0.2' },
} as const

const packetOf = ({ from, sport, dport, state }: Case['packets'][number]): Packet => ({
  ...ENDS[from],
  proto: 'udp',
  sport,
  dport,
  ctstate: state,
  direction: state === 'new' ? 'original' : 'reply',
})

describe('a trace says what the kernel did', () => {
  test.each(
    cases.map(
      (each, index) => [`${index}: ${each.nft === undefined ? 'iptables' : 'nftables'}`, each] as const,
    ),
  )('%s', (_, each) => {
    for (const packet of each.packets) {
      const trace = traceForward(firewallOf(each), packetOf(packet), HOST)
      const accepted = { accept: true, drop: false, reject: false, undecided: undefined }[trace.verdict]
      // An answer does not tell what its connection was first sent to.
      if (packet.state === 'established' && accepted === undefined) continue
      expect(accepted, JSON.stringify({ packet, trace }, undefined, 1)).toBe(packet.delivered)
    }
  })
})
