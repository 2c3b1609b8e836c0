import { dataset } from '../../src/data/dataset.ts'
import { NO_SPACE, START_FAILED, START_PROSE } from '../../src/diagnose/phenomena.ts'
import { daemonSettings } from '../../src/facts/daemon-config.ts'
import { dataRootFileSystem } from '../../src/facts/data-root.ts'
import { runningEngine } from '../../src/facts/engine.ts'
import { engineVersion } from '../../src/facts/engine-version.ts'
import { recordOf, textOf } from '../../src/facts/json.ts'
import { driverData, GRAPH_DRIVERS, kernelFileSystems } from '../../src/facts/storage-drivers.ts'
import { defineCheck, type Found, fail, type Reporter, warn } from '../../src/model/check.ts'
import type { Values } from '../../src/model/fact.ts'
import { disruptive, manualFix, restartEngine, setJson } from '../../src/model/fix.ts'
import { among, says, shows } from '../../src/model/symptom.ts'
import { atLeast } from '../../src/versions.ts'

/** Snapshotters that containerd may offer in a driver's place. @see https://docs.docker.com/engine/storage/containerd/ */
const SNAPSHOTTERS = [
  'overlayfs',
  'native',
  'devmapper',
  'blockfile',
  'erofs',
  'stargz',
  'nydus',
  'fuse-overlayfs',
  'btrfs',
  'zfs',
]
const FEATURE = 'containerd-snapshotter'

const needs = {
  engine: runningEngine,
  version: engineVersion,
  settings: daemonSettings,
  disk: dataRootFileSystem,
  kernel: kernelFileSystems,
  left: driverData,
  removals: dataset('removals'),
}
type Facts = Values<typeof needs>

const findings = {
  removed: fail('storage driver {driver} was removed in Docker {since}, and this is {version}'),
  unknownDriver: fail('storage driver {driver} is none that this engine has'),
  kernelLacks: fail('storage driver {driver} needs {needed}, which this kernel does not have'),
  wrongDisk: fail('storage driver {driver} needs the data root on {needed}, and {path} is on {type}'),
  wrongOption: fail('storage-opts has {option}, which is not for the driver {driver}: the engine refuses it'),
  snapshotterConflict: fail(
    'features.containerd-snapshotter is on and storage-driver is {driver}: Docker 29 refuses both together',
  ),
  ambiguous: fail(
    '{path} has layers of several drivers ({drivers}) and none is chosen: the engine refuses to guess',
  ),
  hidesImages: warn(
    'the driver {driver} has no images; those of {other} are still under {path}, hidden by the change of driver',
  ),
  discouraged: warn('storage driver {driver} is in use: {reason}'),
}
type Report = Reporter<typeof findings>

const choose = ({ settings }: Facts, summary: string) =>
  disruptive(summary, setJson(settings.file.path, ['storage-driver'], 'overlay2'), restartEngine)

/** What is wrong with the driver that the configuration names, whether or not the engine runs. */
function wrongChoice(facts: Facts, report: Report): Found | null {
  const { engine, version, settings, disk, kernel, removals } = facts
  const driver = textOf(settings.get('storage-driver'))
  if (!driver || !version) return null
  const spec = GRAPH_DRIVERS.find(({ name }) => name === driver)
  const cure = choose(facts, 'Use overlay2 (images of the old driver have to be pulled again)')
  if (!spec) {
    const snapshotter = SNAPSHOTTERS.includes(driver) && atLeast(version, '24.0.0')
    return snapshotter ? null : report('unknownDriver', { driver }, cure)
  }
  const since = removals.storageDrivers.find(({ name }) => name === driver)?.removedIn
  if (since && atLeast(version, since)) {
    return report('removed', { driver, since, version }, cure)
  }
  if (conflictsWithSnapshotter(facts, driver)) {
    const drop = setJson(settings.file.path, ['storage-driver'], undefined)
    return report('snapshotterConflict', { driver }, disruptive('Let containerd choose', drop, restartEngine))
  }
  if (engine) return null
  const { kernelFileSystem, dataRootType } = spec
  if (kernelFileSystem && kernelFileSystem !== 'overlay' && !kernel.has(kernelFileSystem)) {
    return report('kernelLacks', { driver, needed: `the file system ${kernelFileSystem}` }, cure)
  }
  const type = disk.mount?.fsType ?? 'unknown'
  if (dataRootType && dataRootType !== type) {
    return report('wrongDisk', { driver, needed: dataRootType, path: disk.path, type }, cure)
  }
  return null
}

/** @see https://github.com/moby/moby/blob/docker-v29.7.2/daemon/image_store_choice.go */
const conflictsWithSnapshotter = ({ version, settings }: Facts, driver: string): boolean =>
  recordOf(settings.get('features'))[FEATURE] === true &&
  (driver === 'overlay2' || driver === 'vfs') &&
  atLeast(version, '29.0.0')

