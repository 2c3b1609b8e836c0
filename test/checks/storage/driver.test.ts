import check from '../../../checks/storage/driver.ts'
import type { Readings } from '../../../src/hosts/memory.ts'
import { finds, passes, testCheck, unknown } from '../../../src/testing.ts'
import { hostWithDisk, withEngine } from './host.ts'

const bare: Readings = {
  ...hostWithDisk(),
  '/proc/filesystems': 'nodev\tproc\n\text4\nnodev\toverlay\n\tbtrfs\n',
  '/var/lib/docker/**': null,
}
const installed = (version: string, config?: object): Readings => ({
  ...bare,
  '$ dockerd --version': `Docker version ${version}, build 5d6db84\n`,
  ...(config ? { '/etc/docker/daemon.json': `${JSON.stringify(config, null, 2)}\n` } : {}),
})
const running = withEngine(bare)

testCheck(check, {
  'overlay2 in use': passes(running, { says: 'overlay2' }),
  'nothing installed': passes(bare, { says: 'no engine yet' }),
  'left to the engine': passes(installed('28.5.2')),
  'a snapshotter of containerd, by name': passes(installed('29.7.2', { 'storage-driver': 'overlayfs' })),
  'the module of overlay is not loaded yet': passes({
    ...installed('28.5.2', { 'storage-driver': 'overlay2' }),
    '/proc/filesystems': '\text4\n',
  }),
  'old data beside a driver that has images': passes({
    ...running,
    '/var/lib/docker/image/overlay2/imagedb/content/sha256/': ['a'],
    '/var/lib/docker/image/vfs/imagedb/content/sha256/': ['b'],
  }),
  'aufs on Docker 27': finds('removed', installed('27.5.1', { 'storage-driver': 'aufs' })),
  'aufs on Docker 20.10, and a kernel without': finds(
    'kernelLacks',
    installed('20.10.24', { 'storage-driver': 'aufs' }),
  ),
  'a misspelt driver': finds('unknownDriver', installed('28.5.2', { 'storage-driver': 'overlay3' }), {
    says: 'overlay3',
  }),
  'btrfs on ext4': finds('wrongDisk', installed('20.10.24', { 'storage-driver': 'btrfs' }), {
    says: 'on ext4',
  }),
  'options of devicemapper for overlay2': finds(
    'wrongOption',
    installed('20.10.24', { 'storage-driver': 'overlay2', 'storage-opts': ['dm.basesize=20G'] }),
  ),
  'Docker 29 with both': finds(
    'snapshotterConflict',
    installed('29.7.2', { 'storage-driver': 'overlay2', features: { 'containerd-snapshotter': true } }),
  ),
  'layers of two drivers': finds('ambiguous', {
    ...installed('20.10.24'),
    '/var/lib/docker/overlay2/': ['l/'],
    '/var/lib/docker/aufs/': ['diff/'],
  }),
  'images of the former driver': finds('hidesImages', {
    ...withEngine(bare, { Driver: 'overlay2', Images: 0 }),
    '/var/lib/docker/image/devicemapper/imagedb/content/sha256/': ['a'],
  }),
  'images of overlay2, hidden by btrfs': finds(
    'hidesImages',
    {
      ...withEngine(bare, { Driver: 'btrfs', Images: 0 }),
      '/var/lib/docker/image/overlay2/imagedb/content/sha256/': ['a'],
    },
    { after: withEngine({}, { Driver: 'overlay2', Images: 3 }) },
  ),
  'vfs in use': finds('discouraged', withEngine(bare, { Driver: 'vfs' }), {
    after: withEngine({}, { Driver: 'overlay2' }),
  }),
  'the socket is closed to this user': unknown({
    ...bare,
    'GET unix:///var/run/docker.sock /version': {
      state: 'denied',
      reason: 'permission denied',
      durationMs: 1,
    },
  }),
})
