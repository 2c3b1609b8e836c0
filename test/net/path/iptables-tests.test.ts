import { describe, expect, test } from 'vitest'
import { parseRuleSpec } from '../../../src/net/iptables-rule.ts'
import { iptablesTests } from '../../../src/net/path/iptables-tests.ts'
import type { Packet } from '../../../src/net/path/packet.ts'
import { all } from '../../../src/net/path/ternary.ts'
import { HOST, OUTGOING, PUBLISHED, SIBLING } from './scene.ts'

/** How the matches of a rule answer for a packet. */
const answer = (spec: string, packet: Packet, { mark }: { mark: number | undefined } = { mark: 0 }) =>
  all(iptablesTests(parseRuleSpec(spec, spec).matches).map((ask) => ask({ packet, host: HOST, mark })))

describe('a container that opens a connection to 10.77.0.1:80', () => {
  test.each([
    ['-i docker0', 'yes'],
    ['! -i docker0', 'no'],
    ['-i dock+', 'yes'],
    ['! -i br-+', 'yes'],
    ['-i + -o +', 'yes'],
    ['-o docker0', 'no'],
    ['-s 172.17.0.0/16', 'yes'],
    ['-s 10.0.0.0/8,172.16.0.0/12', 'yes'],
    ['! -s 172.17.0.2/32', 'no'],
    ['-d 10.77.0.1', 'yes'],
    ['-s 10.0.0.0/255.0.255.0', 'maybe'],
    ['-p tcp', 'yes'],
    ['-p 6', 'yes'],
    ['-p all', 'yes'],
    ['! -p udp', 'yes'],
    ['-p icmp -m icmp --icmp-type 8', 'no'],
    ['-p tcp -m tcp --dport 80', 'yes'],
    ['-p tcp -m tcp ! --dport 80', 'no'],
    ['-p tcp -m tcp --dport 1:1023', 'yes'],
    ['-p tcp -m tcp --dport :79', 'no'],
    ['-p tcp -m tcp --sport 1024:', 'yes'],
    ['-p udp -m udp --dport 80', 'no'],
    ['-p tcp -m multiport --dports 22,80:81', 'yes'],
    ['-p tcp -m multiport ! --dports 22,80:81', 'no'],
    ['-p tcp -m multiport --ports 40000', 'yes'],
    ['-p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN', 'yes'],
    ['-p tcp -m tcp --tcp-flags SYN,RST SYN', 'yes'],
    ['-p tcp -m tcp --tcp-flags ALL NONE', 'no'],
    ['-m conntrack --ctstate NEW', 'yes'],
    ['-m conntrack --ctstate RELATED,ESTABLISHED', 'no'],
    ['-m conntrack ! --ctstate INVALID', 'yes'],
    ['-m conntrack --ctstate DNAT', 'no'],
    ['-m conntrack --ctstate SNAT', 'maybe'],
    ['-m state --state NEW,ESTABLISHED', 'yes'],
    ['-m conntrack --ctorigdst 10.77.0.1 --ctorigdstport 80 --ctdir ORIGINAL', 'yes'],
    ['-m conntrack --ctdir REPLY', 'no'],
    ['-m conntrack --ctproto 6', 'yes'],
    ['-m conntrack --ctstatus ASSURED', 'maybe'],
    ['-m addrtype --dst-type LOCAL', 'no'],
    ['-m addrtype --dst-type UNICAST,LOCAL', 'yes'],
    ['-m addrtype --dst-type BROADCAST', 'no'],
    ['-m addrtype --dst-type UNREACHABLE', 'maybe'],
    ['-m mark --mark 0x0/0xff', 'yes'],
    ['-m mark ! --mark 0x4000/0x4000', 'yes'],
    ['-m comment --comment "x" -i docker0', 'yes'],
    ['-m iprange --src-range 172.17.0.1-172.17.0.9', 'yes'],
    ['-m iprange ! --dst-range 10.77.0.1-10.77.0.1', 'no'],
    ['-m physdev --physdev-is-bridged', 'no'],
    ['-m limit --limit 3/min --limit-burst 10', 'maybe'],
    ['-m recent --update --seconds 60 --name SSH --rsource', 'maybe'],
    ['-m set --match-set x src', 'maybe'],
    ['-m set ! --match-set x src', 'maybe'],
    ['-m nonesuch', 'maybe'],
    ['-m socket -i eth0', 'no'],
    ['-4', 'yes'],
    ['-f', 'no'],
  ])('%s: %s', (spec, expected) => {
    expect(answer(spec, OUTGOING)).toBe(expected)
  })
})

describe('addresses of the host', () => {
  const to = (dst: string): Packet => ({ iif: 'eth0', src: '10.77.0.1', dst })
  test.each([
    ['10.77.0.2', '-m addrtype --dst-type LOCAL', 'yes'],
    ['127.0.0.1', '-m addrtype --dst-type LOCAL', 'yes'],
    ['10.77.0.255', '-m addrtype --dst-type BROADCAST', 'yes'],
    ['255.255.255.255', '-m addrtype --dst-type BROADCAST', 'yes'],
    ['224.0.0.251', '-m addrtype --dst-type MULTICAST', 'yes'],
    ['10.77.0.2', '-m addrtype --dst-type LOCAL --limit-iface-in', 'maybe'],
    ['10.77.0.1', '-m addrtype ! --dst-type LOCAL --limit-iface-in', 'yes'],
  ])('%s: %s: %s', (dst, spec, expected) => {
    expect(answer(spec, to(dst))).toBe(expected)
  })
})

test('a published port is known by what the client had asked for', () => {
  expect(answer('-m conntrack --ctorigdst 10.77.0.2 --ctorigdstport 8081', PUBLISHED)).toBe('yes')
  expect(answer('-m conntrack --ctstate DNAT', PUBLISHED)).toBe('yes')
  expect(answer('-p tcp -m tcp --dport 8081', PUBLISHED)).toBe('no')
})

test('what is not known of a packet may or may not match', () => {
  for (const spec of [
    '-i docker0',
    '! -o eth0',
    '-s 10.0.0.0/8',
    '-p tcp',
    '--dport 80',
    '-m conntrack --ctstate NEW',
  ]) {
    expect(answer(spec, {})).toBe('maybe')
  }
  expect(answer('-m mark --mark 0x1', {}, { mark: undefined })).toBe('maybe')
  expect(answer('-m physdev --physdev-is-bridged', SIBLING)).toBe('maybe')
})

test('no interface is none of any name', () => {
  expect(answer('-o eth0', { iif: 'eth0', oif: null })).toBe('no')
  expect(answer('! -o eth0', { iif: 'eth0', oif: null })).toBe('yes')
})
