import check from '../../../checks/network/mtu.ts'
import { finds, passes, skips, testCheck, unknown } from '../../../src/testing.ts'
import {
  asUser,
  bareHost,
  DOCKER0,
  daemonJson,
  dockerHost,
  ETH0,
  engine,
  LO,
  links,
  network,
  ROUTES,
  routing,
  VETH,
} from './host.ts'

const uplink = (mtu: number) => links(LO, { ...ETH0, mtu }, DOCKER0, VETH)
const sized = (mtu: number, more: Record<string, unknown> = {}) =>
  network({
    Options: { 'com.docker.network.bridge.name': 'docker0', 'com.docker.network.driver.mtu': String(mtu) },
    ...more,
  })
const overlay = (mtu?: number) =>
  network({
    Name: 'mesh',
    Driver: 'overlay',
    Scope: 'swarm',
    Options: mtu ? { 'com.docker.network.driver.mtu': String(mtu) } : {},
  })
/** The default network as the engine makes it when it starts with this `mtu`. */
const restarted = (mtu: number) => ({ after: engine({ networks: [sized(mtu)] }) })

testCheck(check, {
  'all 1500': passes(dockerHost),
  'jumbo frames on the uplink': passes({ ...dockerHost, ...uplink(9000) }),
  '1400 everywhere, though the bridge shows 1500': passes({
    ...dockerHost,
    ...uplink(1400),
    ...daemonJson({ mtu: 1400 }),
    ...engine({ networks: [sized(1400)] }),
  }),
  'a narrow link that no default route uses': passes({
    ...dockerHost,
    ...links(LO, ETH0, DOCKER0, { name: 'wg0', mtu: 1420, addresses: ['10.9.0.2/24'] }),
  }),
  'a network that leads nowhere': passes({
    ...dockerHost,
    ...uplink(1450),
    ...engine({ networks: [sized(1450), sized(1500, { Name: 'db', Internal: true })] }),
  }),
  'an overlay on a plain uplink': passes({ ...dockerHost, ...engine({ networks: [network(), overlay()] }) }),
  'no default route': skips({ ...dockerHost, ...routing(...ROUTES.slice(1)) }),
  'a narrow uplink': finds(
    'larger',
    { ...dockerHost, ...uplink(1400) },
    {
      ...restarted(1400),
      says: 'bridge send up to 1500 bytes, and eth0 carries 1400',
    },
  ),
  'a narrow uplink, before the engine runs': finds(
    'larger',
    { ...bareHost, ...links(LO, { ...ETH0, mtu: 1442 }) },
    { after: {} },
  ),
  'a narrow route': finds(
    'larger',
    {
      ...dockerHost,
      ...routing('default via 10.77.0.1 dev eth0 mtu 1400'),
    },
    restarted(1400),
  ),
  'a VPN over the default route': finds(
    'larger',
    {
      ...dockerHost,
      ...links(LO, ETH0, { name: 'tun0', mtu: 1420, addresses: ['10.9.0.2/24'] }),
      ...routing(...ROUTES, '0.0.0.0/1 dev tun0 scope link', '128.0.0.0/1 dev tun0 scope link'),
    },
    restarted(1420),
  ),
  'a VPN with a table of its own, as wg-quick has it': finds(
    'larger',
    {
      ...dockerHost,
      ...links(LO, ETH0, { name: 'wg0', mtu: 1420, kind: 'wireguard', addresses: ['10.9.0.2/32'] }),
      ...routing(...ROUTES, 'default dev wg0 table 51820 scope link'),
      '$ ip -j -4 rule show': JSON.stringify([
        { priority: 0, src: 'all', table: 'local' },
        { priority: 32764, src: 'all', table: 'main', suppress_prefixlen: 0 },
        { priority: 32765, not: null, src: 'all', fwmark: '0xca6c', table: '51820' },
        { priority: 32766, src: 'all', table: 'main' },
      ]),
    },
    { ...restarted(1420), says: 'wg0 carries 1420' },
  ),
  'only a network of its own is too wide': finds(
    'larger',
    { ...dockerHost, ...uplink(1450), ...engine({ networks: [sized(1450), sized(1500, { Name: 'shop' })] }) },
    { says: 'containers in shop' },
  ),
  'an overlay on a narrow uplink': finds(
    'larger',
    { ...dockerHost, ...uplink(1450), ...engine({ networks: [sized(1450), overlay()] }) },
    { says: 'containers in mesh send up to 1500 bytes' },
  ),
  'no uplink tells': unknown({ ...dockerHost, ...routing('default via 10.77.0.1 dev gone0') }),
  'an ordinary user': unknown({ ...dockerHost, ...asUser }),
})
