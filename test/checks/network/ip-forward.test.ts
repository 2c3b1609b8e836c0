import check from '../../../checks/network/ip-forward.ts'
import { finds, passes, testCheck, unknown } from '../../../src/testing.ts'
import { asUser, bareHost, DENIED, daemonJson, dockerHost, ROUTES, routing } from './host.ts'

const RUNNING = '/proc/sys/net/ipv4/ip_forward'
const CONF = '/proc/sys/net/ipv4/conf'
const hardened = { '/etc/sysctl.conf': '# hardening\nnet.ipv4.ip_forward = 0\n' }

testCheck(check, {
  'on, and no file says otherwise': passes(dockerHost),
  'on, and a later file overrules an earlier one': passes({
    ...dockerHost,
    '/etc/sysctl.d/': ['10-hardening.conf', '90-docker.conf'],
    '/etc/sysctl.d/10-hardening.conf': 'net.ipv4.ip_forward=0\n',
    '/etc/sysctl.d/90-docker.conf': 'net.ipv4.conf.all.forwarding = 1\n',
  }),
  'off before the engine is installed': passes({ ...bareHost, [RUNNING]: '0\n' }, { says: 'turns it on' }),
  off: finds('off', { ...dockerHost, [RUNNING]: '0\n' }),
  'off, and an ordinary user asks': finds('off', { ...dockerHost, ...asUser, [RUNNING]: '0\n' }),
  'off, by a file': finds('off', { ...dockerHost, ...hardened, [RUNNING]: '0\n' }),
  'off, and the engine is told to leave it so': finds('staysOff', {
    ...bareHost,
    ...daemonJson({ 'ip-forward': false }),
    [RUNNING]: '0\n',
  }),
  'off, and the nftables backend never turns it on': finds('staysOff', {
    ...bareHost,
    ...daemonJson({ 'firewall-backend': 'nftables' }),
    [RUNNING]: '0\n',
  }),
  'off on the uplink': finds('interfaceOff', { ...dockerHost, [`${CONF}/eth0/forwarding`]: '0\n' }),
  'off on the bridge': finds('interfaceOff', { ...dockerHost, [`${CONF}/docker0/forwarding`]: '0\n' }),
  'off on a VLAN that systemd-networkd manages': finds('interfaceOff', {
    ...dockerHost,
    ...routing('default via 10.77.0.1 dev eth0.1'),
    '$ ip -j -d addr show': JSON.stringify([{ ifindex: 7, ifname: 'eth0.1', flags: ['UP'], addr_info: [] }]),
    '/run/systemd/netif/links/7':
      'ADMIN_STATE=configured\nNETWORK_FILE=/usr/lib/systemd/network/10-lan.network\n',
    [`${CONF}/eth0.1/forwarding`]: '0\n',
  }),
  'off on an interface that no default route uses': passes({
    ...dockerHost,
    ...routing(...ROUTES, 'default via 10.9.0.1 dev wlan0 metric 600'),
    [`${CONF}/wlan0/forwarding`]: '0\n',
  }),
  'on, but a file turns it off': finds(
    'turnedOffByFile',
    { ...dockerHost, ...hardened },
    { says: 'sysctl.conf line 2' },
  ),
  'off, by a file, before the engine starts': finds('turnedOffByFile', {
    ...bareHost,
    ...hardened,
    [RUNNING]: '0\n',
  }),
  'off, and the engine answers with an error': unknown({
    ...dockerHost,
    [RUNNING]: '0\n',
    'GET unix:///var/run/docker.sock /version': { state: 'failed', reason: 'not a socket', durationMs: 0 },
  }),
  'on, but ip cannot be asked': unknown({ ...dockerHost, '$ ip -j -4 route show table all': DENIED }),
  'nothing recorded': unknown({}),
})
