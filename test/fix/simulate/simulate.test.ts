/** What a step makes of the readings must be what the real program makes of the host: both were captured, before and after. */
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parseMountinfo } from '../../../src/facts/mountinfo.ts'
import { simulate } from '../../../src/fix/simulate/simulate.ts'
import type { Readings } from '../../../src/hosts/memory.ts'
import {
  addGroup,
  addMember,
  deleteRule,
  firewalld,
  insertNftRule,
  insertRule,
  installPackages,
  kernelArgument,
  loadModule,
  manual,
  mount,
  reboot,
  removeKernelArgument,
  removePackages,
  removePath,
  restartEngine,
  runCommand,
  type Step,
  service,
  setOwnership,
  setSysctl,
  trustCertificate,
} from '../../../src/model/fix.ts'
import { parseNftRuleset } from '../../../src/net/nftables.ts'

const captured = (name: string): string =>
  readFileSync(new URL(`../../fixtures/simulate/${name}`, import.meta.url), 'utf8')

/** After the steps, and after the steps once more. */
function carriedOut(readings: Readings, ...steps: readonly Step[]): Readings {
  const once = simulate({ steps }, readings).readings
  expect(simulate({ steps }, once).readings, 'a second application changes nothing').toEqual(once)
  return once
}
const isOpaque = (readings: Readings, ...steps: readonly Step[]): boolean =>
  simulate({ steps }, readings).opaque

describe('iptables', () => {
  const SAVE = '$ iptables-save'
  const before = { [SAVE]: captured('iptables.txt') }
  const insert = insertRule({
    program: 'iptables',
    table: 'filter',
    chain: 'INPUT',
    rule: ['-i', 'docker0', '-p', 'udp', '--dport', '53', '-j', 'ACCEPT'],
  })
  const forward = {
    program: 'iptables',
    table: 'filter',
    chain: 'FORWARD',
    rule: ['-o', 'docker0', '-j', 'DOCKER'],
  }
  const masquerade = {
    program: 'iptables',
    table: 'nat',
    chain: 'POSTROUTING',
    rule: ['-s', '172.17.0.0/16', '!', '-o', 'docker0', '-j', 'MASQUERADE'],
  }

  test('a rule at the head of its chain, with the module that iptables adds', () => {
    expect(carriedOut(before, insert)[SAVE]).toBe(captured('iptables-inserted.txt'))
    expect(isOpaque(before, insert)).toBe(false)
  })

  test('rules of two tables taken out', () => {
    expect(carriedOut(before, insert, deleteRule(forward), deleteRule(masquerade))[SAVE]).toBe(
      captured('iptables-deleted.txt'),
    )
  })

  test('in a chain without rules it is the only one', () => {
    const empty = { [SAVE]: '*filter\n:INPUT ACCEPT [0:0]\nCOMMIT\n' }
    expect(carriedOut(empty, insert)[SAVE]).toBe(
      '*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -i docker0 -p udp -m udp --dport 53 -j ACCEPT\nCOMMIT\n',
    )
  })

  test('of the legacy backend, in what its own program prints where that was asked', () => {
    const both = { ...before, '$ iptables-legacy-save': captured('iptables.txt') }
    const changed = carriedOut(both, { ...insert, program: 'iptables-legacy' })
    expect(changed).toEqual({ ...before, '$ iptables-legacy-save': captured('iptables-inserted.txt') })
  })

  test('what iptables-save printed is kept with its exit', () => {
    const answer = { stdout: captured('iptables.txt'), stderr: 'a warning', exit: 0 }
    expect(carriedOut({ [SAVE]: answer }, insert)[SAVE]).toEqual({
      ...answer,
      stdout: captured('iptables-inserted.txt'),
    })
  })

  test.each([
    ['a chain that is not there', { ...insert, chain: 'NONE' }],
    ['a table that is not there', { ...insert, table: 'raw' }],
  ])('%s: nothing is known, and nothing changes', (_, step) => {
    expect(simulate({ steps: [step] }, before)).toEqual({ readings: before, opaque: true })
  })

  test('rules that were not read: nothing is known', () => {
    expect(simulate({ steps: [insert] }, {})).toEqual({ readings: {}, opaque: true })
  })
})

