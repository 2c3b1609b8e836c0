import check from '../../../checks/network/subnet-overlap.ts'
import { finds, passes, testCheck, unknown } from '../../../src/testing.ts'
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

const bridge = (Subnet: string, Gateway: string, more: Record<string, unknown> = {}) =>
  engine({ networks: [network({ IPAM: { Config: [{ Subnet, Gateway }] }, ...more })], containers: [] })
const resolver = (...servers: readonly string[]) => ({
  '/etc/resolv.conf': servers.map((server) => `nameserver ${server}\n`).join(''),
})
const plain = { ...engine(), ...links(LO, ETH0, DOCKER0, VETH), ...routing(...ROUTES) }
const via = (route: string) => ({ ...dockerHost, ...routing(...ROUTES, route) })

testCheck(check, {
  'nothing in common': passes({ ...dockerHost, ...resolver('10.77.0.1', '::1') }),
  'no engine yet': passes(bareHost),
  'a bip of its own that overlaps nothing': passes({ ...bareHost, ...daemonJson({ bip: '172.26.0.1/24' }) }),
  'a route to the whole of 10/8, and a network in it': passes({
    ...dockerHost,
    ...bridge('10.200.0.0/16', '10.200.0.1'),
    ...routing(...ROUTES, '10.0.0.0/8 via 10.77.0.1 dev eth0'),
  }),
  'a VPN that takes all, in halves': passes({
    ...dockerHost,
    ...routing(...ROUTES, '0.0.0.0/1 dev tun0 scope link', '128.0.0.0/1 dev tun0 scope link'),
  }),
  'a null route': passes(via('172.16.0.0/12 type unreachable')),
  'the bridge is the LAN': passes({
    ...dockerHost,
    ...bridge('10.77.0.0/24', '10.77.0.2', { Options: { 'com.docker.network.bridge.name': 'br0' } }),
    ...links(LO, { name: 'br0', kind: 'bridge', addresses: ['10.77.0.2/24'] }),
    ...routing('default via 10.77.0.1 dev br0', '10.77.0.0/24 dev br0 scope link'),
    ...resolver('10.77.0.1'),
  }),
  'the name server is a container': passes({ ...dockerHost, ...resolver('172.17.0.2', '172.17.0.1') }),
  'within the LAN': finds(
    'overlap',
    {
      ...dockerHost,
      ...daemonJson({ bip: '10.77.0.129/25', 'fixed-cidr': '10.77.0.192/26' }),
      ...bridge('10.77.0.128/25', '10.77.0.129'),
    },
    { after: plain, says: '10.77.0.0/24 of eth0' },
  ),
  'a network of its own, the same as the LAN': finds('overlap', {
    ...dockerHost,
    ...bridge('10.77.0.0/24', '10.77.0.1', { Name: 'shop' }),
  }),
  'a VPN leads into it': finds('overlap', via('172.17.9.0/24 dev tun0 scope link'), { after: plain }),
  'a VPN leads to a range around it': finds('hidesRoute', via('172.16.0.0/12 dev tun0 scope link'), {
    after: plain,
  }),
  'all private ranges are taken': finds('hidesRoute', {
    ...dockerHost,
    ...routing(
      ...ROUTES,
      '172.16.0.0/12 dev wg0 scope link',
      '192.168.0.0/16 dev wg0 scope link',
      '10.0.0.0/8 dev wg0 scope link',
    ),
  }),
  'the name server lies in it': finds(
    'hidesResolver',
    { ...dockerHost, ...resolver('172.17.8.73') },
    { after: { ...plain, ...resolver('10.77.0.1') } },
  ),
  'bip will collide': finds(
    'bipCollides',
    { ...bareHost, ...daemonJson({ bip: '10.77.0.1/24' }) },
    { after: {} },
  ),
  'bip by a flag will collide': finds('bipCollides', {
    ...bareHost,
    '/etc/default/docker': 'DOCKER_OPTS="--bip=10.77.0.1/24"\n',
    '/etc/init.d/docker': '#!/bin/sh\n',
  }),
  'an ordinary user': unknown({ ...dockerHost, ...asUser }),
  'nothing recorded': unknown({}),
})
