import check from '../../../checks/network/address-pools.ts'
import { finds, passes, skips, testCheck, unknown } from '../../../src/testing.ts'
import {
  asUser,
  bareHost,
  container,
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

const subnet = (text: string, more: Record<string, unknown> = {}) =>
  network({ IPAM: { Config: [{ Subnet: text, ...more }] } })
const plain = { ...engine(), ...links(LO, ETH0, DOCKER0, VETH) }
const DEFAULTS = [
  ...Array.from({ length: 15 }, (_, i) => `172.${17 + i}.0.0/16`),
  ...Array.from({ length: 16 }, (_, i) => `192.168.${16 * i}.0/20`),
]
const holding = (...subnets: readonly string[]) => ({
  ...dockerHost,
  ...engine({ networks: subnets.map((text) => subnet(text)) }),
})
const pools = (base: string, size: number) => daemonJson({ 'default-address-pools': [{ base, size }] })

testCheck(check, {
  'one network': passes(dockerHost, { says: '30 of 31' }),
  'thousands of small pools': passes({ ...dockerHost, ...pools('10.128.0.0/9', 24) }),
  'one pool, and nobody makes networks': passes({ ...dockerHost, ...pools('10.200.0.0/23', 24) }),
  'no engine': skips(bareHost),
  'all pools are taken': finds('exhausted', holding(...DEFAULTS), { after: {} }),
  'a VPN leads to all private ranges': finds(
    'exhausted',
    {
      ...dockerHost,
      ...routing(...ROUTES, '172.16.0.0/12 dev tun0 scope link', '192.168.0.0/16 dev tun0 scope link'),
    },
    { after: {} },
  ),
  'a VPN leads to all pools, and the engine has not started yet': finds('noneToStart', {
    ...bareHost,
    ...routing(
      ...ROUTES.slice(0, 2),
      '172.16.0.0/12 dev tun0 scope link',
      '192.168.0.0/16 dev tun0 scope link',
    ),
  }),
  'a VPN leads to all private ranges, before the first start': finds('noneToStart', {
    ...bareHost,
    ...routing(
      ...ROUTES.slice(0, 2),
      '172.16.0.0/12 dev tun0 scope link',
      '192.168.0.0/16 dev tun0 scope link',
      '10.0.0.0/8 dev tun0 scope link',
    ),
  }),
  'a VPN leads to all pools, and docker0 has its address': skips({
    ...bareHost,
    ...links(LO, ETH0, DOCKER0),
    ...routing(...ROUTES, '172.16.0.0/12 dev tun0 scope link', '192.168.0.0/16 dev tun0 scope link'),
  }),
  'two pools are left': finds('nearly', holding(...DEFAULTS.slice(2)), { says: '2 of 31' }),
  'a /30 with its one container': finds(
    'addressesExhausted',
    {
      ...dockerHost,
      ...daemonJson({ bip: '172.26.0.1/30', 'fixed-cidr': '172.26.0.0/30' }),
      ...engine({
        networks: [subnet('172.26.0.0/30', { Gateway: '172.26.0.1' })],
        containers: [container('web', '172.26.0.2')],
      }),
    },
    { after: plain },
  ),
  'the range of a network of its own is full': finds('networkFull', {
    ...dockerHost,
    ...engine({
      networks: [
        network({
          Name: 'small',
          IPAM: { Config: [{ Subnet: '172.17.0.0/16', Gateway: '172.17.0.1', IPRange: '172.17.9.8/31' }] },
        }),
      ],
      containers: ['8', '9'].map((last) =>
        container(`c${last}`, '', {
          NetworkSettings: { Networks: { small: { IPAddress: `172.17.9.${last}` } } },
        }),
      ),
    }),
  }),
  'an ordinary user': unknown({ ...dockerHost, ...asUser }),
})
