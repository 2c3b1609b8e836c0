import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { collides, type UsedBlock } from '../../src/facts/address-plan.ts'
import { bipIn, parseBip } from '../../src/facts/bip.ts'
import { capacityOf } from '../../src/facts/bridge-state.ts'
import { holderOf, parseListeners } from '../../src/facts/listeners.ts'

describe('bip', () => {
  const cases: Record<string, { problem: RegExp | null; meant?: string | null; subnet?: string }> = {
    '172.26.0.1/16': { problem: null, subnet: '172.26.0.0/16' },
    '172.26.0.1/255.255.0.0': { problem: null, subnet: '172.26.0.0/16' },
    '172.26.0.1': { problem: /no mask/, meant: '172.26.0.1/16' },
    '192.168.9.5': { problem: /no mask/, meant: '192.168.9.5/24' },
    '172.26.0.0': { problem: /no mask/, meant: '172.26.0.1/16' },
    '172.26.0.0/16': { problem: /network's address/, meant: '172.26.0.1/16' },
    '10.9.8.128/25': { problem: /network's address/, meant: '10.9.8.129/25' },
    '172.26.0.1/33': { problem: /no IPv4/, meant: null },
    'fd00::1/64': { problem: /no IPv4/, meant: null },
    docker0: { problem: /no IPv4/, meant: null },
  }
  for (const [text, { problem, meant, subnet }] of Object.entries(cases)) {
    it(text, () => {
      const bip = parseBip(text)
      if (problem) expect(bip.problem).toMatch(problem)
      else expect(bip.problem).toBeNull()
      if (meant !== undefined) expect(bip.meant).toBe(meant)
      if (subnet !== undefined) expect(bip.subnet).toBe(subnet)
    })
  }
  it('is what was meant, or nothing, whatever is written', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const { problem, meant } = parseBip(text)
        if (problem && meant) expect(parseBip(meant).problem).toBeNull()
      }),
    )
  })
  it('is the first address of a block', () => {
    expect(bipIn('172.20.0.0/16')).toBe('172.20.0.1/16')
    expect(bipIn('10.77.0.128/25')).toBe('10.77.0.129/25')
  })
})

describe('how many containers fit', () => {
  const fits = (subnet: string, gateway: string, range = '') => capacityOf({ subnet, gateway, range })
  it('into a subnet', () => {
    expect(fits('172.17.0.0/16', '172.17.0.1')).toBe(65_533)
    expect(fits('172.26.0.0/30', '172.26.0.1')).toBe(1)
    expect(fits('172.26.0.0/31', '172.26.0.0')).toBe(1)
  })
  it('into a range of it', () => {
    expect(fits('172.17.0.0/16', '172.17.0.1', '172.17.9.0/29')).toBe(8)
    expect(fits('172.17.0.0/16', '172.17.0.1', '172.17.0.0/29')).toBe(6)
  })
  it('into what is not understood', () => {
    expect(fits('', '')).toBe(Number.POSITIVE_INFINITY)
    expect(fits('fd00::/64', 'fd00::1')).toBe(Number.POSITIVE_INFINITY)
  })
})

describe('whose addresses they are', () => {
  const used = (block: string, by: UsedBlock['by']): UsedBlock => ({
    block,
    by,
    device: 'eth0',
    tunnel: false,
  })
  it('says what a block does to a subnet', () => {
    expect(collides('172.17.0.0/16', used('10.0.0.0/8', 'route'))).toBeNull()
    expect(collides('172.17.0.0/16', used('172.16.0.0/12', 'route'))).toBe('wider')
    expect(collides('172.17.0.0/16', used('172.16.0.0/12', 'address'))).toBe('inUse')
    expect(collides('172.17.0.0/16', used('172.17.0.0/16', 'route'))).toBe('inUse')
    expect(collides('172.17.0.0/16', used('172.17.9.1/32', 'resolver'))).toBe('inUse')
  })
})

describe('who listens', () => {
  const text = [
    'tcp   LISTEN 0      4096   0.0.0.0:8081 0.0.0.0:* users:(("docker-proxy",pid=130,fd=4))',
    'udp   UNCONN 0      0      127.0.0.53%lo:53 0.0.0.0:* users:(("systemd-resolve",pid=99,fd=13))',
    'tcp   LISTEN 0      4096   [::1]:631    [::]:*',
    'tcp   LISTEN 0      9            *:8090       *:* users:(("httpd",pid=7,fd=3),("httpd",pid=8,fd=3))',
    'u_str LISTEN 0      4096   /run/x.sock 1 * 0',
    '',
  ].join('\n')
  const all = parseListeners(text)
  it('is read of what ss prints', () => {
    expect(all).toEqual([
      { protocol: 'tcp', address: '', port: 8081, program: 'docker-proxy', pid: 130 },
      { protocol: 'udp', address: '127.0.0.53', port: 53, program: 'systemd-resolve', pid: 99 },
      { protocol: 'tcp', address: '::1', port: 631, program: '', pid: null },
      { protocol: 'tcp', address: '', port: 8090, program: 'httpd', pid: 7 },
    ])
  })
  it('bars a port on all addresses, or on its own', () => {
    const holds = (protocol: string, port: number, address: string) =>
      holderOf(all, { protocol, port, address })?.program
    expect(holds('udp', 53, '')).toBe('systemd-resolve')
    expect(holds('udp', 53, '10.77.0.2')).toBeUndefined()
    expect(holds('tcp', 53, '')).toBeUndefined()
    expect(holds('tcp', 8081, '10.77.0.2')).toBe('docker-proxy')
  })
  it('is nobody in any other text', () => {
    fc.assert(
      fc.property(fc.string(), (any) => {
        expect(Array.isArray(parseListeners(any))).toBe(true)
      }),
    )
  })
})
