import check from '../../../checks/network/ipv6-forward.ts'
import { finds, passes, skips, testCheck, unknown } from '../../../src/testing.ts'
import { asUser, bareHost, DEFAULT6, daemonJson, dockerHost, engine, network } from './host.ts'

const CONF = '/proc/sys/net/ipv6/conf'
const forwarding = (value: string | null) => ({ [`${CONF}/all/forwarding`]: value })
const routes = (...all: readonly Record<string, unknown>[]) => ({
  '$ ip -j -6 route show table all': JSON.stringify(all.map((route) => ({ flags: [], ...route }))),
})
const ADVERTISED = { dst: 'default', gateway: 'fe80::1', dev: 'eth0', protocol: 'ra', metric: 1024 }
const uplink = (acceptRa: number) => ({
  ...routes(ADVERTISED),
  '/proc/net/ipv6_route': DEFAULT6,
  [`${CONF}/eth0/accept_ra`]: `${acceptRa}\n`,
  [`${CONF}/eth0/forwarding`]: '1\n',
})
const six = engine({
  networks: [
    network(),
    network({ Name: 'shop', IPAM: { Config: [{ Subnet: 'fd00:9::/64', Gateway: 'fd00:9::1' }] } }),
  ],
})
const plain = { ...dockerHost, ...routes(), ...forwarding('0\n') }
const on = daemonJson({ ipv6: true, 'fixed-cidr-v6': 'fd00:1::/64' })

testCheck(check, {
  'no container has IPv6': skips(plain),
  'no engine yet': skips({ ...bareHost, ...routes(), ...forwarding('0\n') }),
  'a kernel without IPv6': skips({ ...dockerHost, ...routes(), ...forwarding(null) }),
  'a network has IPv6, and it is on': passes({ ...plain, ...six, ...forwarding('1\n') }),
  'the engine will turn it on': passes({ ...bareHost, ...on, ...routes(), ...forwarding('0\n') }),
  'the engine chooses a range itself': passes({
    ...plain,
    ...daemonJson({ ipv6: true }),
    ...forwarding('1\n'),
  }),
  'the router is listened to': passes({ ...plain, ...six, ...forwarding('1\n'), ...uplink(2) }),
  'a program listens to the router': passes({ ...plain, ...six, ...forwarding('1\n'), ...uplink(0) }),
  'a network has IPv6, and it is off': finds('off', { ...plain, ...six }),
  'the settings say IPv6, and it is off': finds('off', { ...plain, ...on }),
  'no range, and an old engine': finds(
    'rangeMissing',
    {
      ...plain,
      ...daemonJson({ ipv6: true }),
      ...engine({ version: '20.10.24+dfsg1' }),
      ...forwarding('1\n'),
    },
    { after: {} },
  ),
  'the router is not listened to': finds('routeExpires', {
    ...plain,
    ...six,
    ...forwarding('1\n'),
    ...uplink(1),
  }),
  'an ordinary user': unknown({ ...plain, ...asUser }),
})
