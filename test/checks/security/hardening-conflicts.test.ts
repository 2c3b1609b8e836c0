import check from '../../../checks/security/hardening-conflicts.ts'
import type { Readings } from '../../../src/hosts/memory.ts'
import { finds, passes, testCheck, unknown } from '../../../src/testing.ts'
import { allLoaded, bare, config, modular, tree } from '../kernel/hosts.ts'

const rootless = { settings: { profile: 'rootless' } } as const
const loaded: Readings = { ...modular, '/proc/modules': allLoaded }
const CIS = '/etc/modprobe.d/60-disable_overlay.conf'
const modprobe = (text: string): Readings => ({
  ...loaded,
  '/etc/modprobe.d/': ['60-disable_overlay.conf'],
  [CIS]: text,
})
const sysctl = (text: string): Readings => ({
  ...loaded,
  '/etc/sysctl.d/': ['99-hardening.conf'],
  '/etc/sysctl.d/99-hardening.conf': text,
})
const PROC = '22 26 0:21 / /proc rw,nosuid,nodev,noexec,relatime shared:13 - proc proc rw'
const proc = (options: string): Readings => ({
  ...loaded,
  '/proc/self/mountinfo': `${bare['/proc/self/mountinfo']}${PROC}${options}\n`,
})

testCheck(check, {
  'nothing is hardened': passes(loaded),
  'a fresh install, nothing is loaded': passes(modular),
  'what CIS asks of hosts without containers': finds(
    'moduleForbidden',
    modprobe('install overlay /bin/false\nblacklist overlay\n'),
    { says: `overlay works now, and ${CIS}` },
  ),
  'blacklisted alone: containerd asks for it by its name': passes(modprobe('blacklist overlay\n')),
  'veth is asked for by an alias': finds('moduleForbidden', modprobe('blacklist veth\n'), {
    says: 'blacklist veth',
  }),
  'one of two modules that serve': passes(modprobe('install ip_tables /bin/false\n')),
  'both modules that serve': finds(
    'moduleForbidden',
    modprobe('install ip_tables /bin/false\ninstall nft_compat /bin/true\n'),
    { says: 'iptables works now' },
  ),
  'on the command line of the kernel': finds('moduleForbidden', {
    ...loaded,
    '/proc/cmdline': 'BOOT_IMAGE=/vmlinuz quiet module_blacklist=overlay\n',
  }),
  'built in: nothing to be loaded': passes({
    ...bare,
    ...config(),
    '/proc/modules': null,
    '/etc/modprobe.d/': ['60-disable_overlay.conf'],
    [CIS]: 'install overlay /bin/false\n',
  }),
  'what has nothing to do with containers': passes(
    modprobe('install cramfs /bin/false\ninstall udf /bin/true\n'),
  ),

  'no modules after boot': finds('modulesDisabled', sysctl('kernel.modules_disabled = 1\n'), {
    says: '/etc/sysctl.d/99-hardening.conf line 1',
  }),
  'no modules after boot, and they are loaded before': passes({
    ...sysctl('kernel.modules_disabled = 1\n'),
    '/etc/modules-load.d/': ['docker.conf'],
    '/etc/modules-load.d/docker.conf':
      'overlay\nbridge\nveth\nbr_netfilter\nnf_nat\nip_tables\nxt_conntrack\nxt_addrtype\nxt_MASQUERADE\n',
  }),
  'no modules after boot, and all are built in': passes({
    ...bare,
    ...config(),
    '/proc/modules': null,
    '/etc/sysctl.conf': 'kernel.modules_disabled = 1\n',
  }),

  'forwarding off': finds('forwardingOff', sysctl('# CIS 3.3.1\nnet.ipv4.ip_forward = 0\n'), {
    says: 'line 2 turns off forwarding',
  }),
  'forwarding off, and on in a later file': passes({
    ...sysctl('net.ipv4.ip_forward = 0\n'),
    '/etc/sysctl.conf': 'net.ipv4.ip_forward = 1\n',
  }),
  'forwarding off, which a rootless engine does not need': passes(
    sysctl('net.ipv4.ip_forward = 0\n'),
    rootless,
  ),

  'processes hidden from a rootless engine': finds(
    'processesHidden',
    { ...proc(',hidepid=invisible'), '/etc/fstab': 'proc /proc proc defaults,hidepid=2 0 0\n' },
    { ...rootless, says: '/etc/fstab mounts /proc with hidepid=invisible' },
  ),
  'processes hidden, by nobody knows what': finds('processesHidden', proc(',hidepid=2'), {
    ...rootless,
    says: 'something at boot',
  }),
  'processes hidden, and the engine is root': passes(proc(',hidepid=2')),
  'processes shown': passes(proc(',hidepid=0'), rootless),
  'not recorded': unknown({}),
  'modules not recorded': unknown({ ...tree() }),
})
