import { describe, expect, it } from 'vitest'
import { deadMounts, ownMountinfo, remoteMounts } from '../../../src/hosts/live/dead-mounts.ts'

const MOUNTINFO = `22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
40 22 0:40 / /var/lib/docker rw,relatime shared:20 master:3 - nfs4 nas:/docker rw,vers=4.2
41 22 0:41 / /mnt/my\\040share rw - cifs //nas/share rw
42 22 0:42 / /home/bob/.gvfs rw - fuse.gvfsd-fuse gvfsd-fuse rw
43 22 0:43 / /proc/cpuinfo rw - fuse.lxcfs lxcfs rw
44 22 0:44 / /proc rw - proc proc rw
`
const never = new AbortController().signal

describe('file systems that live elsewhere', () => {
  it('are known from mountinfo', () => {
    expect(remoteMounts(MOUNTINFO)).toEqual(['/var/lib/docker', '/mnt/my share', '/home/bob/.gvfs'])
    expect(remoteMounts('')).toEqual([])
    expect(remoteMounts('garbage\n - nfs\n')).toEqual([])
    expect(remoteMounts(ownMountinfo())).toEqual(expect.any(Array))
  })

  it('are asked once, and only for what lies under them', async () => {
    const asked: string[] = []
    const mounts = deadMounts(
      () => MOUNTINFO,
      async (mount) => {
        asked.push(mount)
        return mount !== '/var/lib/docker'
      },
    )
    expect(await mounts.of('/etc/hosts', never)).toBe(undefined)
    expect(await mounts.of('/var/lib/docker-other', never)).toBe(undefined)
    expect(asked).toEqual([])
    const dead = { state: 'timeout', reason: 'the file system at /var/lib/docker does not answer' }
    expect(await mounts.of('/var/lib/docker', never)).toMatchObject(dead)
    expect(await mounts.of('/var/lib/docker/overlay2/x', never)).toMatchObject(dead)
    expect(await mounts.of('/mnt/my share/x', never)).toBe(undefined)
    expect(asked).toEqual(['/var/lib/docker', '/mnt/my share'])
  })

  it('are not taken for dead where the run ended first, and are asked anew by the next one', async () => {
    let isEnded = true
    const mounts = deadMounts(
      () => MOUNTINFO,
      async () => (isEnded ? null : true),
    )
    expect(await mounts.of('/var/lib/docker', never)).toMatchObject({
      state: 'timeout',
      reason: 'the run ended first',
    })
    isEnded = false
    expect(await mounts.of('/var/lib/docker', never)).toBe(undefined)
  })

  it('that answer are told by the real program', async () => {
    const here = '40 22 0:40 / /tmp rw - nfs4 nas:/x rw\n'
    expect(await deadMounts(() => here).of('/tmp/x', never)).toBe(undefined)
  })
})
