import { DOCKER } from '../../src/diagnose/words.ts'
import { DEFAULT_DATA_ROOT, dataRootFileSystem } from '../../src/facts/data-root.ts'
import { runningEngine } from '../../src/facts/engine.ts'
import { type FstabEntry, fstab } from '../../src/facts/fstab.ts'
import { type Mount, mountOf, mounts } from '../../src/facts/mountinfo.ts'
import { defineCheck, fail, warn } from '../../src/model/check.ts'
import { defineFact, maybe, type OrAbsent, orAbsent } from '../../src/model/fact.ts'
import { type Fix, fix, manualFix, mount, service } from '../../src/model/fix.ts'
import { type DirectorySource, directory } from '../../src/model/source.ts'
import { says, shows } from '../../src/model/symptom.ts'

const leftBehind = defineFact({
  name: 'containersLeftBehind',
  about: `How many containers lie in ${DEFAULT_DATA_ROOT}, where an engine with another data root has none at all.`,
  needs: { fileSystem: dataRootFileSystem, engine: runningEngine },
  reads: ({ fileSystem, engine }): Record<string, OrAbsent<DirectorySource>> => {
    const { Images, Containers } = engine?.info.raw ?? {}
    return Images === 0 && Containers === 0 && fileSystem.path !== DEFAULT_DATA_ROOT
      ? { names: orAbsent(directory(`${DEFAULT_DATA_ROOT}/containers`)) }
      : {}
  },
  reading: `${DEFAULT_DATA_ROOT}/containers/ (where an engine with another data root has no image and no container)`,
  parse: ({ names }): number => names?.length ?? 0,
})

/** The engine binds its data root onto itself: a mount of the very file system around it is not the disk. */
function isMounted({ mountPoint, options }: FstabEntry, mounts: readonly Mount[]): boolean {
  const there = mounts.filter((mount) => mount.mountPoint === mountPoint)
  const around = mountOf(
    mounts.filter((mount) => mount.mountPoint !== mountPoint),
    mountPoint,
  )
  const below = around?.mountPoint === '/' ? mountPoint : mountPoint.slice(around?.mountPoint.length)
  const place = `${around?.root}${below}`.replace('//', '/')
  const isItself = ({ device, root }: Mount): boolean => device === around?.device && root === place
  return there.some((mount) => !isItself(mount)) || (there.length > 0 && options.includes('bind'))
}

/** While the engine stands: when it stops it takes the mount off that it made of its data root, or what lies on top. */
function mountIt({ device, mountPoint, type, options }: FstabEntry, mounts: readonly Mount[]): Fix {
  const isTaken = mounts.some((mount) => mount.mountPoint === mountPoint)
  // Without a source /etc/fstab is followed, and what is a mount point already is taken to be mounted.
  const what = isTaken ? { source: device, type, options: options.filter(Boolean) } : {}
  return fix(
    'Mount the disk while the engine is stopped',
    service('docker', 'stop'),
    mount('mount', mountPoint, what),
    service('docker', 'start'),
  )
}

export default defineCheck({
  id: 'storage/data-root',
  title: 'The data root is writable and on its own disk',
  why: 'Images, containers and volumes live there: the engine cannot start without it, and loses them with it.',
  profiles: ['docker', 'swarm'],
  needs: {
    fileSystem: dataRootFileSystem,
    mounts,
    fstab,
    engine: maybe(runningEngine),
    leftBehind: maybe(leftBehind),
  },
  symptoms: () => [
    shows(/pivot_root:? invalid argument/, 0.85),
    shows(/Backing Filesystem: tmpfs|\/var\/lib\/docker\s+(?:\S+\s+)?tmpfs/, 0.85),
    shows(/Unable to find image '[^']+' locally/, 0.3),
    shows(/chmod \S+: read-only file system|\/var\/lib\/docker\S*: read-only file system/, 0.85),
    says(
      [
        /data[- ]root|\bgraph\b|\/var\/lib\/docker|数据目录/,
        /\bmov(?:e|ed|ing)|\bchange|\bmount|\bnew disk|\bempty|迁移|修改/,
      ],
      0.1,
    ),
    shows(
      /mkdir \/\S*docker\S*: (?:read-only file system|not a directory)|error creating temporary (?:directory|lease)/,
      0.6,
    ),
    says(
      [
        /\bimages? (?:and containers )?(?:are|is) (?:gone|missing)|\blost all|\bdisappeared/,
        /\breboot|\bmount|\bdisk|\brestart/,
      ],
      0.45,
    ),
    shows(/Directory \S{0,80}docker\S{0,80} to mount over is not empty/, 0.93),
    says(
      [
        /\b(?:un|u)mount(?:ed)?\b|\bnot mounted|\b(?:second|external|extra|another|new|usb) (?:disk|drive|hdd|ssd|partition)|没有?挂载|未挂载/,
        /\breboot|\bboot\b|重启|开机/,
        DOCKER,
      ],
      0.55,
    ),
  ],
  findings: {
    readOnly: fail('{path} is mounted read-only ({mountPoint}, {type})'),
    notMounted: fail(
      '{mountPoint} is in /etc/fstab but not mounted: the engine uses the empty folder beneath it',
    ),
    leftBehind: warn(
      `{path} is empty, and {count} of the engine's containers lie in ${DEFAULT_DATA_ROOT}, where it does not look any more`,
    ),
    onTmpfs: warn('{path} is on {type}: images and volumes are gone after a reboot'),
  },
  evaluate({ fileSystem, mounts, fstab, engine, leftBehind }, report) {
    const { path, mount } = fileSystem
    if (!mount) return report.unknown(`no mount holds ${path}`)
    const { mountPoint, fsType: type } = mount
    const wanted = fstab
      .filter((entry) => path === entry.mountPoint || path.startsWith(`${entry.mountPoint}/`))
      .filter((entry) => entry.mountPoint !== '/' && !entry.noauto && !isMounted(entry, mounts))
      .at(-1)
    if (wanted) {
      return report('notMounted', { mountPoint: wanted.mountPoint }, mountIt(wanted, mounts))
    }
    if (mount.options.includes('ro') || mount.superOptions.includes('ro')) {
      const cure = manualFix(
        'Make the file system writable again',
        `A disk error makes the kernel remount a file system read-only: look at dmesg, check the disk, then mount -o remount,rw ${mountPoint}`,
      )
      return report('readOnly', { path, mountPoint, type }, cure)
    }
    const inUse = engine.known && engine.value !== null
    if ((type === 'tmpfs' || type === 'ramfs') && (inUse || fileSystem.exists)) {
      const cure = manualFix(
        'Put the data root on a disk',
        `Mount a disk on ${path}, or set "data-root" in /etc/docker/daemon.json.`,
      )
      return report('onTmpfs', { path, type }, cure)
    }
    if (leftBehind.known && leftBehind.value > 0) {
      const cure = manualFix(
        'Move the data, or go back to where it is',
        `Stop docker; then copy ${DEFAULT_DATA_ROOT} to ${path} (cp -a), or take "data-root" out of /etc/docker/daemon.json; start docker.`,
      )
      return report('leftBehind', { path, count: leftBehind.value }, cure)
    }
    return report.pass(`${path} on ${type}`)
  },
})
