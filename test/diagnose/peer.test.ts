import { describe, expect, it } from 'vitest'
import { type Own, peerIn } from '../../src/diagnose/peer.ts'
import { memoryHost } from '../../src/hosts/memory.ts'
import { failing, proc, textOf, web } from '../checks/container/web.ts'
import { implied, told } from './told.ts'

const OWN: Own = {
  addresses: ['127.0.0.1', '10.0.0.2', '172.17.0.1'],
  subnets: ['172.17.0.0/16'],
  ports: [8081],
}
const pinged = (address: string) => `64 bytes from ${address}: seq=0 ttl=63 time=0.143 ms`
const peer = (text: string, own = OWN): string | null => {
  const found = peerIn(text, own)
  return found && `${found.host}:${found.port}`
}

describe('the machine that a text means', () => {
  it.each([
    ['$ curl http://10.0.0.9:8080/', '10.0.0.9:8080'],
    ['$ wget -q -O- https://10.0.0.9/x', '10.0.0.9:443'],
    ['$ nc -v -w 4 10.0.0.9 5432', '10.0.0.9:5432'],
    ['curl: (7) Failed to connect to 10.0.0.9 port 8080: No route to host', '10.0.0.9:8080'],
    ['Connecting to 10.0.0.9:8080... failed: No route to host.', '10.0.0.9:8080'],
  ])('%s: %s', (text, found) => expect(peer(`${text}\n${pinged('10.0.0.9')}`)).toBe(found))

  it.each([
    ['no port', "wget: can't connect to remote host (10.0.0.9): No route to host", '10.0.0.9'],
    ['this host itself', 'curl http://10.0.0.2:8080/', '10.0.0.2'],
    ['a container of it', 'curl http://172.17.0.7:80/', '172.17.0.7'],
    ['another than what answers', 'curl http://10.0.0.9:8080/', '10.0.0.8'],
    ['two', 'curl http://10.0.0.9:8080/; curl http://10.0.0.9:8081/', '10.0.0.9'],
    ['no port that there can be', 'curl http://10.0.0.9:80800/', '10.0.0.9'],
    ['perhaps this host itself, behind a router', 'curl http://203.0.113.9:8080/', '203.0.113.9'],
  ])('is nobody’s guess: %s', (_, text, answering) =>
    expect(peer(`${text}\n${pinged(answering)}`)).toBeNull(),
  )
  it('may be a public address where this host has one of its own, but for a port that is published here', () => {
    const own = { ...OWN, addresses: [...OWN.addresses, '198.51.100.4'] }
    const at = (port: number) => peer(`curl http://203.0.113.9:${port}/\n${pinged('203.0.113.9')}`, own)
    expect(at(8080)).toBe('203.0.113.9:8080')
    expect(at(8081)).toBeNull()
  })
})

const ANSWERS = `PING 10.77.0.1 (10.77.0.1): 56 data bytes\n${pinged('10.77.0.1')}`
const REJECTED = "wget: can't connect to remote host (10.77.0.1): No route to host"
const COMMAND = '$ docker run --rm bb:1 wget -q -O- http://10.77.0.1:8080/'

describe('a ping that answers, and a connection that fails', () => {
  it.each([
    ['rejected', `${REJECTED}\n${ANSWERS}`],
    ['the ping first', `${ANSWERS}\n${REJECTED}`],
    ['silent', `$ nc -w 4 10.77.0.1 8080\nnc: timed out\n${ANSWERS}`],
    [
      'as curl says it',
      `$ curl -m 4 http://10.77.0.1:8080/\ncurl: (28) Connection timed out after 4001 milliseconds\n${ANSWERS}`,
    ],
  ])('are of the other machine: %s', async (_, text) =>
    expect((await implied(text))[0]).toMatch(/^likely container\/reachable/),
  )
  it.each([
    [
      'of another address',
      `${ANSWERS}\n$ curl http://10.77.0.9:80/\ncurl: (28) Connection timed out after 4001 milliseconds`,
    ],
    [
      'that never answered',
      `${REJECTED}\nPING 10.77.0.1 (10.77.0.1): 56 data bytes\n2 packets transmitted, 0 packets received`,
    ],
    [
      'of a name',
      `$ ping 10.77.0.1\n${pinged('10.77.0.1')}\n$ curl http://example.com\ncurl: (28) Connection timed out after 4001 ms`,
    ],
  ])('are not: %s', async (_, text) =>
    expect((await implied(text)).join()).not.toContain('container/reachable'),
  )

  const SNMP = textOf('/proc/net/snmp')
  /** Messages that the container has got. */
  const unreachables = (count: number): string => `Icmp: InMsgs InDestUnreachs\nIcmp: ${count} ${count}\n`
  const host = memoryHost({
    ...web,
    '$ iptables-save --counters': textOf('$ iptables-save -c'),
    '/proc/self/net/snmp': SNMP,
    [proc('net/snmp')]: unreachables(0),
    [proc('task/383/net/snmp')]: unreachables(1),
    'probe tcp://10.77.0.1:8080 inside 383': failing('EHOSTUNREACH'),
    'probe tcp://10.77.0.1:8080': failing('EHOSTUNREACH'),
  })
  it('are confirmed by a connection from a container, which the answer names', async () => {
    const { causes, peer, container } = await told(`${COMMAND}\n${REJECTED}\n${ANSWERS}`, host, {
      offline: false,
    })
    expect(causes[0]).toMatchObject({
      check: 'container/reachable',
      finding: 'prohibitedThere',
      confidence: 'confirmed',
      message: expect.stringContaining('web gets no connection to 10.77.0.1:8080'),
    })
    expect({ peer, container }).toEqual({ peer: '10.77.0.1:8080', container: undefined })
  })
  it('are likely where nothing may be sent, or no port is known', async () => {
    const offline = await told(`${COMMAND}\n${REJECTED}\n${ANSWERS}`, host)
    const portless = await told(`${REJECTED}\n${ANSWERS}`, host, { offline: false })
    for (const { causes, peer } of [offline, portless]) {
      expect(causes[0]).toMatchObject({ check: 'container/reachable', confidence: 'likely' })
      expect(causes[0]?.ask).toContain('seaworthy trace CONTAINER --to')
      expect(peer).toBeUndefined()
    }
  })
})
