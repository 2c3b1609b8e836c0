import { readFileSync } from 'node:fs'
import check from '../../../checks/firewall/firewalld.ts'
import type { Readings } from '../../../src/hosts/memory.ts'
import { finds, passes, testCheck, unknown } from '../../../src/testing.ts'
import { firewalldHost, recordedHost, stopped } from './host.ts'

// firewall-cmd's output as firewalld 1.3 prints it (Debian 12, RHEL 9).
const zone = (name: string, target: string, interfaces: string): string =>
  `${name}${interfaces ? ' (active)' : ''}\n  target: ${target}\n  icmp-block-inversion: no\n  interfaces: ${interfaces}\n  sources: \n` +
  '  services: dhcpv6-client ssh\n  ports: \n  protocols: \n  forward: yes\n  masquerade: no\n  rich rules: \n\n'
const PUBLIC = zone('public', 'default', 'eth0')
const DOCKER = zone('docker', 'ACCEPT', 'docker0')

const firewalld = (zones: string, host: Readings = recordedHost()): Readings => ({
  ...host,
  '/run/firewalld.pid': '731\n',
  '/proc/731/cmdline': '/usr/bin/python3\0-s\0/usr/sbin/firewalld\0--nofork\0--nopid\0',
  '$ firewall-cmd --list-all-zones': zones,
})
const bound = (name: string, xml: string): Readings => ({
  '/etc/firewalld/zones/': [`${name}.xml`],
  [`/etc/firewalld/zones/${name}.xml`]: xml,
})

const TRUSTED = readFileSync(
  'test/fixtures/debian-12-docker-20.10/firewalld-trusted/firewalld-trusted.xml',
  'utf8',
)

testCheck(check, {
  'not running': passes(recordedHost()),
  'a stale pid file': passes({ ...recordedHost(), '/run/firewalld.pid': '731\n', '/proc/731/cmdline': null }),
  'the bridge is in the engine’s zone': passes(firewalld(DOCKER + PUBLIC), { says: 'zone docker' }),
  'before an install': passes(firewalld(PUBLIC, stopped)),
  'a real one, with the engine’s zone': passes(firewalldHost(), { says: 'zone docker' }),
  'a real one, the bridge put into public': finds('zoneBlocks', firewalldHost('firewalld-zone-public'), {
    says: 'docker0 is in zone public',
    after: {},
  }),
  'a real one, started after the engine': finds('reloaded', firewalldHost('firewalld-started-late'), {
    after: firewalldHost(),
  }),
  'a real one, the bridge bound to trusted': finds(
    'zoneConflict',
    { ...firewalldHost('firewalld-trusted'), ...bound('trusted', TRUSTED) },
    { says: 'zone trusted', after: { ...firewalldHost(), '/etc/firewalld/zones/': [] } },
  ),
  'the bridge is in public': finds('zoneBlocks', firewalld(zone('public', 'default', 'docker0 eth0')), {
    says: 'docker0 is in zone public',
    after: { '$ firewall-cmd --list-all-zones': DOCKER + PUBLIC },
  }),
  'the bridge is in trusted by hand': finds(
    'zoneConflict',
    {
      ...firewalld(DOCKER + PUBLIC),
      ...bound(
        'trusted',
        '<?xml version="1.0"?>\n<zone target="ACCEPT">\n  <interface name="docker0"/>\n</zone>\n',
      ),
    },
    { says: 'zone trusted', after: {} },
  ),
  'under systemd, without a pid file': finds(
    'zoneBlocks',
    {
      ...recordedHost(),
      'stat /sys/fs/cgroup/system.slice/firewalld.service': {
        type: 'directory',
        mode: 0o755,
        uid: 0,
        gid: 0,
        size: 0,
        mtimeMs: 0,
        ino: 1,
        dev: 1,
      },
      '$ firewall-cmd --list-all-zones': zone('drop', 'DROP', 'docker0'),
    },
    { after: { '$ firewall-cmd --list-all-zones': DOCKER + PUBLIC } },
  ),
  'commented out': passes({
    ...firewalld(DOCKER + PUBLIC),
    ...bound('trusted', '<zone target="ACCEPT">\n  <!-- <interface name="docker0"/> -->\n</zone>\n'),
  }),
  'reloaded after the engine started': finds(
    'reloaded',
    firewalld(DOCKER + PUBLIC, recordedHost('filter-flushed')),
    {
      after: { '$ iptables-save': recordedHost()['$ iptables-save'] ?? null },
    },
  ),
  'started after the engine': finds('noIntegration', firewalld(PUBLIC), {
    after: { '$ firewall-cmd --list-all-zones': DOCKER + PUBLIC },
  }),
  'an ordinary user': unknown({
    ...firewalld(''),
    '$ firewall-cmd --list-all-zones': {
      stdout: '',
      stderr: 'Authorization failed.\n    Make sure polkit agent is running.\n',
      exit: 252,
    },
  }),
})