describe('nft', () => {
  const LIST = '$ nft -j list ruleset'
  const before = { [LIST]: captured('nft.json') }
  const at = (chain: string, ...rule: string[]) =>
    insertNftRule({ family: 'inet', table: 'guard', chain, rule })
  const rules = (readings: Readings) =>
    parseNftRuleset(String(readings[LIST])).tables[0]?.chains.map((chain) => [
      chain.name,
      ...chain.rules.map(({ handle, expr }) => ({ handle, expr })),
    ])

  test('rules at the heads of their chains, as nft lists them', () => {
    const steps = [
      at('forward', 'iifname', '"docker0"', 'accept'),
      at('forward', 'oifname', '"br-*"', 'accept'),
      at('input', 'iifname', '"docker0"', 'tcp', 'dport', '8088', 'accept'),
      at('input', 'meta', 'l4proto', 'esp', 'accept'),
    ]
    expect(rules(carriedOut(before, ...steps))).toEqual(rules({ [LIST]: captured('nft-inserted.json') }))
    expect(isOpaque(before, ...steps)).toBe(false)
  })

  test.each([
    ['words that are not among ours', at('forward', 'ct', 'mark', '7', 'accept')],
    ['a chain that is not there', at('output', 'iifname', '"docker0"', 'accept')],
  ])('%s: nothing is known, and nothing changes', (_, step) => {
    expect(simulate({ steps: [step] }, before)).toEqual({ readings: before, opaque: true })
  })
})

describe('firewalld', () => {
  const LIST = '$ firewall-cmd --list-all-zones'
  const FILE = '/etc/firewalld/zones/public.xml'
  const before = {
    [LIST]: captured('zones.txt'),
    '/usr/lib/firewalld/zones/public.xml': captured('public.xml'),
  }
  const open = firewalld({ zone: 'public', what: 'port', value: '8088/tcp' })
  const esp = firewalld({ zone: 'public', what: 'protocol', value: 'esp' })
  const rule = firewalld({
    zone: 'public',
    scope: 'now',
    what: 'rich-rule',
    value: 'rule family="ipv4" source address="172.17.0.0/16" port port="53" protocol="udp" accept',
  })
  const trusted = firewalld({ zone: 'trusted', scope: 'now', what: 'interface', value: 'docker0' })
  const masquerade = firewalld({ zone: 'public', scope: 'now', what: 'masquerade', value: '' })
  /** Which zones are called active follows from their interfaces. */
  const bare = (listing: unknown): string => String(listing).replaceAll(' (active)', '')

  test('zones as firewall-cmd lists them; an interface is in one alone', () => {
    const changed = carriedOut(before, open, esp, rule, trusted, masquerade)
    expect(bare(changed[LIST])).toBe(bare(captured('zones-changed.txt')))
  })

  test('the permanent zone begins as a copy of the one that is shipped', () => {
    const lines = (text: unknown): string[] => String(text).split('\n').sort()
    const earlier = firewalld({ zone: 'public', scope: 'atBoot', what: 'port', value: '8090/tcp' })
    expect(lines(carriedOut(before, earlier, open, esp)[FILE])).toEqual(lines(captured('public-changed.xml')))
  })

  test('taken out again it is as it was', () => {
    const changed = carriedOut(before, open, esp, rule, masquerade)
    const back = [open, esp, rule, masquerade].map((step) => ({ ...step, remove: true as const }))
    expect(carriedOut(changed, ...back)).toMatchObject({
      [LIST]: before[LIST],
      [FILE]: captured('public.xml'),
    })
  })

  test('the rules that follow are not told', () => {
    expect(isOpaque(before, open)).toBe(true)
  })
})

