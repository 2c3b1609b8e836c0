import { dataRootFileSystem } from '../../src/facts/data-root.ts'
import { runningEngine } from '../../src/facts/engine.ts'
import { xfsFtype } from '../../src/facts/xfs.ts'
import { defineCheck, fail } from '../../src/model/check.ts'
import { maybe } from '../../src/model/fact.ts'
import { manualFix } from '../../src/model/fix.ts'
import { says, shows } from '../../src/model/symptom.ts'

/**
 * File systems that overlay2 cannot lie on.
 * @see https://docs.docker.com/engine/storage/drivers/select-storage-driver/#supported-backing-filesystems
 * @see https://github.com/moby/moby/blob/docker-v28.5.2/daemon/graphdriver/overlay2/overlay.go
 */
const UNFIT: Readonly<Record<string, string>> = {
  overlay: 'overlay cannot lie on overlay: this host is itself a container image',
  aufs: 'overlay cannot lie on aufs',
  ecryptfs: 'an encrypted home cannot carry overlay',
  nfs: 'a network file system cannot carry overlay',
  nfs4: 'a network file system cannot carry overlay',
  cifs: 'a network file system cannot carry overlay',
  smb3: 'a network file system cannot carry overlay',
  '9p': 'a shared folder of the virtual machine cannot carry overlay',
  drvfs: 'a Windows folder cannot carry overlay',
  virtiofs: 'a shared folder of the virtual machine cannot carry overlay',
  vfat: 'it has no Unix permissions',
  exfat: 'it has no Unix permissions',
  ntfs: 'it has no Unix permissions',
  ntfs3: 'it has no Unix permissions',
}

const move = manualFix(
  'Put the data root on ext4, or on xfs made with ftype=1',
  'Mount a disk with ext4 (or mkfs.xfs -n ftype=1) at /var/lib/docker, or set "data-root" in /etc/docker/daemon.json to a folder on one; stop the engine and copy the old data with cp -a first.',
)

/** The file system is of a kind that would do: it is damaged, or something in it is not there. */
const DAMAGED =
  /structure needs cleaning|input\/output error|stale (?:nfs )?file handle|overlay mount to [^\n]{0,400}(?:permission denied|no such file)/

export default defineCheck({
  id: 'storage/backing-filesystem',
  title: 'The file system beneath the data root can carry overlay2',
  why: 'On a file system without the features that overlay2 needs the daemon fails, or falls back to copying every layer.',
  profiles: ['docker', 'swarm'],
  needs: { disk: dataRootFileSystem, engine: maybe(runningEngine), ftype: xfsFtype },
  symptoms: () => [
    shows(/'overlay' is not supported over \S+ at/, 0.75),
    shows(
      /without d_type|does not support d_type|needs? to support d_type|ftype=[01]|Supports d_type: false/,
      0.96,
    ),
    shows(/not supported as (?:an )?upperdir|filesystem on '[^']*' not supported/, 0.96),
    shows(/error creating overlay mount to (?![^\n]*too many levels)/, 0.6, { unless: DAMAGED }),
    shows(
      /failed to mount overlay: invalid argument|wrong fs type[^\n]*overlay|overlay[^\n]{0,40}: invalid argument/,
      0.65,
    ),
    shows(/Storage Driver: vfs|Backing Filesystem: (?:nfs|zfs|<unknown>|fuse|overlayfs|unknown|tmpfs)/, 0.6),
    says(
      [
        /\bxfs\b|\bnfs\b|\bzfs\b|\bntfs\b|\bexfat\b|\bcifs\b|\bfuse|\becryptfs|\bvirtiofs|\b9p\b|\bglusterfs|\bcephfs|文件系统/,
        /\bdocker|\boverlay|\bdata[- ]root/,
      ],
      0.75,
    ),
    says([/\boverlay2?\b|\bd_type\b|\bupperdir/, /\binvalid argument|\bmount|\bbacking|\bd_type/], 0.75, {
      unless: DAMAGED,
    }),
    says([/\bvfs\b/, /\bstorage|\bslow|\bspace|\bdriver/], 0.7),
    shows(/failed to mount overlay: (?:operation not permitted|invalid argument)/, 0.4),
    shows(/backing file ?system is unsupported for this graph driver/, 0.93),
    shows(/failed to mount rootfs component[^\n]{0,200}: invalid argument/, 0.6),
    says([/\bnfs\b|\bcifs\b|\bglusterfs|\becryptfs|\bautofs/, /\bhome director|\bhomes?\b|\$HOME/], 0.6),
  ],
  findings: {
    unfit: fail('{path} lies on {type}: {reason}'),
    noDtype: fail('{path} lies on xfs made with ftype=0 (no d_type), which overlay2 refuses'),
  },
  evaluate({ disk, engine, ftype }, report) {
    const { path, mount } = disk
    if (!mount) return report.unknown(`no mount holds ${path}`)
    const info = engine.known ? engine.value?.info : undefined
    const driver = info?.storageDriver
    if (driver && !['overlay2', 'overlayfs', 'vfs', 'native'].includes(driver)) {
      return report.pass(`${driver} on ${mount.fsType}`)
    }
    const reason = UNFIT[mount.fsType]
    if (reason) return report('unfit', { path, type: mount.fsType, reason }, move)
    const dtype = info?.driverStatus.get('Supports d_type')
    if (dtype === 'false' || (mount.fsType === 'xfs' && ftype === 0)) return report('noDtype', { path }, move)
    if (mount.fsType === 'xfs' && dtype === undefined && ftype === null) {
      return report.unknown(`${path} is on xfs, and xfs_info, which tells ftype, cannot be asked`)
    }
    return report.pass(`${path} on ${mount.fsType}`, { type: mount.fsType })
  },
})
