import check from '../../../checks/network/rp-filter.ts'
import { finds, passes, skips, testCheck, unknown } from '../../../src/testing.ts'
import { asUser, bareHost, DOCKER0, dockerHost, ETH0, LO, links, ROUTES, routing, VETH } from './host.ts'

const CONF = '/proc/sys/net/ipv4/conf'
const filter = (all: number, eth1: number) => ({
  [`${CONF}/all/rp_filter`]: `${all}\n`,
  [`${CONF}/eth1/rp_filter`]: `${eth1}\n`,
})
const LAN = '10.78.0.0/24 dev eth1 proto kernel scope link src 10.78.0.2'
const twoLegs = (...more: readonly string[]) => ({
  ...dockerHost,
  ...links(LO, ETH0, { name: 'eth1', addresses: ['10.78.0.2/24'] }, DOCKER0, VETH),
  ...routing(...ROUTES, LAN, ...more),
})
const SECOND = 'default via 10.78.0.1 dev eth1 metric 600'

testCheck(check, {
  'one interface': passes(dockerHost),
  'no engine': skips(bareHost),
  'a second one that leads to its own network only': passes({ ...twoLegs(), ...filter(1, 1) }),
  'two ways out, loosely filtered': passes({ ...twoLegs(SECOND), ...filter(1, 2) }),
  'two ways out, not filtered': passes({ ...twoLegs(SECOND), ...filter(0, 0) }),
  'two ways out, strict': finds(
    'strict',
    { ...twoLegs(SECOND), ...filter(0, 1) },
    { says: 'conf.eth1.rp_filter is 1' },
  ),
  'two ways out, strict by the setting for all': finds(
    'strict',
    { ...twoLegs(SECOND), ...filter(1, 0) },
    { says: 'conf.all.rp_filter is 1' },
  ),
  'a table of its own for the second': finds('strict', {
    ...twoLegs('default via 10.78.0.1 dev eth1 table 100'),
    ...filter(1, 1),
    '$ ip -j -4 rule show': JSON.stringify([
      { priority: 0, src: 'all', table: 'local' },
      { priority: 100, src: '10.78.0.2', table: '100' },
      { priority: 32766, src: 'all', table: 'main' },
    ]),
  }),
  'an ordinary user': unknown({ ...dockerHost, ...asUser }),
})