describe('mounts', () => {
  const MOUNTS = '/proc/self/mountinfo'
  const ROOT = '164 154 254:0 / / rw,relatime - ext4 /dev/vda rw,discard\n'
  const TMPFS = '189 164 0:88 / /srv/a rw,nosuid,noexec,relatime - tmpfs tmpfs rw\n'
  const before = { [MOUNTS]: ROOT + TMPFS }
  const exec = mount('remount', '/srv/a', { options: ['exec'] })
  const scratch = mount('mount', '/srv/b c', { source: 'scratch', type: 'tmpfs', options: ['size=1m', 'ro'] })

  test('other options, as the kernel writes them', () => {
    expect(carriedOut(before, exec)[MOUNTS]).toBe(
      `${ROOT}189 164 0:88 / /srv/a rw,nosuid,relatime - tmpfs tmpfs rw\n`,
    )
    expect(isOpaque(before, exec)).toBe(false)
  })

  test('one of a kind replaces the other', () => {
    const proc = `${ROOT}166 164 0:21 / /proc rw,relatime - proc proc rw,hidepid=invisible\n`
    const open = mount('remount', '/proc', { options: ['hidepid=0'] })
    expect(carriedOut({ [MOUNTS]: proc }, open)[MOUNTS]).toBe(proc.replace(',hidepid=invisible', ''))
  })

  test('a mount more, in a folder with a blank; what lies in it is not told', () => {
    const text = String(carriedOut(before, scratch)[MOUNTS])
    expect(text).toContain('190 164 0:190 / /srv/b\\040c relatime,ro - tmpfs scratch rw,size=1m\n')
    expect(isOpaque(before, scratch)).toBe(true)
  })

  test('what /etc/fstab names', () => {
    const host = { ...before, '/etc/fstab': '/dev/sdb1 /srv/docker ext4 defaults,noexec 0 2\n' }
    const [, , disk] = parseMountinfo(String(carriedOut(host, mount('mount', '/srv/docker'))[MOUNTS]))
    expect(disk).toMatchObject({ source: '/dev/sdb1', fsType: 'ext4', options: ['rw', 'relatime', 'noexec'] })
  })

  test('the topmost is taken off', () => {
    const twice = { [MOUNTS]: `${ROOT}${TMPFS}${TMPFS.replace('189', '190')}` }
    expect(simulate({ steps: [mount('unmount', '/srv/a')] }, twice).readings[MOUNTS]).toBe(ROOT + TMPFS)
    expect(carriedOut(before, mount('unmount', '/srv/none'))).toEqual(before)
  })
})

describe('services', () => {
  const systemd = {
    'stat /run/systemd/system': { state: 'ok', value: {}, durationMs: 0 } as never,
    '/lib/systemd/system/docker.service': '[Install]\nWantedBy=multi-user.target\n',
  }
  const WANTS = '/etc/systemd/system/multi-user.target.wants/'

  test('enabled by a link for each target that wants it', () => {
    const host = { ...systemd, [WANTS]: ['cron.service'] }
    expect(carriedOut(host, service('docker', 'enable'))[WANTS]).toEqual(['cron.service', 'docker.service'])
    expect(isOpaque(host, service('docker', 'enable'))).toBe(false)
  })

  test('disabled by its removal', () => {
    const host = { ...systemd, [WANTS]: ['cron.service', 'docker.service'] }
    expect(carriedOut(host, service('docker', 'disable'))[WANTS]).toEqual(['cron.service'])
  })

  test('in the runlevel of OpenRC', () => {
    const host = { 'stat /run/openrc': systemd['stat /run/systemd/system'] }
    expect(carriedOut(host, service('docker', 'enable'))['/etc/runlevels/default/']).toEqual(['docker'])
  })

  test('unmasked: the link to /dev/null is gone', () => {
    const mask = 'stat /etc/systemd/system/docker.service'
    const host = { ...systemd, [mask]: systemd['stat /run/systemd/system'] }
    expect(carriedOut(host, service('docker', 'unmask'))[mask]).toBeNull()
  })

  test('what a start brings is not told', () => {
    for (const action of ['start', 'stop', 'restart', 'reload'] as const)
      expect(simulate({ steps: [service('docker', action)] }, systemd)).toEqual({
        readings: systemd,
        opaque: true,
      })
  })
})

