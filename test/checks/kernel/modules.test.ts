import { expect, it } from 'vitest'
import check from '../../../checks/kernel/modules.ts'
import { finds, judge, passes, testCheck, unknown } from '../../../src/testing.ts'
import { allLoaded, bare, config, engine, modular, PATHS, tree, upgraded, without } from './hosts.ts'

const file = { type: 'file', mode: 0o755, uid: 0, gid: 0, size: 1, mtimeMs: 0, ino: 1, dev: 1 } as const
const blacklisted = (line: string) => ({
  ...modular,
  '/etc/modprobe.d/': ['hardening.conf'],
  '/etc/modprobe.d/hardening.conf': `# CIS\n${line}\n`,
})
const el10 = '6.12.0-55.el10_0.x86_64'
const rootless = { settings: { profile: 'rootless' } } as const

testCheck(check, {
  'a fresh install: loadable': passes(modular),
  'all loaded': passes({ ...bare, '/proc/modules': allLoaded }),
  'monolithic, the configuration has all': passes({ ...bare, '/proc/modules': null, ...config() }),
  'compressed modules': passes({ ...bare, ...tree('6.1.0-18-amd64', PATHS, '.zst') }),
  'iptables off: no rules needed': passes({
    ...without('xt_addrtype'),
    '/etc/docker/daemon.json': '{"iptables": false}',
  }),
  'a driver other than overlay2': passes({
    ...without('overlay'),
    '/etc/docker/daemon.json': '{"storage-driver": "btrfs"}',
  }),
  'rules already at work': passes({ ...without('xt_addrtype'), ...engine() }),
  'no addrtype on disk (EL 10)': finds(
    'missing',
    {
      ...bare,
      '/proc/sys/kernel/osrelease': `${el10}\n`,
      ...tree(
        el10,
        PATHS.filter((path) => !path.includes('addrtype')),
        '.xz',
      ),
      'stat /usr/bin/dnf': file,
    },
    { after: tree(el10) },
  ),
  'no modules in an Ubuntu cloud image': finds(
    'missing',
    {
      ...bare,
      '/proc/sys/kernel/osrelease': '5.15.0-91-generic\n',
      ...tree('5.15.0-91-generic', ['kernel/net/bridge/bridge.ko']),
      'stat /usr/bin/apt-get': file,
    },
    { after: tree('5.15.0-91-generic') },
  ),
  'a kernel of one’s own without veth': finds(
    'missing',
    { ...bare, '/proc/modules': null, ...config('VETH') },
    { says: 'veth' },
  ),
  'no br_netfilter (EL 10)': finds(
    'optionalMissing',
    {
      ...bare,
      '/proc/sys/kernel/osrelease': `${el10}\n`,
      ...tree(
        el10,
        PATHS.filter((path) => !path.includes('br_netfilter')),
        '.xz',
      ),
      'stat /usr/bin/dnf': file,
    },
    { after: tree(el10) },
  ),
  'no br_netfilter': finds('optionalMissing', without('br_netfilter')),
  'overlay replaced by nothing': finds('forbidden', blacklisted('install overlay /bin/true'), {
    says: 'install overlay',
  }),
  'veth blacklisted': finds('forbidden', blacklisted('blacklist veth')),
  'veth blacklisted, and loaded': passes({ ...blacklisted('blacklist veth'), '/proc/modules': allLoaded }),
  'veth blacklisted at boot': finds('forbidden', {
    ...modular,
    '/proc/cmdline': 'quiet module_blacklist=veth\n',
  }),
  'loading switched off': finds('loadingOff', { ...modular, '/proc/sys/kernel/modules_disabled': '1\n' }),
  'loading switched off, all loaded': passes({
    ...modular,
    '/proc/modules': allLoaded,
    '/proc/sys/kernel/modules_disabled': '1\n',
  }),
  'containerd 1.2 on a monolithic kernel': finds(
    'modprobeFails',
    {
      ...bare,
      ...config(),
      '/proc/modules': null,
      'stat /run/systemd/system': { ...file, type: 'directory' },
      'stat /lib/systemd/system/containerd.service': file,
      '/lib/systemd/system/containerd.service':
        '[Service]\nExecStartPre=/sbin/modprobe overlay\nExecStart=/usr/bin/containerd\n',
    },
    { after: {} },
  ),
  'a later containerd on a monolithic kernel': passes({
    ...bare,
    ...config(),
    '/proc/modules': null,
    'stat /run/systemd/system': { ...file, type: 'directory' },
    'stat /lib/systemd/system/containerd.service': file,
    '/lib/systemd/system/containerd.service': '[Service]\nExecStartPre=-/sbin/modprobe overlay\n',
  }),
  'rootless, iptables not loaded': finds('rootlessNotLoaded', modular, rootless),
  'rootless, nftables loaded': passes(
    { ...modular, '/proc/modules': 'nf_tables 1 0 - Live 0x0\n' },
    rootless,
  ),
  'upgraded and not rebooted, no configuration': unknown(upgraded),
  'nothing recorded': unknown({}),
})

it('loads nothing now where loading is switched off: that would fail', async () => {
  const outcome = await judge(check, { ...modular, '/proc/sys/kernel/modules_disabled': '1\n' })
  expect(outcome).toMatchObject({ fix: { steps: [{ kind: 'file' }, { kind: 'reboot' }] } })
})
