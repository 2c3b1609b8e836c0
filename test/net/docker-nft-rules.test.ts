import { expect, test } from 'vitest'
import { missingDockerNftObjects } from '../../src/net/docker-nft-rules.ts'
import { parseNftRuleset } from '../../src/net/nftables.ts'

const ruleset = (...chains: string[]) =>
  parseNftRuleset(
    JSON.stringify({
      nftables: chains.map((name) => ({ chain: { family: 'ip', table: 'docker-bridges', name } })),
    }),
  )

const ALL = [
  'filter-FORWARD',
  'nat-PREROUTING',
  'nat-OUTPUT',
  'nat-POSTROUTING',
  'filter-forward-in__docker0',
  'filter-forward-out__docker0',
]
const DOCKER0 = { name: 'docker0', subnets: ['172.17.0.0/16'] }

test('all chains there', () => {
  expect(missingDockerNftObjects(ruleset(...ALL), [DOCKER0])).toEqual([])
})

test('no bridge of the IP version: nothing is expected', () => {
  expect(missingDockerNftObjects(ruleset(), [DOCKER0], 6)).toEqual([])
})

test('the table is gone', () => {
  expect(missingDockerNftObjects(ruleset(), [DOCKER0])).toEqual([
    { kind: 'table', name: 'ip docker-bridges' },
  ])
})

test("a base chain or a bridge's chain is gone", () => {
  expect(missingDockerNftObjects(ruleset(...ALL.slice(1, -1)), [DOCKER0])).toEqual([
    { kind: 'chain', name: 'ip docker-bridges filter-FORWARD' },
    { kind: 'chain', name: 'ip docker-bridges filter-forward-out__docker0', bridge: 'docker0' },
  ])
})
