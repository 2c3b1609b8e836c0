import check from '../../../checks/storage/devicemapper-prerequisites.ts'
import type { Readings } from '../../../src/hosts/memory.ts'
import type { Stat } from '../../../src/model/source.ts'
import { finds, passes, skips, testCheck, unknown } from '../../../src/testing.ts'
import { hostWithDisk, withEngine } from './host.ts'

const program: Stat = {
  type: 'file',
  mode: 0o755,
  uid: 0,
  gid: 0,
  size: 1,
  mtimeMs: 0,
  ino: 1,
  dev: 1,
}
const tools: Readings = { 'stat /usr/sbin/lvm': program, 'stat /usr/sbin/thin_check': program }
const asked = (version: string, ...opts: readonly string[]): Readings => ({
  ...hostWithDisk(),
  '$ dockerd --version': `Docker version ${version}, build 5d6db84\n`,
  '/etc/docker/daemon.json': JSON.stringify({ 'storage-driver': 'devicemapper', 'storage-opts': opts }),
})
const POOL = 'dm.thinpooldev=/dev/mapper/docker-thinpool'
const centos = { 'stat /usr/bin/yum': program }

testCheck(check, {
  'another driver': skips(withEngine(hostWithDisk())),
  'an engine without it': skips(asked('27.5.1', POOL)),
  'a pool of a disk': passes({ ...asked('20.10.24', POOL), ...tools }),
  'a pool of a disk, as the engine tells': passes(
    withEngine({ ...hostWithDisk(), ...tools }, { Driver: 'devicemapper' }, '20.10.24'),
  ),
  'no tools': finds(
    'missing',
    { ...asked('20.10.24', POOL), ...centos },
    {
      says: 'missing: lvm, thin_check',
      after: tools,
    },
  ),
  'one tool of the two': finds(
    'missing',
    { ...asked('20.10.24', 'dm.directlvm_device=/dev/sdb'), 'stat /usr/sbin/lvm': program },
    { says: 'missing: thin_check' },
  ),
  'a pool in files, by configuration': finds('loopback', asked('19.03.15')),
  'a pool in files, as the engine tells': finds(
    'loopback',
    withEngine(
      hostWithDisk(),
      { Driver: 'devicemapper', DriverStatus: [['Data loop file', '/var/lib/docker/devicemapper/data']] },
      '18.09.9',
    ),
  ),
  'nothing recorded': unknown({}),
})
