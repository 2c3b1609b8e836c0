import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hasEnabledEls } from '../../src/facts/extended-support.ts'
import { kernelArguments, splitCommandLine } from '../../src/facts/kernel-command-line.ts'
import { kernelConfig } from '../../src/facts/kernel-config.ts'
import { parseKubelet } from '../../src/facts/kubelet.ts'
import { install, packageFamily } from '../../src/facts/package-manager.ts'
import { program } from '../../src/facts/programs.ts'
import { serviceManager } from '../../src/facts/service-manager.ts'
import { virtualization } from '../../src/facts/virtualization.ts'
import { withSystemd } from '../../src/facts/wsl-conf.ts'
import { hostile, hostileRuns } from '../net/hostile.ts'
import { factOn, valueOn } from './fact.ts'

const stat = { type: 'file', mode: 0o755, uid: 0, gid: 0, size: 1, mtimeMs: 0, ino: 1, dev: 1 } as const
const denied = { state: 'denied', reason: 'permission denied', durationMs: 0 } as const
const none = {
  '/usr/**': null,
  '/sbin/**': null,
  '/bin/**': null,
  '/etc/**': null,
  '/run/**': null,
  '/boot/**': null,
}

describe('program', () => {
  it('takes the first folder that has it', async () => {
    const host = { ...none, 'stat /sbin/iptables': stat, 'stat /usr/sbin/iptables': stat }
    expect(await valueOn(program('iptables'), host)).toBe('/usr/sbin/iptables')
  })
  it('passes over what is no program', async () => {
    const host = {
      ...none,
      'stat /usr/bin/git': { ...stat, mode: 0o644 },
      'stat /bin/git': { ...stat, type: 'directory' as const },
    }
    expect(await valueOn(program('git'), host)).toBeNull()
  })
  it('does not know where a folder cannot be seen', async () => {
    expect((await factOn(program('git'), { ...none, 'stat /usr/sbin/git': denied })).known).toBe(false)
  })
})

describe('packageFamily', () => {
  it.each([
    ['EL 8, which has yum too', ['/usr/bin/dnf', '/usr/bin/yum'], 'dnf'],
    ['CentOS 7', ['/usr/bin/yum'], 'yum'],
    ['Debian with a guest dnf', ['/usr/bin/dnf', '/usr/bin/apt-get', '/etc/debian_version'], 'apt'],
    ['Kylin desktop', ['/usr/bin/apt-get', '/etc/debian_version'], 'apt'],
    ['openSUSE with a guest dnf', ['/usr/bin/zypper', '/usr/bin/dnf'], 'zypper'],
    ['Alpine', ['/sbin/apk'], 'apk'],
    ['something else', [], null],
  ])('%s', async (_, present, family) => {
    const host = { ...none, ...Object.fromEntries(present.map((path) => [`stat ${path}`, stat])) }
    expect(await valueOn(packageFamily, host)).toBe(family)
  })
})

describe('install', () => {
  const names = { apt: ['uidmap'], dnf: ['shadow-utils'], default: ['shadow'], apk: [] }
  it.each([
    ['apt', { kind: 'package', action: 'install', manager: 'apt', packages: ['uidmap'] }],
    ['yum', { kind: 'package', action: 'install', manager: 'yum', packages: ['shadow-utils'] }],
    ['pacman', { kind: 'package', action: 'install', manager: 'pacman', packages: ['shadow'] }],
    ['apk', { kind: 'manual', text: expect.stringContaining('uidmap') }],
    [null, { kind: 'manual', text: expect.stringContaining('uidmap') }],
  ] as const)('%s', (family, step) => {
    expect(install(family, names)).toEqual(step)
  })
})

describe('kernelConfig', () => {
  const release = { '/proc/sys/kernel/osrelease': '6.1.0\n', '/lib/**': null }
  const text = '# Linux/x86 6.1.0 Kernel Configuration\nCONFIG_VETH=m\n'
  const absent = { ...none, ...release, 'base64 /proc/config.gz': null }
  it('is unpacked', async () => {
    const found = await valueOn(kernelConfig, {
      ...absent,
      'base64 /proc/config.gz': gzipSync(text).toString('base64'),
    })
    expect([found?.path, found?.config.options.get('VETH')]).toEqual(['/proc/config.gz', 'module'])
  })
  it('is found where others keep it', async () => {
    const found = await valueOn(kernelConfig, {
      ...absent,
      'base64 /lib/modules/6.1.0/config': Buffer.from(text).toString('base64'),
    })
    expect(found?.path).toBe('/lib/modules/6.1.0/config')
  })
  it('is null where it is nowhere, or holds no options', async () => {
    expect(await valueOn(kernelConfig, absent)).toBeNull()
    const damaged = gzipSync(text).subarray(0, 20).toString('base64')
    expect(await valueOn(kernelConfig, { ...absent, 'base64 /proc/config.gz': damaged })).toBeNull()
  })
  it('is not known where it may not be read', async () => {
    expect((await factOn(kernelConfig, { ...absent, 'base64 /boot/config-6.1.0': denied })).known).toBe(false)
  })
})

