import { describe, expect, test } from 'vitest'
import { type Cidr, parseCidr } from '../../../src/net/cidr.ts'
import { parseNftRuleset } from '../../../src/net/nftables.ts'
import { addressParts } from '../../../src/net/path/address-parts.ts'
import { filter } from './scene.ts'

const block = (text: string): Cidr => parseCidr(text) ?? expect.unreachable(text)

const nft = (elem: readonly unknown[], ...expr: readonly unknown[]) => ({
  nftables: parseNftRuleset(
    JSON.stringify({
      nftables: [
        { set: { family: 'ip', table: 'f', name: 's', type: 'ipv4_addr', elem } },
        { rule: { family: 'ip', table: 'f', chain: 'fw', expr } },
      ],
    }),
  ),
})

describe('one address of each part that rules may treat differently', () => {
  test.each([
    ['no rule names a part', filter('DROP', '-A FORWARD -s 192.168.0.0/16 -j DROP'), ['10.77.0.1']],
    ['half of it', filter('DROP', '-A FORWARD -s 10.77.0.128/25 -j DROP'), ['10.77.0.1', '10.77.0.128']],
    [
      'one address, which cuts it in three',
      filter('DROP', '-A FORWARD -d 10.77.0.9/32 -j DROP'),
      ['10.77.0.10', '10.77.0.1', '10.77.0.9'],
    ],
    [
      'a range',
      filter('DROP', '-A FORWARD -m iprange --src-range 10.77.0.100-10.77.0.255 -j DROP'),
      ['10.77.0.100', '10.77.0.1'],
    ],
    [
      'elements of a set of nft',
      nft([{ prefix: { addr: '10.77.0.128', len: 25 } }, { range: ['10.77.0.64', '10.77.0.127'] }]),
      ['10.77.0.128', '10.77.0.64', '10.77.0.1'],
    ],
    [
      'a rule of nft',
      nft([], {
        match: { op: '==', left: { payload: { protocol: 'ip', field: 'saddr' } }, right: '10.77.0.200' },
      }),
      ['10.77.0.1', '10.77.0.201', '10.77.0.200'],
    ],
  ])('%s', (_, firewall, parts) => {
    expect(addressParts(firewall, block('10.77.0.0/24'))).toEqual(parts)
  })

  test('of everything, only what may send to a host', () => {
    const firewall = filter('DROP', '-A FORWARD -s 127.0.0.0/8 -j DROP', '-A FORWARD -s 10.0.0.0/8 -j DROP')
    expect(addressParts(firewall, block('0.0.0.0/0'))).toEqual([
      '11.0.0.0',
      '128.0.0.0',
      '1.0.0.0',
      '10.0.0.0',
    ])
  })

  test('a set of thousands is cut into the largest parts', () => {
    const many = Array.from({ length: 5000 }, (_, at) => `10.${at >> 8}.${at & 255}.7`)
    expect(addressParts(nft(many), block('10.0.0.0/8'))).toHaveLength(200)
  })
})
