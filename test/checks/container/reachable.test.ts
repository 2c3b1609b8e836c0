import check from '../../../checks/container/reachable.ts'
import type { Settings } from '../../../src/facts/settings.ts'
import { finds, passes, skips, testCheck, unknown } from '../../../src/testing.ts'
import { about, answering, edited, failing, listed, proc, silent, stopped, textOf, web } from './web.ts'

const settings: Partial<Settings> = { ...about, way: { to: { host: '10.77.0.1', port: 8080 } } }
const after = web
const CONTAINER = 'probe tcp://172.17.0.2:80'
const PORT = 'probe tcp://10.77.0.2:8081'
const OUT = 'probe tcp://10.77.0.1:8080 inside 383'
const HOST = 'probe tcp://10.77.0.1:8080'
const NAMES = 'probe dns://10.77.0.1/registry-1.docker.io inside 383'
const SAVED = '$ iptables-save'
const COUNTED = textOf('$ iptables-save -c')
const SNMP = textOf('/proc/net/snmp')
/** What is counted afterwards is the same, unless a case says otherwise. */
const AFTERWARDS = {
  '$ iptables-save --counters': COUNTED,
  '/proc/self/net/snmp': SNMP,
  [proc('task/383/net/snmp')]: textOf(proc('net/snmp')),
}
const lost = (answer: typeof silent, host: typeof silent = silent) => ({
  ...web,
  ...AFTERWARDS,
  [OUT]: answer,
  [HOST]: host,
})
/** "Unreachable" messages that were counted meanwhile. */
const counting = (text: string, name: string): string => {
  const [names = '', values = ''] = text.split('\n').filter((line) => line.startsWith('Icmp: '))
  const at = names.split(' ').indexOf(name)
  const more = values.split(' ').map((value, column) => (column === at ? String(Number(value) + 1) : value))
  return text.replace(values, more.join(' '))
}
const DROP = '-A DOCKER-USER -m length --length 40:100 -j DROP'
const withDrop = (packets: number) =>
  COUNTED.replace(/^(\[.*\] -A DOCKER-USER -j RETURN)$/m, `[${packets}:60] ${DROP}\n$1`)

/** A table of nft beside iptables' own: with a rule that no evaluation tells of. */
const NFT_TABLE = (packets: number) =>
  JSON.stringify({
    nftables: [
      { table: { family: 'inet', name: 'edge' } },
      {
        chain: {
          ...{ family: 'inet', table: 'edge', name: 'forward' },
          ...{ type: 'filter', hook: 'forward', prio: 0, policy: 'accept' },
        },
      },
      {
        rule: {
          ...{ family: 'inet', table: 'edge', chain: 'forward', handle: 4 },
          expr: [
            { 'ct count': { val: 20, inv: true } },
            { counter: { packets, bytes: packets * 60 } },
            { drop: null },
          ],
        },
      },
    ],
  })

