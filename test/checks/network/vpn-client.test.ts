import check from '../../../checks/network/vpn-client.ts'
import type { Readings } from '../../../src/hosts/memory.ts'
import { finds, passes, skips, testCheck, unknown } from '../../../src/testing.ts'
import { ordinaryUser, recordedHost, stopped, withRules } from '../firewall/host.ts'

const healthy = recordedHost()
/** The recorded foreign table with policy drop, kept by somebody else. */
const table = (name: string): Readings => {
  const host = recordedHost('nft-table-drop')
  return {
    ...host,
    '$ nft -j list ruleset': String(host['$ nft -j list ruleset']).replaceAll('hardening', name),
  }
}
const first = (chain: string, rule: string) =>
  withRules((rules) =>
    rules
      .replace(':DOCKER -', `:${chain} - [0:0]\n:DOCKER -`)
      .replace(
        '-A FORWARD -j DOCKER-USER',
        `-A FORWARD -j ${chain}\n-A ${chain} ${rule}\n-A FORWARD -j DOCKER-USER`,
      ),
  )
const nft = { '$ nft -j list ruleset': healthy['$ nft -j list ruleset'] ?? null }
const iptables = { '$ iptables-save': healthy['$ iptables-save'] ?? null }

testCheck(check, {
  'no VPN': passes(healthy),
  'Mullvad, locked down': finds('dropsForwarded', table('mullvad'), { says: 'Mullvad VPN', after: nft }),
  'a table of somebody else': passes(table('hardening')),
  'Tailscale, which filters by state, is the way out': finds(
    'dropsForwarded',
    first('ts-forward', '-o eth0 -m conntrack ! --ctstate RELATED,ESTABLISHED -j DROP'),
    { says: /Tailscale .*ts-forward/, after: iptables },
  ),
  'Tailscale beside the way out': passes(
    first('ts-forward', '-o tailscale0 -m conntrack ! --ctstate RELATED,ESTABLISHED -j DROP'),
  ),
  'NordVPN with its kill switch': finds(
    'dropsForwarded',
    first('KILL', '-o eth0 -m comment --comment nordvpn -j DROP'),
    { says: 'NordVPN', after: iptables },
  ),
  'no engine runs': skips(stopped),
  'no default route': skips({
    ...healthy,
    '$ ip -j -4 route show table all': '[]',
    '$ ip -j -4 rule show': '[]',
  }),
  'an ordinary user': unknown(ordinaryUser),
})
