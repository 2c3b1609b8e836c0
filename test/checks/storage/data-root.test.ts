import check from '../../../checks/storage/data-root.ts'
import { finds, passes, testCheck, unknown } from '../../../src/testing.ts'
import { hostWithDisk, withEngine } from './host.ts'

const srv = {
  '/etc/docker/daemon.json': '{"data-root": "/srv/docker"}',
  '/etc/fstab': '/dev/sdc1 /srv/docker ext4 defaults 0 2\n',
}
const srvDisk = {
  ...hostWithDisk(),
  ...srv,
  'statfs /srv/docker': hostWithDisk()['statfs /var/lib/docker'] ?? null,
  'stat /srv/docker': hostWithDisk()['stat /var/lib/docker'] ?? null,
}

const ROOT = '1 0 8:1 / / rw,relatime - ext4 /dev/sda1 rw\n'
const ONTO_ITSELF = '2 1 8:1 /srv/docker /srv/docker rw,relatime - ext4 /dev/sda1 rw\n'

/** An engine with its data root on /srv/docker, and what lies in the default one. */
const moved = (containers: string[], info = { Images: 0, Containers: 0 }) => ({
  ...withEngine({ ...srvDisk, '/etc/fstab': '' }, { DockerRootDir: '/srv/docker', ...info }),
  '/proc/self/mountinfo': ROOT,
  '/var/lib/docker/containers/': containers,
})

testCheck(check, {
  'on a disk of its own': passes(withEngine(hostWithDisk()), { says: '/var/lib/docker on ext4' }),
  'the disk of another folder is not mounted': passes({
    ...withEngine(hostWithDisk()),
    '/etc/fstab': '# data\n/dev/sdc1 /srv/docker ext4 defaults 0 2\n',
  }),
  'read-only': finds('readOnly', hostWithDisk({ options: 'ro,relatime' })),
  'the disk in fstab is not mounted': finds('notMounted', srvDisk, {
    after: {},
    says: '/srv/docker is in /etc/fstab',
  }),
  'the engine bound the empty folder onto itself': finds(
    'notMounted',
    {
      ...srvDisk,
      '/proc/self/mountinfo': `${ROOT}${ONTO_ITSELF}`,
    },
    { after: {} },
  ),
  'sub-volumes of one btrfs': passes({
    ...hostWithDisk(),
    '/etc/fstab': 'UUID=1 / btrfs defaults 0 0\nUUID=1 /var btrfs subvol=/@/var 0 0\n',
    '/proc/self/mountinfo':
      '1 0 0:30 /@/.snapshots/1/snapshot / rw - btrfs /dev/sda2 rw\n2 1 0:30 /@/var /var rw - btrfs /dev/sda2 rw\n',
  }),
  'the data root was set anew, and the containers are where they were': finds(
    'leftBehind',
    moved(['a1', 'b2']),
  ),
  'the data root was set anew, and there was nothing before': passes(moved([])),
  'the data root was moved, with what was in it': passes(moved(['a1'], { Images: 3, Containers: 1 })),
  'on tmpfs': finds('onTmpfs', withEngine(hostWithDisk({ type: 'tmpfs' }))),
  'nothing recorded': unknown({}),
})
