import { EXEC_DENIED } from '../../src/diagnose/phenomena.ts'
import { daemonSettings } from '../../src/facts/daemon-config.ts'
import { dataRootFileSystem } from '../../src/facts/data-root.ts'
import { runningEngine } from '../../src/facts/engine.ts'
import { entryOf, type FstabEntry, fstab } from '../../src/facts/fstab.ts'
import { textOf } from '../../src/facts/json.ts'
import type { Mount } from '../../src/facts/mountinfo.ts'
import { defineCheck, fail, warn } from '../../src/model/check.ts'
import { maybe } from '../../src/model/fact.ts'
import { disruptive, type Fix, manual, mount, replaceLine, restartEngine } from '../../src/model/fix.ts'
import { among, says, shows } from '../../src/model/symptom.ts'

/**
 * A container's root is a folder of the data root itself with these drivers, so it has the mount's options. An overlay is a mount of its own, without them.
 * @see https://github.com/moby/moby/blob/docker-v28.5.2/daemon/graphdriver/vfs/driver.go
 * @see https://github.com/moby/moby/blob/docker-v28.5.2/daemon/graphdriver/btrfs/btrfs.go
 */
const PLAIN_FOLDERS: ReadonlySet<string> = new Set(['vfs', 'btrfs'])

const cure = ({ mountPoint }: Mount, entry: FstabEntry | null, runs: boolean): Fix => {
  const persisted = entry?.options.includes('noexec') ? entry : null
  return disruptive(
    'Mount the data root without noexec',
    ...(persisted
      ? [replaceLine('/etc/fstab', persisted.line, persisted.line.replace(/\bnoexec\b/, 'exec'))]
      : []),
    mount('remount', persisted?.mountPoint ?? mountPoint, { options: ['exec'] }),
    ...(runs ? [restartEngine] : []),
    ...(persisted
      ? []
      : [
          manual(
            'Take noexec out of where the mount comes from (a mount unit of systemd, x-mount options, the image of the host), or it is back after a reboot: /etc/fstab does not set it.',
          ),
        ]),
  )
}

/** nosuid and nodev there, and noexec on /run (as Debian mounts it), take nothing from containers: they are not judged. */
export default defineCheck({
  id: 'security/mount-options',
  title: 'The data root is not mounted noexec',
  why: 'What lies in volumes cannot be executed then, and with some storage drivers no container starts.',
  profiles: ['docker', 'swarm'],
  needs: {
    disk: dataRootFileSystem,
    fstab: maybe(fstab),
    engine: maybe(runningEngine),
    settings: maybe(daemonSettings),
  },
  symptoms: () => [
    shows(/fork\/exec \/(?:tmp|var|home|run)\/\S+: permission denied/, 0.85),
    shows(/\bnoexec\b/, 0.95),
    shows(
      /unable to start container process: exec: [^\n]*: permission denied|exec (?:user process|[\w./-]+)[^\n]{0,30}: permission denied/,
      0.4,
    ),
    says(/\bnoexec\b|\bnosuid\b/, 0.95),
    // Of a file without the bit, sudo says that it is no command.
    shows(/sudo: unable to execute \.\/\S+: Permission denied/, 0.75),
    shows([/Container-Optimized OS|\bGoogle COS\b|\bChrome ?OS\b|\bcrouton\b/, /permission denied/], 0.8),
    among(EXEC_DENIED, 0.3),
    says(
      [
        /permission denied|权限/,
        /\b(?:chang|mov|migrat|relocat)(?:ing|ed|e)?\b.{0,60}(?:\broot\b|data|graph|director|docker)|data-root|更换目录|迁移/,
      ],
      0.6,
    ),
  ],
  findings: {
    noContainer: fail(
      '{path} lies on {mountPoint}, mounted noexec: with the storage driver {driver} no container starts',
    ),
    volumes: warn(
      '{path} lies on {mountPoint}, mounted noexec: programs in volumes end with "Permission denied"',
    ),
  },
  evaluate({ disk, fstab, engine, settings }, report) {
    const { path, mount } = disk
    if (!mount) return report.unknown(`no mount holds ${path}`)
    if (!mount.options.includes('noexec')) return report.pass(`${path} on ${mount.mountPoint}`)
    const { mountPoint } = mount
    const running = engine.known ? engine.value?.info.storageDriver : undefined
    const driver = running || (settings.known ? textOf(settings.value.get('storage-driver')) : '')
    const runs = engine.known && engine.value !== null
    const fix = cure(mount, fstab.known ? entryOf(fstab.value, path) : null, runs)
    return PLAIN_FOLDERS.has(driver)
      ? report('noContainer', { path, mountPoint, driver }, fix)
      : report('volumes', { path, mountPoint }, fix)
  },
})
