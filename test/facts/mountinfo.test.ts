import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mountOf, parseMountinfo, unescapeOctal } from '../../src/facts/mountinfo.ts'
import { fixture } from '../net/fixture.ts'
import { hostile, hostileRuns } from '../net/hostile.ts'

const DEBIAN = fixture('debian-12-docker-20.10/mountinfo.txt')
/** CentOS 7.2, from https://github.com/netdata/netdata/issues/563. */
const CENTOS = `25 18 0:20 / /sys/fs/cgroup ro,nosuid,nodev,noexec shared:8 - tmpfs tmpfs ro,mode=755
26 25 0:21 / /sys/fs/cgroup/systemd rw,nosuid,nodev,noexec,relatime shared:9 - cgroup cgroup rw,xattr,release_agent=/usr/lib/systemd/systemd-cgroups-agent,name=systemd
30 25 0:25 / /sys/fs/cgroup/cpu,cpuacct rw,nosuid,nodev,noexec,relatime shared:12 - cgroup cgroup rw,cpuacct,cpu
`
/** Talos, from https://github.com/siderolabs/talos/pull/4110. */
const TALOS =
  '27 175 0:24 / /sys/fs/cgroup rw,nosuid,nodev,noexec,relatime shared:9 - cgroup2 cgroup rw,nsdelegate\n'

describe('parseMountinfo', () => {
  it('reads every line of a Debian host with docker', () => {
    const mounts = parseMountinfo(DEBIAN)
    expect(mounts).toHaveLength(DEBIAN.trimEnd().split('\n').length)
    expect(mounts[0]).toMatchObject({ id: 48, parent: 46, device: '254:0', mountPoint: '/', fsType: 'ext4' })
  })

  it('reads controllers and propagation of CentOS 7', () => {
    const [, named, cpu] = parseMountinfo(CENTOS)
    expect(named?.superOptions).toContain('name=systemd')
    expect(cpu).toMatchObject({ mountPoint: '/sys/fs/cgroup/cpu,cpuacct', propagation: ['shared:12'] })
    expect(cpu?.superOptions).toEqual(['rw', 'cpuacct', 'cpu'])
  })

  it('takes the type for what it is, whatever the source is called', () => {
    expect(parseMountinfo(TALOS)[0]).toMatchObject({ fsType: 'cgroup2', source: 'cgroup' })
  })

  it('undoes octal escapes, and leaves UTF-8 alone', () => {
    const [mount] = parseMountinfo(
      '36 35 98:0 /a\\040b /mnt/\\134x\\011daten\\012ü rw - ext3 /dev/my\\040disk rw\n',
    )
    expect(mount).toMatchObject({ root: '/a b', mountPoint: '/mnt/\\x\tdaten\nü', source: '/dev/my disk' })
    expect(unescapeOctal('\\999\\04')).toBe('\\999\\04')
  })

  it('reads a source that is empty', () => {
    expect(parseMountinfo('36 35 0:30 / /x rw -  tmpfs rw')).toEqual([])
    expect(parseMountinfo('36 35 0:30 / /x rw - tmpfs  rw')[0]).toMatchObject({ source: '', fsType: 'tmpfs' })
  })

  it('never throws', () => {
    hostileRuns(
      fc.property(hostile(`${CENTOS}${TALOS}`, [' - ', '\\040', 'shared:1']), (text) =>
        parseMountinfo(text).every(({ id, mountPoint }) => Number.isInteger(id) && mountPoint !== ''),
      ),
    )
  })
})

describe('mountOf', () => {
  const mounts = parseMountinfo(
    '1 0 8:1 / / rw - ext4 /dev/a rw\n2 1 8:2 / /var rw - xfs /dev/b rw\n3 1 8:3 / /var rw - ext4 /dev/c rw\n4 1 8:4 / /var/lib rw - xfs /dev/d rw\n',
  )
  it.each([
    ['/etc', '/dev/a'],
    ['/var/lib/docker', '/dev/d'],
    ['/variable', '/dev/a'],
    ['/var', '/dev/c'],
  ])('%s lies on %s', (path, source) => {
    expect(mountOf(mounts, path)?.source).toBe(source)
  })
})