testCheck(check, {
  'all of it': passes(web, { settings, says: 'connected to 172.17.0.2:80' }),
  'nobody in it answers, and no rule here is why': finds(
    'noAnswer',
    { ...web, [CONTAINER]: silent },
    { settings, says: '172.17.0.2:80 of web (no answer)' },
  ),
  'a rule of this host stops its own packets to it': finds(
    'stoppedByRule',
    {
      ...web,
      [CONTAINER]: silent,
      ...edited(SAVED, ':DOCKER - [0:0]', ':DOCKER - [0:0]\n-A OUTPUT -d 172.17.0.0/16 -j DROP'),
    },
    { settings, after, says: '-A OUTPUT -d 172.17.0.0/16 -j DROP' },
  ),
  'refused by it': finds('refused', { ...web, [CONTAINER]: failing('ECONNREFUSED') }, { settings }),
  'its port is dead': finds(
    'portDead',
    { ...web, [PORT]: failing('ECONNREFUSED') },
    { settings, says: '10.77.0.2:8081' },
  ),
  'its name server is silent': finds(
    'noNames',
    { ...web, [NAMES]: { ...silent, stage: 'dns' } },
    { settings, says: '10.77.0.1' },
  ),
  'its name server knows no such name': finds(
    'noAddress',
    {
      ...web,
      'probe dns://10.77.0.1/nosuch.test inside 383': { ok: true, code: 'ENOTFOUND', timings: { dns: 1 } },
    },
    { settings: { ...about, way: { to: { host: 'nosuch.test', port: 80 } } }, says: 'nosuch.test' },
  ),
  'a rule that cannot be judged counted its packets': finds(
    'countedHere',
    {
      ...lost(silent),
      '$ iptables-save -c': withDrop(3),
      '$ iptables-save --counters': withDrop(5),
    },
    { settings, says: DROP },
  ),
  'a rule of nftables that cannot be judged counted its packets': finds(
    'countedHere',
    {
      ...lost(silent),
      '$ nft -j list ruleset': NFT_TABLE(0),
      '$ nft --json list ruleset': NFT_TABLE(3),
      '$ nft --json --handle list ruleset': NFT_TABLE(5),
    },
    { settings, says: 'ct count over 20 counter drop (inet edge forward)' },
  ),
  'a rule of nftables that counted nothing meanwhile': finds(
    'silentThere',
    {
      ...lost(silent),
      '$ nft -j list ruleset': NFT_TABLE(3),
      '$ nft --json list ruleset': NFT_TABLE(3),
      '$ nft --json --handle list ruleset': NFT_TABLE(3),
    },
    { settings },
  ),
  'the policy of a chain counted its packets': finds(
    'countedHere',
    {
      ...lost(silent),
      '$ iptables-save -c': COUNTED.replace(/:FORWARD \S+ \[\d+:/, ':FORWARD DROP [3:'),
      '$ iptables-save --counters': COUNTED.replace(/:FORWARD \S+ \[\d+:/, ':FORWARD DROP [5:'),
    },
    { settings, says: 'the policy of FORWARD (filter)' },
  ),
  'the target rejects it': finds('prohibitedThere', lost(failing('EHOSTUNREACH'), failing('EHOSTUNREACH')), {
    settings,
    says: 'the refusal was sent by 10.77.0.1, not by this host',
  }),
  'the target, or a router before it, rejects it': finds(
    'prohibitedThere',
    {
      ...web,
      ...AFTERWARDS,
      'probe tcp://203.0.113.9:80 inside 383': failing('EHOSTUNREACH'),
      'probe tcp://203.0.113.9:80': failing('EHOSTUNREACH'),
    },
    {
      settings: { ...about, way: { to: { host: '203.0.113.9', port: 80 } } },
      says: '203.0.113.9, or a router before it (the first is 10.77.0.1)',
    },
  ),
  'the target refuses by ICMP, as a REJECT without more does': finds(
    'prohibitedThere',
    {
      ...lost(failing('ECONNREFUSED'), failing('ECONNREFUSED')),
      [proc('task/383/net/snmp')]: counting(textOf(proc('net/snmp')), 'InDestUnreachs'),
    },
    { settings },
  ),
  'this host says that nobody is there': finds(
    'prohibitedHere',
    { ...lost(failing('EHOSTUNREACH', 3100)), '/proc/self/net/snmp': counting(SNMP, 'OutDestUnreachs') },
    { settings },
  ),
  'the target is silent to all': finds('silentThere', lost(silent), { settings, says: 'not on this host' }),
  'the target is silent to it alone': finds('silentInside', lost(silent, answering), { settings }),
  'nothing listens there': finds('refusedThere', lost(failing('ECONNREFUSED'), failing('ECONNREFUSED')), {
    settings,
  }),
  'nobody is named, and whom the engine would ask is silent to all': passes(
    {
      ...web,
      ...AFTERWARDS,
      'probe tcp://10.77.0.1:5000 inside 383': silent,
      'probe tcp://10.77.0.1:5000': silent,
    },
    { settings: about },
  ),
  'nothing is sent': skips(web, { settings: { ...about, way: { passive: true } } }),
  'it does not run': skips(
    { ...web, ...stopped('Exited (0) 1 hour ago', { Status: 'exited' }) },
    { settings },
  ),
  'no container is named': skips(web),
  'a port that is not TCP, and a name server that may not be read': unknown(
    {
      ...web,
      ...listed({ Ports: [{ IP: '0.0.0.0', PrivatePort: 53, PublicPort: 53, Type: 'udp' }] }),
      [proc('root/etc/resolv.conf')]: { state: 'denied', reason: 'permission denied', durationMs: 0 },
    },
    { settings },
  ),
})
