import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cgroups, parseProcCgroups, parseSelfCgroup } from '../../src/facts/cgroups.ts'
import { fixture } from '../net/fixture.ts'
import { hostile, hostileRuns } from '../net/hostile.ts'
import { valueOn } from './fact.ts'

const DEBIAN = fixture('debian-12-docker-20.10/cgroups.txt')
/** A Raspberry Pi, from https://github.com/raspberrypi/linux/issues/1198. */
const PI =
  '#subsys_name    hierarchy       num_cgroups     enabled\ncpuset  7       4       1\nmemory  0       1       0\n'

/** CentOS 7: two controllers in one hierarchy, a third that is not mounted, and a name without controllers. */
const CENTOS = {
  '/proc/self/mountinfo': `25 18 0:20 / /sys/fs/cgroup ro - tmpfs tmpfs ro,mode=755
26 25 0:21 / /sys/fs/cgroup/systemd rw - cgroup cgroup rw,xattr,release_agent=/usr/lib/systemd/systemd-cgroups-agent,name=systemd
30 25 0:25 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpuacct,cpu
`,
  '/proc/cgroups': 'cpu\t3\t1\t1\ncpuacct\t3\t1\t1\nmemory\t0\t1\t0\n',
  '/proc/self/cgroup': '4:cpuacct,cpu:/user.slice\n1:name=systemd:/user.slice/user-0.slice\n',
  '/sys/fs/cgroup/**': null,
}

describe('cgroups', () => {
  it('v1 as CentOS 7 mounts it', async () => {
    const found = await valueOn(cgroups, CENTOS)
    expect(found.mode).toBe('v1')
    expect([...found.usable]).toEqual(['cpuacct', 'cpu'])
    expect([...found.named]).toEqual(['systemd'])
    expect([...found.memberOf]).toEqual(['cpuacct', 'cpu', 'name=systemd'])
    expect(found.compiled.get('memory')).toEqual({ name: 'memory', hierarchy: 0, groups: 1, enabled: false })
    expect(found.hybrid).toBe(false)
  })

  it('v1 where /proc/cgroups tells nothing', async () => {
    const found = await valueOn(cgroups, { ...CENTOS, '/proc/cgroups': null })
    expect([...found.usable]).toEqual(['cpuacct', 'cpu'])
  })

  it('hybrid counts as v1', async () => {
    const mountinfo = `${CENTOS['/proc/self/mountinfo']}42 25 0:38 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n`
    const found = await valueOn(cgroups, { ...CENTOS, '/proc/self/mountinfo': mountinfo })
    expect([found.mode, found.hybrid]).toEqual(['v1', true])
  })

  it('v2', async () => {
    const found = await valueOn(cgroups, {
      '/proc/self/mountinfo': '27 175 0:24 / /sys/fs/cgroup rw shared:9 - cgroup2 cgroup rw,nsdelegate\n',
      '/proc/cgroups': null,
      '/proc/self/cgroup': '0::/init.scope\n',
      '/sys/fs/cgroup/cgroup.controllers': 'cpuset cpu io memory pids\n',
      '/sys/fs/cgroup/cgroup.subtree_control': 'memory pids\n',
    })
    expect([found.mode, [...found.usable], [...found.enabledForChildren]]).toEqual([
      'v2',
      ['cpuset', 'cpu', 'io', 'memory', 'pids'],
      ['memory', 'pids'],
    ])
  })
})

describe('parseProcCgroups', () => {
  it('reads Debian and a Raspberry Pi', () => {
    expect(parseProcCgroups(DEBIAN).get('devices')?.enabled).toBe(true)
    expect(parseProcCgroups(PI).get('memory')?.enabled).toBe(false)
  })

  it('never throws', () => {
    hostileRuns(
      fc.property(hostile(DEBIAN), (text) =>
        [...parseProcCgroups(text).values()].every(({ hierarchy }) => Number.isSafeInteger(hierarchy)),
      ),
    )
  })
})

describe('parseSelfCgroup', () => {
  it('never throws', () => {
    hostileRuns(
      fc.property(hostile(CENTOS['/proc/self/cgroup']), (text) => parseSelfCgroup(text) instanceof Set),
    )
  })
})
