import { expect, it } from 'vitest'
import { openToOthers } from '../../src/facts/open-port.ts'
import { carriedOut } from '../../src/fix/automatic.ts'

const open = (...addresses: readonly string[]) =>
  openToOthers(addresses, 'nobody', [{ protocol: 'tcp', port: 8090 }], {
    verdict: 'drop',
    byPolicy: true,
    blockers: [],
    path: [],
  })

it('opens a port for all who reach a private address', () => {
  expect(open('10.0.0.5', '192.168.1.2').map(({ kind }) => kind)).toEqual(['iptables', 'manual'])
})

it('leaves to a person what may be open to everybody', () => {
  const steps = open('10.0.0.5', '203.0.113.7')
  expect(steps[0]).toHaveProperty('text', expect.stringMatching(/^203\.0\.113\.7 is no private address/))
  expect(carriedOut({ steps }).steps).toEqual([])
})
