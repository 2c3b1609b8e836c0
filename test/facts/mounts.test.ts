import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mountHolding, parseMountinfo } from '../../src/facts/mounts.ts'

const debian = readFileSync('test/fixtures/debian-12-docker-20.10/mountinfo.txt', 'utf8')

describe('parseMountinfo', () => {
  it('reads a Debian 12 host with Docker', () => {
    const all = parseMountinfo(debian)
    expect(all).toHaveLength(debian.trim().split('\n').length)
    expect(mountHolding(all, '/var/lib/docker/overlay2')).toMatchObject({
      type: 'ext4',
      propagation: ['shared:5'],
    })
    expect(mountHolding(all, '/sys/fs/cgroup/memory')).toMatchObject({
      type: 'cgroup',
      superOptions: ['rw', 'memory'],
    })
  })
  it('unescapes blanks in paths', () => {
    const [mount] = parseMountinfo(
      '36 35 98:0 / /mnt/my\\040disk rw,noatime master:1 - ext3 /dev/root rw,errors=continue',
    )
    expect(mount?.mountPoint).toBe('/mnt/my disk')
  })
  it('takes the last of several mounts on one point', () => {
    const all = parseMountinfo(
      '1 0 8:1 / / rw - ext4 /dev/sda rw\n2 1 0:5 / /srv rw - tmpfs a rw\n3 1 0:6 / /srv rw - xfs b rw',
    )
    expect(mountHolding(all, '/srv/docker')?.type).toBe('xfs')
    expect(mountHolding(all, '/srvx')?.type).toBe('ext4')
  })
  it('never throws', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => Array.isArray(parseMountinfo(text))),
      { numRuns: 10_000 },
    )
  })
})
