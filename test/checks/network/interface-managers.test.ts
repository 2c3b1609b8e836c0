import check from '../../../checks/network/interface-managers.ts'
import type { Readings } from '../../../src/hosts/memory.ts'
import { finds, passes, testCheck, unknown } from '../../../src/testing.ts'
import { bareHost, DOCKER0, dockerHost, ETH0, type Link, LO, links, ROUTES, routing, VETH } from './host.ts'

const folder = {
  type: 'directory',
  mode: 0o755,
  uid: 0,
  gid: 0,
  size: 0,
  mtimeMs: 0,
  ino: 1,
  dev: 1,
} as const
const runs = (unit: string): Readings => ({ [`stat /sys/fs/cgroup/system.slice/${unit}.service`]: folder })

const ETC = '/etc/systemd/network'
const LIB = '/usr/lib/systemd/network'
/** .network files, by path. */
const networkd = (files: Record<string, string>, host: Readings = dockerHost): Readings => {
  const names = (root: string) =>
    Object.keys(files)
      .filter((path) => path.startsWith(`${root}/`))
      .map((path) => path.slice(root.length + 1))
  return { ...host, ...runs('systemd-networkd'), [`${ETC}/`]: names(ETC), [`${LIB}/`]: names(LIB), ...files }
}
const DHCP = '[Network]\nDHCP=yes\n'
const ANY = { [`${ETC}/20-any.network`]: `[Match]\nName=*\n\n${DHCP}` }

/** What netplan and cloud-init write, and systemd ships. */
const SHIPPED = {
  '/usr/lib/systemd/network/80-container-ve.network':
    '[Match]\nKind=veth\nName=ve-*\n\n[Network]\nDHCPServer=yes\n',
  '/usr/lib/systemd/network/80-container-host0.network': `[Match]\nKind=veth\nName=host0\nVirtualization=container\n\n${DHCP}`,
  '/usr/lib/systemd/network/80-wifi-adhoc.network': '[Match]\nType=wlan\nWLANInterfaceType=ad-hoc\n',
  [`${ETC}/10-netplan-eth0.network`]: `[Match]\nPermanentMACAddress=52:54:00:12:34:56\nName=eth0\n\n${DHCP}`,
  [`${ETC}/20-wired.network`]: `[Match]\nName=en* eth*\n\n${DHCP}`,
}
const FLATCAR = {
  [`${LIB}/zz-default.network`]: `[Match]\nName=*\nType=!loopback bridge tunnel vxlan wireguard\nDriver=!veth dummy\n\n${DHCP}`,
}

/** networkd's own words about interfaces, by number. */
const taken = (index: number, file: string, state = 'configuring'): Readings => ({
  [`/run/systemd/netif/links/${index}`]: `ADMIN_STATE=${state}\nOPER_STATE=routable\nNETWORK_FILE=${file}\n`,
})
const LOOSE = { name: VETH.name, kind: 'veth', away: true }
const withLinks = (...last: readonly Link[]) => links(LO, ETH0, DOCKER0, ...last)
const left = (...indexes: number[]): Readings =>
  Object.fromEntries(indexes.map((index) => [`/run/systemd/netif/links/${index}`, 'ADMIN_STATE=unmanaged\n']))

const nm = (line: string): Readings => ({
  ...dockerHost,
  ...runs('NetworkManager'),
  '$ nmcli -t -f DEVICE,STATE device': `eth0:connected\n${line}\nlo:connected (externally)\n`,
})

const dhcpcd = (conf: Readings[string] | null, host: Readings = bareHost): Readings => ({
  ...host,
  ...runs('dhcpcd'),
  '/etc/dhcpcd.conf': conf,
})
const connman = (conf: string, host: Readings = bareHost): Readings => ({
  ...host,
  ...runs('connman'),
  '/etc/connman/main.conf': conf,
})
const APIPA = { ...VETH, addresses: ['169.254.12.7/16'] }
const clean = withLinks(VETH)

