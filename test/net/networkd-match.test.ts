import fc from 'fast-check'
import { expect, it } from 'vitest'
import { connmanBlacklist, dhcpcdTakes } from '../../src/facts/interface-managers.ts'
import { globMatches, isFor, parseNetworkFile } from '../../src/net/networkd-match.ts'

const VETH = { name: 'veth0123abc', type: 'ether', kind: 'veth' } as const

it.each([
  ['[Match]\nName=*\n', 'yes'],
  ['[Match]\nName = en* veth*\n', 'yes'],
  ['[Match]\nName=en*\nName=v*\n', 'yes'],
  ['[Match]\nName=v*\nName=\nName=en*\n', 'no'],
  ['[Match]\nName=!en* eth*\n', 'yes'],
  ['[Match]\nName=!lo veth*\n', 'no'],
  ['[Match]\nType=ether\n', 'yes'],
  ['[Match]\nKind=!*\nType=ether\n', 'no'],
  ['[Match]\nDriver=virtio_net\n', 'no'],
  ['[Match]\nMACAddress=00:00:5e:00:53:01\n', 'no'],
  ['[Match]\nHost=web\nName=*\n', 'maybe'],
  ['[Match]\nHost=web\nName=eth0\n', 'no'],
  ['[Match]\n# Name=*\n', 'no'],
  ['[Network]\nDHCP=yes\n', 'no'],
])('%j is for a veth: %s', (text, expected) =>
  expect(isFor(parseNetworkFile('/x', text), VETH)).toBe(expected),
)

it.each([
  ['veth*', 'veth0', true],
  ['veth*', 'xveth0', false],
  ['eth?', 'eth0', true],
  ['br-[0-9a-f]', 'br-c', true],
  ['br-[!0-9]', 'br-1', false],
  ['a.c', 'abc', false],
  ['[', '[', true],
])('%s matches %s: %s', (pattern, text, expected) => expect(globMatches(pattern, text)).toBe(expected))

it('knows whom dhcpcd leaves alone', () => {
  expect(dhcpcdTakes('', 'veth0')).toBe(true)
  expect(dhcpcdTakes('#denyinterfaces veth*\n', 'veth0')).toBe(true)
  expect(dhcpcdTakes('denyinterfaces wlan0, veth*\n', 'veth0')).toBe(false)
  expect(dhcpcdTakes('allowinterfaces eth0\n', 'veth0')).toBe(false)
})
it('never throws', () =>
  fc.assert(
    fc.property(
      fc.string({
        unit: fc.constantFrom(
          '[',
          ']',
          '!',
          '*',
          '?',
          '-',
          '\\',
          '=',
          '\n',
          ' ',
          ',',
          '[Match]\n',
          'Name=',
          'Type=',
          'denyinterfaces ',
          'NetworkInterfaceBlacklist=',
          'a',
        ),
      }),
      (text) => {
        expect(['yes', 'no', 'maybe']).toContain(isFor(parseNetworkFile('/x', text), VETH))
        dhcpcdTakes(text, text)
        connmanBlacklist(text)
      },
    ),
    { numRuns: 10_000 },
  ))
