import check from '../../../checks/host/virtualization.ts'
import type { Readings } from '../../../src/hosts/memory.ts'
import { finds, passes, testCheck, unknown } from '../../../src/testing.ts'
import { bare, denied, engine, files } from './hosts.ts'

const OVERLAY_ROOT = '100 1 0:50 / / rw,relatime - overlay overlay rw,lowerdir=/l\n'
const docker: Readings = {
  ...bare,
  ...files('/.dockerenv'),
  '/proc/self/mountinfo': OVERLAY_ROOT,
  '/proc/1/status': 'CapBnd:\t00000000a80425fb\n',
}
const lxc: Readings = {
  ...bare,
  '/proc/1/environ': 'container=lxc\0TERM=linux\0',
  '/proc/self/attr/current': 'lxc-container-default-cgns (enforce)\n',
}
const nested: Readings = {
  ...lxc,
  '/proc/self/mountinfo': `${lxc['/proc/self/mountinfo']}30 27 0:4 / /dev/.lxc/proc rw - proc proc rw\n`,
}

testCheck(check, {
  'a virtual machine without firmware data': passes(bare, { says: '(vm)' }),
  KVM: passes(
    { ...bare, '/sys/class/dmi/id/sys_vendor': 'QEMU\n', '/sys/class/dmi/id/product_name': 'Standard PC\n' },
    { says: 'qemu' },
  ),
  metal: passes({ ...bare, '/proc/cpuinfo': 'flags\t: fpu vmx\n' }, { says: 'bare metal' }),
  'a machine from an unpacked image': passes({ ...bare, ...files('/.dockerenv') }, { says: '(vm)' }),
  'WSL 2': passes(
    { ...bare, '/proc/sys/kernel/osrelease': '5.15.153.1-microsoft-standard-WSL2\n' },
    { says: 'wsl2' },
  ),
  'LXC with nesting': passes(nested),
  'LXC unconfined': passes({ ...lxc, '/proc/self/attr/current': 'unconfined\n' }),
  'LXC without nesting, where the engine answers': passes({ ...lxc, ...engine() }),
  'a privileged container': passes({ ...docker, '/proc/1/status': 'CapBnd:\t000001ffffffffff\n' }),
  'a processor that is hidden (kvm64)': finds(
    'cpuMasked',
    { ...bare, '/proc/cpuinfo': 'flags\t: fpu lm hypervisor pni cx16\n' },
    { says: 'sse4_2' },
  ),
  'an old processor on metal': passes({ ...bare, '/proc/cpuinfo': 'flags\t: fpu lm pni cx16\n' }),
  'WSL 1': finds('wsl1', { ...bare, '/proc/sys/kernel/osrelease': '4.4.0-19041-Microsoft\n' }),
  OpenVZ: finds('openvz', { ...bare, '/proc/vz/': ['veinfo'] }),
  'the machine that carries OpenVZ': passes({ ...bare, '/proc/vz/': ['veinfo'], '/proc/bc/': ['0/'] }),
  'LXC without nesting': finds('noNesting', lxc),
  'LXC without nesting, seen by an ordinary user': finds('noNesting', {
    ...lxc,
    '/proc/1/environ': denied,
    '/run/systemd/container': 'lxc\n',
  }),
  'an ordinary container': finds('unprivileged', docker, { says: 'docker' }),
  'an ordinary podman container': finds(
    'unprivileged',
    { ...docker, 'stat /.dockerenv': null, ...files('/run/.containerenv') },
    { says: 'podman' },
  ),
  'a container whose init cannot be seen': unknown({ ...docker, '/proc/1/status': denied }),
  'nothing recorded': unknown({}),
})