testCheck(check, {
  'none of them runs': passes(dockerHost),
  'NetworkManager, as on a desktop': passes(
    { ...dockerHost, ...runs('NetworkManager') },
    { says: 'NetworkManager does' },
  ),
  'networkd with what netplan and systemd bring': passes(networkd(SHIPPED)),
  'the same before an engine is installed': passes(networkd(SHIPPED, bareHost)),
  'Flatcar’s catch-all, which leaves veth and bridges out': passes(networkd(FLATCAR, bareHost)),
  'a file for the engine’s interfaces, on purpose': passes(
    networkd(
      {
        [`${ETC}/10-docker.network`]:
          '[Match]\nName=docker0 veth*\n\n[Network]\nConfigureWithoutCarrier=yes\n',
        ...ANY,
        [`${ETC}/15-br.network`]: '[Match]\nName=br-*\n\n[Link]\nUnmanaged=yes\n',
      },
      bareHost,
    ),
  ),
  'a file that says to leave everything else alone': passes(
    networkd(
      { [`${ETC}/10-other.network`]: '[Match]\nName=!eth0\n\n[Link]\nUnmanaged=yes\n', ...ANY },
      bareHost,
    ),
  ),
  'a condition that nobody can tell': passes(
    networkd(
      { [`${ETC}/10-vm.network`]: '[Match]\nVirtualization=vm\n\n[Link]\nUnmanaged=yes\n', ...ANY },
      bareHost,
    ),
  ),
  'an empty file hides another of its name': passes(
    networkd(
      { [`${ETC}/20-any.network`]: '', [`${LIB}/20-any.network`]: `[Match]\nName=*\n${DHCP}` },
      bareHost,
    ),
  ),
  'Name=*, before any container runs': finds('mayTake', networkd(ANY, bareHost), { says: '20-any.network' }),
  'Type=ether, which a veth is': finds(
    'mayTake',
    networkd({ [`${ETC}/20-ether.network`]: `[Match]\nType=ether\n\n${DHCP}` }, bareHost),
    { says: 'systemd-networkd will take' },
  ),
  'Type=ether without virtual ones': passes(
    networkd({ [`${ETC}/20-ether.network`]: `[Match]\nType=ether\nKind=!*\n\n${DHCP}` }, bareHost),
  ),
  'Name=*, and the interfaces are left alone all the same': passes({ ...networkd(ANY), ...left(3, 4) }),
  'it has taken a cable': finds(
    'managed',
    { ...networkd(ANY), ...taken(4, `${ETC}/20-any.network`) },
    { says: /taken veth9bb77a5 .* by .*20-any\.network/, after: left(3, 4) },
  ),
  'it has taken the bridge, for a file that names it': passes({
    ...networkd({
      [`${ETC}/10-docker.network`]: '[Match]\nName=docker0\n\n[Network]\nAddress=172.17.0.1/16\n',
    }),
    ...taken(3, `${ETC}/10-docker.network`, 'configured'),
    ...left(4),
  }),
  'it has unplugged a cable': finds(
    'unplugged',
    { ...networkd(ANY), ...links(LO, ETH0, DOCKER0, LOOSE), ...taken(4, `${ETC}/20-any.network`) },
    { says: 'veth9bb77a5', after: { ...clean, ...left(3, 4) } },
  ),
  'it has unplugged a cable, and let go of it': finds(
    'unplugged',
    { ...networkd(ANY), ...links(LO, ETH0, DOCKER0, LOOSE), ...left(3, 4) },
    { after: {} },
  ),
  'a cable that nobody has taken hangs loose': passes({
    ...networkd(SHIPPED),
    ...links(LO, ETH0, DOCKER0, LOOSE),
    ...left(3, 4),
  }),
  'the bridge has lost its address to it': finds(
    'lostAddress',
    {
      ...networkd(ANY),
      ...links(LO, ETH0, { name: 'docker0', kind: 'bridge' }, VETH),
      ...taken(3, `${ETC}/20-any.network`),
    },
    { says: 'docker0', after: { ...clean, ...left(3, 4) } },
  ),
  'NetworkManager has been given docker0': finds(
    'lostAddress',
    {
      ...nm('docker0:connecting (getting IP configuration)'),
      ...links(LO, ETH0, { name: 'docker0', kind: 'bridge' }),
    },
    { says: 'NetworkManager has taken docker0', after: clean },
  ),
  'and has unplugged a cable': finds(
    'unplugged',
    { ...nm('docker0:connecting (prepare)'), ...links(LO, ETH0, DOCKER0, LOOSE) },
    { says: 'NetworkManager has taken veth9bb77a5', after: clean },
  ),
  'NetworkManager lets be what another took the address of': passes({
    ...nm('docker0:connected (externally)'),
    ...links(LO, ETH0, { name: 'docker0', kind: 'bridge' }),
  }),
  'dhcpcd, which denies itself veth*': passes(dhcpcd('hostname\ndenyinterfaces veth* docker0\n')),
  'dhcpcd, which is allowed the uplink alone': passes(dhcpcd('allowinterfaces eth0,wlan0\n')),
  'dhcpcd, which is denied nothing': finds('mayTake', dhcpcd('hostname\noption rapid_commit\n'), {
    says: '/etc/dhcpcd.conf',
    after: { '/etc/dhcpcd.conf': 'denyinterfaces veth* docker* br-*\nhostname\n' },
  }),
  'dhcpcd, whose file cannot be read': unknown(
    dhcpcd({ state: 'denied', reason: 'permission denied', durationMs: 0 }),
  ),
  'dhcpcd, which has left the cables alone': passes(dhcpcd('hostname\n', dockerHost)),
  'dhcpcd has given a cable an address': finds(
    'addressed',
    { ...dhcpcd('hostname\n', dockerHost), ...withLinks(APIPA) },
    {
      says: /dhcpcd has given veth9bb77a5.* 169\.254\.12\.7/,
      after: clean,
    },
  ),
  'the same, of nobody that is known': passes({ ...dockerHost, ...withLinks(APIPA) }),
  'dhcpcd has made a cable the way out': finds(
    'defaultRoute',
    {
      ...dhcpcd('hostname\n', dockerHost),
      ...routing('default dev veth9bb77a5 scope link metric 204', ...ROUTES),
    },
    { says: 'veth9bb77a5 a way to the outside', after: routing(...ROUTES) },
  ),
  'an administrator’s way out through a container': passes({
    ...dockerHost,
    ...runs('NetworkManager'),
    ...routing('default via 172.17.0.2 dev docker0', ...ROUTES.slice(1)),
  }),
  'connman as it comes': passes(connman('[General]\n# NetworkInterfaceBlacklist = vmnet\n')),
  'connman with a list of its own': finds(
    'mayTake',
    connman('[General]\nNetworkInterfaceBlacklist = vmnet,vboxnet\n'),
    { says: 'connman', after: {} },
  ),
  'connman with veth in its list': passes(connman('[General]\nNetworkInterfaceBlacklist=vmnet,veth\n')),
  'interfaces that cannot be read': unknown({
    ...dockerHost,
    ...runs('connman'),
    '/etc/connman/main.conf': null,
    '$ ip -j -d addr show': { state: 'failed', reason: 'x', durationMs: 0 },
  }),
  'not recorded': unknown({}),
})
