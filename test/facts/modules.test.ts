import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  forbiddenModules,
  modulesAtBoot,
  moduleTree,
  parseCommandLineBlacklist,
  parseModprobe,
  parseModulePaths,
  parseModulesLoad,
  parseProcModules,
} from '../../src/facts/modules.ts'
import { hostile, hostileRuns } from '../net/hostile.ts'
import { factOn, valueOn } from './fact.ts'

const PROC = `br_netfilter 32768 0 - Live 0x0000000000000000
overlay 151552 2 - Live 0x0000000000000000
xt_conntrack 16384 1 - Live 0x0000000000000000
kvm_intel 380928 0 - Unloading 0x0000000000000000 (-)
nf_conntrack 172032 4 xt_conntrack,nf_nat,xt_MASQUERADE, Live 0x0000000000000000 (OE)
`
const DEP = `kernel/drivers/net/veth.ko.xz: kernel/net/core/failover.ko.xz
kernel/fs/overlayfs/overlay.ko.zst:
kernel/net/bridge/br_netfilter.ko: kernel/net/bridge/bridge.ko kernel/net/802/stp.ko kernel/net/llc/llc.ko
extra/zfs/snd-hda.ko.gz:
weak-updates/a/b.ko: c.ko
`
const HARDENED = `# CIS 1.1.1
install cramfs /bin/true
  install\toverlay /usr/bin/false
install usb-storage /sbin/modprobe --ignore-install usb-storage
blacklist br-netfilter # why not
options nf_conntrack hashsize=1
`

describe('parseProcModules', () => {
  it('reads names, without those that are being unloaded', () => {
    expect([...parseProcModules(PROC)]).toEqual(['br_netfilter', 'overlay', 'xt_conntrack', 'nf_conntrack'])
  })
})

describe('parseModulePaths', () => {
  it('reads modules.dep, compressed or not', () => {
    expect([...parseModulePaths(DEP)]).toEqual(['veth', 'overlay', 'br_netfilter', 'snd_hda', 'b'])
  })
  it('reads modules.builtin', () => {
    expect([...parseModulePaths('kernel/fs/ext4/ext4.ko\nkernel/net/bridge/bridge.ko\n')]).toEqual([
      'ext4',
      'bridge',
    ])
  })
})

describe('parseModprobe', () => {
  it('finds what is forbidden, and nothing else', () => {
    expect(parseModprobe('/x', HARDENED).map(({ module }) => module)).toEqual([
      'cramfs',
      'overlay',
      'br_netfilter',
    ])
  })
})

describe('parseCommandLineBlacklist', () => {
  it('reads both spellings', () => {
    const found = parseCommandLineBlacklist(
      'ro module_blacklist=veth,nouveau quiet modprobe.blacklist=br-netfilter\n',
    )
    expect(found.map(({ module }) => module)).toEqual(['veth', 'nouveau', 'br_netfilter'])
  })
})

describe('moduleTree', () => {
  const host = { '/proc/sys/kernel/osrelease': '6.9.7-arch1-1\n', '/lib/**': null }
  it('names what an upgrade left', async () => {
    const found = await valueOn(moduleTree, { ...host, '/lib/modules/': ['6.10.1-arch1-1/', 'README'] })
    expect([found.exists, found.others]).toEqual([false, ['6.10.1-arch1-1']])
  })
  it('does not judge by half an index', async () => {
    const index = { state: 'ok', value: DEP, truncated: true, durationMs: 0 } as const
    const found = await factOn(moduleTree, { ...host, '/lib/modules/6.9.7-arch1-1/modules.dep': index })
    expect(found.known).toBe(false)
  })
})

describe('configuration', () => {
  const none = {
    '/etc/**': null,
    '/run/**': null,
    '/usr/**': null,
    '/lib/**': null,
    '/proc/cmdline': 'quiet\n',
  }
  it('lets a file in /etc hide one of the same name', async () => {
    const found = await valueOn(forbiddenModules, {
      ...none,
      '/etc/modprobe.d/': ['a.conf', 'b.conf.bak'],
      '/etc/modprobe.d/a.conf': 'blacklist veth\n',
      '/usr/lib/modprobe.d/': ['a.conf'],
      '/usr/lib/modprobe.d/a.conf': 'blacklist overlay\n',
    })
    expect(found).toEqual([{ module: 'veth', file: '/etc/modprobe.d/a.conf', text: 'blacklist veth' }])
  })
  it('reads modules-load.d and /etc/modules', async () => {
    const found = await valueOn(modulesAtBoot, {
      ...none,
      '/etc/modules-load.d/': ['k8s.conf'],
      '/etc/modules-load.d/k8s.conf': '# wanted\noverlay\n; old\nbr-netfilter\n',
      '/etc/modules': 'loop max_loop=8\n',
    })
    expect([...found]).toEqual(['overlay', 'br_netfilter', 'loop'])
  })
})

it('no parser of module lists ever throws', () => {
  hostileRuns(
    fc.property(hostile(`${PROC}${DEP}${HARDENED}`, ['.ko', '.ko.xz:', 'install ', 'blacklist ']), (text) => {
      const names = [...parseModulePaths(text), ...parseProcModules(text), ...parseModulesLoad(text)]
      parseModprobe('/x', text)
      parseCommandLineBlacklist(text)
      return names.every((name) => !name.includes('-'))
    }),
  )
})