/** What stops a start although the driver itself would do. */
function wrongSurroundings({ settings, disk, left }: Facts, driver: string, report: Report): Found | null {
  const prefix = GRAPH_DRIVERS.find(({ name }) => name === driver)?.optionPrefix
  const option = settings.list('storage-opts').find((one) => prefix && !one.startsWith(prefix))
  if (option) {
    const drop = setJson(settings.file.path, ['storage-opts'], undefined)
    return report(
      'wrongOption',
      { option, driver },
      disruptive("Remove the other driver's options", drop, restartEngine),
    )
  }
  if (driver || !left || left.withLayers.length < 2) return null
  const keep = left.withLayers.includes('overlay2') ? 'overlay2' : (left.withLayers[0] ?? 'overlay2')
  const set = setJson(settings.file.path, ['storage-driver'], keep)
  const cure = disruptive(`Choose ${keep}; the data of the others can then be removed`, set, restartEngine)
  return report('ambiguous', { path: disk.path, drivers: left.withLayers.join(', ') }, cure)
}

/** What a running engine's driver costs, and what it hides. */
function poorChoice(facts: Facts, driver: string, report: Report): Found | null {
  const { engine, left, disk, settings } = facts
  const reason = GRAPH_DRIVERS.find(({ name }) => name === driver)?.discouraged
  if (reason) {
    return report(
      'discouraged',
      { driver, reason },
      choose(facts, 'Use overlay2 (images have to be pulled again)'),
    )
  }
  const other = left?.withImages.find((name) => name !== driver)
  if (engine?.info.raw.Images !== 0 || !other || left?.withImages.includes(driver)) return null
  const again = `pull the images again and remove ${disk.path}/${other}.`
  // Only of overlay2 it is certain that every engine still has it.
  const cure =
    other === 'overlay2'
      ? choose(facts, 'Go back to overlay2, whose images are still there')
      : manualFix(
          'Decide which driver to keep',
          `Set "storage-driver": "${other}" in ${settings.file.path} and restart to have the old images back, or ${again}`,
        )
  return report('hidesImages', { driver, other, path: disk.path }, cure)
}

export default defineCheck({
  id: 'storage/driver',
  title: 'The storage driver works here and is recommended',
  why: 'The daemon does not start with a driver that it, the kernel or the disk lacks; a change of driver hides all images.',
  profiles: ['docker', 'swarm'],
  needs,
  causedBy: ['storage/backing-filesystem', 'engine/config'],
  symptoms: () => [
    shows(/Unable to find image '[^']+' locally/, 0.3),
    shows(
      /driver not supported|(?<!using )prior storage driver|storage-driver[^\n]{0,40}(?:unknown|not supported)|AUFS was not found|prerequisites for driver not satisfied/,
      0.72,
    ),
    shows(/driver not supported: overlay2/, 0.75),
    shows(
      /storage-driver has been deprecated and removed|(?:devicemapper|aufs|overlay) storage[- ]driver (?:is|has been) (?:deprecated|removed)/,
      0.96,
    ),
    shows(/contains several valid graphdrivers/, 0.98),
    shows(
      /unknown option (?:overlay2?|dm|zfs|btrfs|size|aufs|override)|overlay2?: unknown option|devmapper: Unknown option|Unknown option/,
      0.93,
    ),
    shows(/Base Device UUID|thin ?pool|devmapper:|devicemapper:|dm\.\w+|device mapper|transaction_id/, 0.85),
    shows(/error initializing graphdriver/, 0.4),
    shows(/ApplyLayer[\s\S]{0,60}: write \S+: no space left on device/, 0.8),
    shows(/"storage-driver"\s*:\s*"(?:aufs|devicemapper|overlay|btrfs|zfs)"/, 0.7),
    says(/storage[- ]driver|graph ?driver|\baufs\b|\bdevicemapper\b|\bdevice mapper|存储驱动/, 0.7),
    says([/\bcontainer|\bimage|\bbase device/, /\b10 ?GB?\b/, /\bsize|\bspace|\bfull|\blimit/], 0.8),
    among(NO_SPACE, 0.06),
    among(START_FAILED, 0.1),
    among(START_PROSE, 0.08),
    shows(/Storage Driver: vfs/, 0.6),
    shows(/Current Base Device|existing device|devmapper|thin_|storage-opt/, 0.7),
    says([/\bzfs\b/, /\blxc\b|\bproxmox/, /\bspace|\bstorage|\bsize|\bballoon|\bslow|\bdisk/], 0.75),
  ],
  findings,
  evaluate(facts, report) {
    const { engine, settings, version } = facts
    const driver = engine?.info.storageDriver || textOf(settings.get('storage-driver'))
    const found =
      wrongChoice(facts, report) ??
      (engine ? poorChoice(facts, driver, report) : wrongSurroundings(facts, driver, report))
    if (found) return found
    if (driver) return report.pass(driver, { driver })
    return report.pass(version ? 'the engine chooses it' : 'no engine yet: it will choose overlay2')
  },
})
