import { daemonSettings } from '../../src/facts/daemon-config.ts'
import { runningEngine } from '../../src/facts/engine.ts'
import { engineVersion } from '../../src/facts/engine-version.ts'
import { textOf } from '../../src/facts/json.ts'
import { install, packageFamily } from '../../src/facts/package-manager.ts'
import { programs } from '../../src/facts/programs.ts'
import { defineCheck, fail, warn } from '../../src/model/check.ts'
import { maybe } from '../../src/model/fact.ts'
import { fix, manual, manualFix } from '../../src/model/fix.ts'
import { shows } from '../../src/model/symptom.ts'
import { atLeast } from '../../src/versions.ts'

/** @see https://docs.docker.com/engine/deprecated/#device-mapper-storage-driver */
const REMOVED_IN = '25.0.0'
/** A thin pool made of a disk, by LVM or beforehand. @see https://github.com/moby/moby/blob/v20.10.24/daemon/graphdriver/devmapper/README.md */
const OF_A_DISK = /^dm\.(?:directlvm_device|thinpooldev)=/
/** LVM runs thin_check when it activates a thin pool. */
const PACKAGES = {
  default: ['thin-provisioning-tools', 'lvm2'],
  dnf: ['device-mapper-persistent-data', 'lvm2'],
} as const

export default defineCheck({
  id: 'storage/devicemapper-prerequisites',
  title: 'The devicemapper driver has its tools and a disk',
  why: 'Without them the engine cannot open its thin pool, or keeps all images in slow files that fill up unseen.',
  profiles: ['docker', 'swarm'],
  needs: {
    settings: daemonSettings,
    engine: maybe(runningEngine),
    version: maybe(engineVersion),
    tools: programs('lvm', 'thin_check'),
    family: maybe(packageFamily),
  },
  causedBy: ['storage/driver'],
  symptoms: () => [
    shows(
      /thin_check|device-mapper-persistent-data|\blvm2\b|exec: "lvm"|loopback devices is strongly discouraged/,
      0.85,
    ),
  ],
  findings: {
    missing: fail(
      'the driver devicemapper is to use a thin pool of LVM, and these tools are missing: {tools}',
    ),
    loopback: warn(
      'the driver devicemapper keeps its pool in files: it is slow, and not meant for production',
    ),
  },
  evaluate({ settings, engine, version, tools, family }, report) {
    const info = engine.known ? engine.value?.info : undefined
    const asked = textOf(settings.get('storage-driver')) || info?.storageDriver
    if (asked !== 'devicemapper') return report.skip('the driver devicemapper is not asked for')
    if (version.known && atLeast(version.value, REMOVED_IN))
      return report.skip('this engine no longer has devicemapper')
    const ofDisk = settings.list('storage-opts').some((option) => OF_A_DISK.test(option))
    const lacking = ['lvm', 'thin_check'].filter((name) => !tools.get(name))
    if (ofDisk && lacking.length > 0 && info?.storageDriver !== asked) {
      const step = install(family.known ? family.value : null, PACKAGES)
      const instead = manual('Or change to overlay2, which needs none of it: "storage-driver": "overlay2".')
      return report('missing', { tools: lacking.join(', ') }, fix('Install the tools', step, instead))
    }
    const inFiles = info?.storageDriver === 'devicemapper' ? info.driverStatus.has('Data loop file') : !ofDisk
    if (!inFiles) return report.pass('a thin pool of a disk')
    const cure = manualFix(
      'Change to overlay2, or give the driver a disk',
      `Save images that are nowhere else (docker save), set "storage-driver": "overlay2" in ${settings.file.path} and restart the engine: images of the old driver are hidden. Docker 25 no longer has devicemapper.`,
    )
    return report('loopback', {}, cure)
  },
})