describe('packages', () => {
  const LIST = '$ dpkg-query -W -f FORMAT docker*'
  const host = { [LIST]: 'ii \tdocker.io\t26.1.5\nii \tpodman-docker\t4.3.1\n' }

  test('what is removed is no longer listed', () => {
    expect(carriedOut(host, removePackages('apt', 'podman-docker'))[LIST]).toBe('ii \tdocker.io\t26.1.5\n')
  })

  test('which version an installation brings is not told', () => {
    expect(simulate({ steps: [installPackages('apt', 'docker.io')] }, host)).toEqual({
      readings: host,
      opaque: true,
    })
  })
})

describe('the next boot', () => {
  const host = {
    '/proc/cmdline': 'BOOT_IMAGE=/vmlinuz root=/dev/vda1 ro cgroup_disable=memory\n',
    '/etc/default/grub': 'GRUB_CMDLINE_LINUX="cgroup_disable=memory"\n',
  }

  test('an argument is in the files of the boot loader, and on the next command line', () => {
    expect(
      carriedOut(host, removeKernelArgument('cgroup_disable=memory'), kernelArgument('swapaccount=1')),
    ).toEqual({
      '/proc/cmdline': 'BOOT_IMAGE=/vmlinuz root=/dev/vda1 ro swapaccount=1\n',
      '/etc/default/grub': 'GRUB_CMDLINE_LINUX="swapaccount=1"\n',
    })
    expect(isOpaque(host, kernelArgument('swapaccount=1'))).toBe(true)
  })

  test('a setting that is not written plainly is left as it is', () => {
    const odd = { '/etc/default/grub': 'GRUB_CMDLINE_LINUX="a"$more\n' }
    expect(carriedOut(odd, kernelArgument('swapaccount=1'))).toEqual(odd)
  })
})

describe('files and accounts', () => {
  test('each is as the step leaves it', () => {
    const host = {
      '/etc/group': 'root:x:0:\n',
      '/proc/sys/net/ipv4/ip_forward': '0\n',
      '/srv/ca.pem': 'PEM',
      '/etc/old': 'old\n',
      'stat /var/run/docker.sock': {
        type: 'file',
        mode: 0o600,
        uid: 0,
        gid: 0,
        size: 0,
        mtimeMs: 0,
      } as never,
    }
    const steps = [
      addGroup('docker'),
      addMember('alice', 'docker'),
      setSysctl('net.ipv4.ip_forward', 1),
      loadModule('br_netfilter'),
      trustCertificate('reg.example:5000', '/srv/ca.pem'),
      removePath('/etc/old'),
      setOwnership('/var/run/docker.sock', { group: 'docker', mode: 0o660 }),
    ]
    expect(carriedOut(host, ...steps)).toMatchObject({
      '/etc/group': 'root:x:0:\ndocker:x:999:alice\n',
      '/proc/sys/net/ipv4/ip_forward': '1\n',
      '/etc/sysctl.d/99-zz-seaworthy.conf': 'net.ipv4.ip_forward = 1\n',
      '/etc/modules-load.d/seaworthy.conf': 'br_netfilter\n',
      '/etc/docker/certs.d/reg.example:5000/ca.crt': 'PEM',
      '/etc/old': null,
      'stat /var/run/docker.sock': { gid: 999, mode: 0o660 },
    })
    expect(isOpaque(host, ...steps)).toBe(false)
  })
})

test.each([
  ['a restart', restartEngine],
  ['a program', runCommand(['setenforce', '0'])],
  ['a person', manual('Ask.')],
  ['a boot', reboot],
])('%s is opaque', (_, step) => {
  expect(simulate({ steps: [step] }, {})).toEqual({ readings: {}, opaque: true })
})
