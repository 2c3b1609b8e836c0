import check from '../../../checks/network/policy-routing.ts'
import { finds, passes, skips, testCheck, unknown } from '../../../src/testing.ts'
import { asUser, bareHost, dockerHost, ROUTES, routing } from './host.ts'

const rules = (...more: readonly Record<string, unknown>[]) => ({
  '$ ip -j -4 rule show': JSON.stringify([
    { priority: 0, src: 'all', table: 'local' },
    ...more,
    { priority: 32766, src: 'all', table: 'main' },
    { priority: 32767, src: 'all', table: 'default' },
  ]),
})
const VPN = { priority: 100, src: '172.16.0.0', srclen: 12, table: '100' }
const ALL = { priority: 5270, src: 'all', table: '52' }

testCheck(check, {
  'no rules but the usual': passes(dockerHost),
  'no engine': skips(bareHost),
  'no default route': skips({ ...dockerHost, ...routing(...ROUTES.slice(1)) }),
  'containers go through the VPN, on purpose': passes({
    ...dockerHost,
    ...rules(VPN),
    ...routing(...ROUTES, 'default dev tun0 table 100'),
  }),
  'a table without routes': passes({ ...dockerHost, ...rules(VPN) }),
  'a table without a way out': finds(
    'noWayOut',
    { ...dockerHost, ...rules(VPN), ...routing(...ROUTES, 'default type unreachable table 100') },
    { says: 'from 172.16.0.0/12 lookup 100' },
  ),
  'an exit node takes the answers': finds(
    'noWayBack',
    {
      ...dockerHost,
      ...rules(ALL),
      ...routing(
        ...ROUTES,
        '172.17.0.1 type local dev docker0 table local',
        'default dev tailscale0 table 52',
      ),
    },
    { says: 'tailscale0 instead of docker0' },
  ),
  'an exit node that leaves local networks alone': passes({
    ...dockerHost,
    ...rules(ALL),
    ...routing(...ROUTES, 'default dev tailscale0 table 52', '172.17.0.0/16 type throw table 52'),
  }),
  'an ordinary user': unknown({ ...dockerHost, ...asUser }),
  'nothing recorded': unknown({}),
})
