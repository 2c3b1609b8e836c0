import check from '../../../checks/network/default-route.ts'
import { finds, passes, testCheck, unknown } from '../../../src/testing.ts'
import { bareHost, DEFAULT6, DENIED, ROUTES, routing } from './host.ts'

const LAN = routing(...ROUTES.slice(1))
const V6 = '$ ip -j -6 route show table all'

testCheck(check, {
  'through eth0': passes(bareHost, { says: 'through eth0' }),
  'through two gateways at once': passes({
    ...bareHost,
    '$ ip -j -4 route show table all': JSON.stringify([
      {
        dst: 'default',
        flags: [],
        nexthops: [
          { gateway: '10.77.0.1', dev: 'eth0', weight: 1, flags: [] },
          { gateway: '10.78.0.1', dev: 'eth1', weight: 1, flags: [] },
        ],
      },
    ]),
  }),
  none: finds('none', { ...bareHost, ...LAN, '/proc/net/ipv6_route': '' }),
  'none, and IPv6 is not known': finds('none', { ...bareHost, ...LAN }),
  'IPv6 only': finds('onlyIpv6', {
    ...bareHost,
    ...LAN,
    '/proc/net/ipv6_route': DEFAULT6,
    [V6]: JSON.stringify([{ dst: 'default', gateway: 'fe80::1', dev: 'eth0', flags: [] }]),
  }),
  'ip cannot be asked': unknown({ ...bareHost, '$ ip -j -4 route show table all': DENIED }),
})
