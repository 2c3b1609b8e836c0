import { parseIptablesSave } from '../../../src/net/iptables-save.ts'
import { parseNftRuleset } from '../../../src/net/nftables.ts'
import type { Firewall } from '../../../src/net/path/firewall.ts'
import type { HostView, Packet } from '../../../src/net/path/packet.ts'
import { fixture } from '../fixture.ts'

/** A firewall of table filter, given as rules only; chains that are jumped to are made. */
export function filter(policy: 'ACCEPT' | 'DROP', ...rules: readonly string[]): Firewall {
  const chains = new Set(
    rules.map((rule) => rule.split(' ')[1]).filter((name) => name !== 'FORWARD' && name !== 'INPUT'),
  )
  const heads = [
    `:FORWARD ${policy} [0:0]`,
    `:INPUT ${policy} [0:0]`,
    ...[...chains].map((name) => `:${name} - [0:0]`),
  ]
  return { iptables: [parseIptablesSave(['*filter', ...heads, ...rules, 'COMMIT'].join('\n'))] }
}

/** The firewall of the recorded Debian host with docker 20.10; `fault` is a folder, '' the healthy host. */
export function recorded(fault: string): Firewall {
  const path = `debian-12-docker-20.10/${fault === '' ? '' : `${fault}/`}`
  return {
    iptables: [`${path}iptables-nft-save.txt`, `${path}iptables-legacy-save.txt`].map((name) =>
      parseIptablesSave(fixture(name)),
    ),
    nftables: parseNftRuleset(fixture(`${path}nft-ruleset.json`)),
  }
}

export const HOST: HostView = { localAddresses: ['127.0.0.1/8', '172.17.0.1/16', '10.77.0.2/24'] }

/** A container opens a connection to a machine on the LAN. */
export const OUTGOING: Packet = {
  iif: 'docker0',
  oif: 'eth0',
  src: '172.17.0.2',
  dst: '10.77.0.1',
  proto: 'tcp',
  sport: 40000,
  dport: 80,
  ctstate: 'new',
}
/** The answer to it, which arrived at the host's own address: the connection is masqueraded. */
export const ANSWER: Packet = {
  iif: 'eth0',
  oif: 'docker0',
  src: '10.77.0.1',
  dst: '172.17.0.2',
  proto: 'tcp',
  sport: 80,
  dport: 40000,
  ctstate: 'established',
  direction: 'reply',
  original: { dst: '10.77.0.2' },
}
/** A machine on the LAN asks for a published port, 8081 of the host, which is 80 of the container. */
export const PUBLISHED: Packet = {
  iif: 'eth0',
  oif: 'docker0',
  src: '10.77.0.1',
  dst: '172.17.0.2',
  proto: 'tcp',
  sport: 40000,
  dport: 80,
  ctstate: 'new',
  original: { dst: '10.77.0.2', dport: 8081 },
}
/** One container talks to another on the same bridge. */
export const SIBLING: Packet = {
  iif: 'docker0',
  oif: 'docker0',
  src: '172.17.0.3',
  dst: '172.17.0.2',
  proto: 'tcp',
  sport: 40000,
  dport: 80,
  ctstate: 'new',
}