describe('the kernel command line', () => {
  it('is split into arguments', async () => {
    expect(await valueOn(kernelArguments, { '/proc/cmdline': 'ro  quiet cgroup_enable=memory\n' })).toEqual([
      'ro',
      'quiet',
      'cgroup_enable=memory',
    ])
  })
  it('may have a second line that is lost', async () => {
    const found = await valueOn(splitCommandLine, {
      ...none,
      '/boot/firmware/cmdline.txt': '# mine\nroot=/dev/a rootwait\n\ncgroup_enable=memory\n',
    })
    expect(found).toEqual({
      path: '/boot/firmware/cmdline.txt',
      joined: 'root=/dev/a rootwait cgroup_enable=memory\n',
    })
  })
})

describe('serviceManager', () => {
  it('tells the one that runs from those that are installed', async () => {
    const host = {
      ...none,
      '/proc/1/comm': 'init\n',
      'stat /run/openrc': { ...stat, type: 'directory' as const },
    }
    expect(await valueOn(serviceManager, host)).toEqual({ kind: 'openrc', init: 'init' })
  })
})

describe('virtualization', () => {
  const host = {
    ...none,
    '/sys/**': null,
    '/proc/**': null,
    'stat /.dockerenv': null,
    '/proc/sys/kernel/osrelease': '6.1.0-18-amd64\n',
    '/proc/self/mountinfo': '1 0 8:1 / / rw - ext4 /dev/sda1 rw\n',
    '/proc/cpuinfo': 'flags\t: lm\n',
  }
  it.each([
    ['none', {}],
    ['vmware', { '/sys/class/dmi/id/sys_vendor': 'VMware, Inc.\n' }],
    ['microsoft', { '/sys/class/dmi/id/product_name': 'Virtual Machine\n' }],
    ['xen', { '/sys/hypervisor/type': 'xen\n' }],
    [
      'lxc',
      {
        '/proc/self/mountinfo':
          '1 0 8:1 / / rw - ext4 /dev/sda1 rw\n2 1 0:9 / /proc/cpuinfo rw - fuse.lxcfs lxcfs rw\n',
      },
    ],
    ['container', { '/run/systemd/container': 'constructor\n' }],
    ['openvz', { '/proc/vz/': ['vestat'] }],
  ])('%s', async (name, signs) => {
    expect((await valueOn(virtualization, { ...host, ...signs })).name).toBe(name)
  })
})

describe('parseKubelet', () => {
  const CONFIG = 'apiVersion: kubelet.config.k8s.io/v1beta1\ncgroupDriver: "systemd"\nfailCgroupV1: false\n'
  it('reads version and configuration', () => {
    expect(parseKubelet('Kubernetes v1.35.1\n', new Map([['/var/lib/kubelet/config.yaml', CONFIG]]))).toEqual(
      {
        version: '1.35.1',
        cgroupDriver: 'systemd',
        cgroupDriverFile: '/var/lib/kubelet/config.yaml',
        cgroupDriverLine: 'cgroupDriver: "systemd"',
        runtimeEndpoint: '',
        allowsCgroupV1: true,
      },
    )
  })
  it('lets flags decide, quotes and all', () => {
    const env = `KUBELET_KUBEADM_ARGS="--cgroup-driver='systemd' --container-runtime-endpoint=unix:///run/cri-dockerd.sock"\n`
    expect(parseKubelet('', new Map([['/var/lib/kubelet/kubeadm-flags.env', env]]))).toMatchObject({
      cgroupDriver: "'systemd'",
      runtimeEndpoint: 'unix:///run/cri-dockerd.sock',
    })
  })
  it('never throws', () => {
    hostileRuns(
      fc.property(hostile(CONFIG, ['--cgroup-driver=', 'v1.']), (text) => {
        const found = parseKubelet(
          text,
          new Map([
            ['/var/lib/kubelet/config.yaml', text],
            ['/etc/default/kubelet', text],
          ]),
        )
        return typeof found.version === 'string'
      }),
    )
  })
})

describe('withSystemd', () => {
  it.each([
    ['', '[boot]\nsystemd=true\n'],
    ['[user]\ndefault=me\n', '[user]\ndefault=me\n[boot]\nsystemd=true\n'],
    ['[boot]\nsystemd = false\ncommand=x\n[user]\n', '[boot]\nsystemd=true\ncommand=x\n[user]\n'],
    ['[network]\nsystemd=1\n[Boot]', '[network]\nsystemd=1\n[Boot]\nsystemd=true\n'],
  ])('%j', (before, after) => {
    expect(withSystemd(before)).toBe(after)
  })
  it('changes nothing the second time, whatever the file', () => {
    hostileRuns(
      fc.property(
        hostile('[boot]\nsystemd=false\n[user]\nx=1\n', ['[boot]', 'systemd=']),
        (text) => withSystemd(withSystemd(text)) === withSystemd(text),
      ),
    )
  })
})

it('hasEnabledEls never throws', () => {
  hostileRuns(
    fc.property(
      hostile('[rhel-7-server-els-rpms]\nenabled = 1\n', ['[', ']']),
      (text) => typeof hasEnabledEls(text) === 'boolean',
    ),
  )
})
