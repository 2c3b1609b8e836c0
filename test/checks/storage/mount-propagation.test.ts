import check from '../../../checks/storage/mount-propagation.ts'
import type { Readings } from '../../../src/hosts/memory.ts'
import type { Stat } from '../../../src/model/source.ts'
import { finds, passes, testCheck, unknown } from '../../../src/testing.ts'
import { hostWithDisk, withEngine } from './host.ts'

const statOf = (size: number): Stat => ({
  type: 'file',
  mode: 0o644,
  uid: 0,
  gid: 0,
  size,
  mtimeMs: 0,
  ino: 1,
  dev: 1,
})
const UNIT = '/usr/lib/systemd/system/docker.service'
const DROP_IN = '/etc/systemd/system/docker.service.d/mountflags-slave.conf'

/** A packaged engine under systemd, with these lines in its unit and in a drop-in. */
const systemd = (
  own: string,
  added = '',
  containerd = ' --containerd=/run/containerd/containerd.sock',
): Readings => ({
  ...hostWithDisk(),
  'stat /run/systemd/system': statOf(0),
  [UNIT]: `[Service]\nExecStart=/usr/bin/dockerd -H fd://${containerd}\n${own}`,
  [`stat ${UNIT}`]: statOf(400),
  ...(added
    ? {
        '/etc/systemd/system/docker.service.d/': ['mountflags-slave.conf'],
        [DROP_IN]: `[Service]\n# Helps against "device busy" on RHEL 7.3\n${added}\n`,
      }
    : {}),
})
/** As Docker 20.10 lists the mounts of a container. */
const binds = (host: Readings, root: string, ...mounts: readonly object[]): Readings => ({
  ...withEngine(host),
  '/proc/self/mountinfo': `1 0 8:1 / / rw,relatime${root} - ext4 /dev/sda1 rw\n`,
  'GET unix:///var/run/docker.sock /containers/json?all=1': {
    status: 200,
    headers: {},
    body: JSON.stringify([{ Names: ['/backup'], State: 'exited', Mounts: mounts }]),
  },
})
const bind = (Source: string, Propagation: string, Mode = Propagation): object => ({
  Type: 'bind',
  Source,
  Destination: '/x',
  Mode,
  RW: true,
  Propagation,
})
const shared = { '/proc/self/mountinfo': '1 0 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw\n' }

/** What a text says was refused. */
const refused = (mountPoint: string, slaveDoes = false) => ({
  settings: {
    refused: {
      ports: [],
      plugins: [],
      mounts: [{ mountPoint, slaveDoes }],
      registries: { plain: [], others: [] },
    },
  },
})

testCheck(check, {
  'a text names a mount that is private': finds('privateMount', binds(hostWithDisk(), ''), refused('/')),
  'a text names a mount that is a slave, which does not do': finds(
    'privateMount',
    binds(hostWithDisk(), ' master:1'),
    refused('/'),
  ),
  'a text names a mount that is shared as seen from here': unknown(
    binds(hostWithDisk(), ' shared:1'),
    refused('/'),
  ),
  'as packaged': passes(systemd('')),
  'a private root, and nobody who minds': passes(binds(hostWithDisk(), '', bind('/mnt/x', 'rprivate', ''))),
  'without systemd': passes(hostWithDisk()),
  'the old drop-in of RHEL': finds('engineHidden', systemd('', 'MountFlags=slave'), {
    says: `MountFlags=slave in ${DROP_IN}`,
  }),
  'a hardened unit': finds('engineHidden', systemd('PrivateTmp=yes\n'), { says: 'PrivateTmp=yes' }),
  'a vendor’s unit with the flag': finds('engineHidden', systemd('MountFlags=slave\n'), {
    says: `in ${UNIT}`,
  }),
  'a drop-in that takes it back': passes(systemd('MountFlags=slave\n', 'MountFlags=')),
  'containerd shares the mounts of its engine': passes(systemd('MountFlags=slave\n', '', '')),
  'containerd mounts what it stores': passes(
    withEngine(systemd('PrivateTmp=yes\n'), { Driver: 'overlayfs' }),
  ),
  'a shared root': passes(binds(hostWithDisk(), ' shared:1', bind('/mnt/x', 'rshared'), bind('/', 'rslave'))),
  'a slave of another root': passes(binds(hostWithDisk(), ' master:1', bind('/mnt/x', 'rslave'))),
  'the root, made rslave by the engine itself': passes(binds(hostWithDisk(), '', bind('/', 'rslave', 'ro'))),
  'rslave on a private mount': finds('notShared', binds(hostWithDisk(), '', bind('/mnt/x', 'rslave')), {
    says: 'container backup asks for rslave of /mnt/x, and the mount / is private',
    after: shared,
  }),
  'the root as rslave, by wish': finds('notShared', binds(hostWithDisk(), '', bind('/', 'rslave')), {
    after: shared,
  }),
  'rshared on a slave': finds('notShared', binds(hostWithDisk(), ' master:1', bind('/', 'rshared')), {
    after: shared,
  }),
  'nothing recorded': unknown({}),
})
