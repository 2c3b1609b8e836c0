import check from '../../../checks/network/limits.ts'
import type { Readings } from '../../../src/hosts/memory.ts'
import { finds, passes, testCheck, unknown } from '../../../src/testing.ts'
import { DENIED } from './host.ts'

const HEADING = 'IP address       HW type     Flags       HW address            Mask     Device\n'
const neighbours = (count: number): Readings => ({
  '/proc/net/arp': `${HEADING}${Array.from({ length: count }, (_, i) => `10.0.${i >> 8}.${i & 255}         0x1         0x2         02:42:ac:11:00:02     *        docker0\n`).join('')}`,
})
const bridge = (name: string, ports: number): Readings => ({
  [`/sys/class/net/${name}/brif/`]: Array.from({ length: ports }, (_, i) => `veth${i.toString(16)}`),
})

const host: Readings = {
  '/sys/class/net/': ['docker0/', 'eth0/', 'lo/', 'veth9bb77a5/'],
  '/sys/class/net/**': null,
  ...bridge('docker0', 1),
  ...neighbours(2),
  '/proc/sys/net/core/netdev_max_backlog': '1000\n',
  '/proc/sys/net/ipv4/neigh/default/gc_thresh3': '1024\n',
  '/etc/**': null,
}

testCheck(check, {
  'one container': passes(host, { says: '1 bridge, 2 neighbours' }),
  'no bridge': passes({ ...host, '/sys/class/net/docker0/brif/': null }),
  'nine hundred containers': passes({ ...host, ...bridge('docker0', 900) }),
  'a namespace without a queue of its own': passes({
    ...host,
    '/proc/sys/net/core/netdev_max_backlog': null,
    '/proc/sys/net/ipv4/neigh/default/gc_thresh3': null,
  }),
  'a full bridge': finds('bridgeFull', {
    ...host,
    ...bridge('docker0', 1023),
    '/proc/sys/net/core/netdev_max_backlog': '8192\n',
  }),
  'a bridge that is nearly full': finds('bridgeNearlyFull', { ...host, ...bridge('docker0', 980) }),
  'more ports than the queue holds': finds(
    'smallBacklog',
    { ...host, ...bridge('docker0', 400), '/proc/sys/net/core/netdev_max_backlog': '300\n' },
    { says: '400 ports' },
  ),
  'a full table of neighbours': finds(
    'neighbours',
    { ...host, ...neighbours(1000) },
    { says: '1000 of 1024' },
  ),
  'interfaces cannot be seen': unknown({ ...host, '/sys/class/net/': DENIED }),
  'neighbours cannot be seen': unknown({ ...host, '/proc/net/arp': DENIED }),
  'not recorded': unknown({}),
})
