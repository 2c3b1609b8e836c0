import check from '../../../checks/storage/backing-filesystem.ts'
import { finds, passes, testCheck, unknown } from '../../../src/testing.ts'
import { hostWithDisk, withEngine } from './host.ts'

const xfs = hostWithDisk({ type: 'xfs' })
const info = (ftype: number) => ({
  '$ xfs_info /var/lib/docker': `naming   =version 2              bsize=4096   ascii-ci=0, ftype=${ftype}\n`,
})

testCheck(check, {
  ext4: passes(hostWithDisk()),
  'xfs with ftype=1': passes({ ...xfs, ...info(1) }),
  'xfs, as the engine says it': passes(withEngine(xfs, { DriverStatus: [['Supports d_type', 'true']] })),
  'btrfs with its own driver': passes(withEngine(hostWithDisk({ type: 'btrfs' }), { Driver: 'btrfs' })),
  'inside a container image': finds('unfit', hostWithDisk({ type: 'overlay' }), {
    says: 'overlay cannot lie on overlay',
  }),
  'on NFS': finds('unfit', withEngine(hostWithDisk({ type: 'nfs4' }), { Driver: 'vfs' })),
  'xfs with ftype=0': finds('noDtype', { ...xfs, ...info(0) }),
  'xfs with ftype=0, as the engine says it': finds(
    'noDtype',
    withEngine(xfs, { DriverStatus: [['Supports d_type', 'false']] }),
  ),
  'xfs, and nobody to ask': unknown({ ...xfs, '$ xfs_info /var/lib/docker': null }),
  'nothing recorded': unknown({}),
})
