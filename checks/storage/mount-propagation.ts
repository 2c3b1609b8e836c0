import { PROGRAM_MISSING } from '../../src/diagnose/phenomena.ts'
import { daemonSettings } from '../../src/facts/daemon-config.ts'
import { dataRoot } from '../../src/facts/data-root.ts'
import { type Bind, containers, runningEngine } from '../../src/facts/engine.ts'
import { dockerService } from '../../src/facts/engine-service.ts'
import { textOf } from '../../src/facts/json.ts'
import { type Mount, mountOf, mounts } from '../../src/facts/mountinfo.ts'
import { settings as asked, type Refused } from '../../src/facts/settings.ts'
import { type Directive, type Unit, unitValues } from '../../src/facts/systemd-unit.ts'
import { defineCheck, fail, warn } from '../../src/model/check.ts'
import { maybe } from '../../src/model/fact.ts'
import { disruptive, dropIn, type Fix, fix, manual, restartEngine, runCommand } from '../../src/model/fix.ts'
import { among, says, shows } from '../../src/model/symptom.ts'

/**
 * Options of a unit that give it mounts of its own, which the rest of the host does not see.
 * @see https://www.freedesktop.org/software/systemd/man/systemd.exec.html#MountFlags=
 */
const OWN_MOUNTS: readonly (readonly [string, RegExp])[] = [
  ['MountFlags', /^(?:slave|private)$/i],
  ['PrivateMounts', /^(?:yes|true|1|on)$/i],
  ['PrivateTmp', /^(?:yes|true|1|on|disconnected)$/i],
  ['ProtectSystem', /^(?:yes|true|1|on|full|strict)$/i],
  ['ProtectHome', /^(?:yes|true|1|on|read-only|tmpfs)$/i],
]

const ownMounts = (unit: Unit): Directive | null =>
  OWN_MOUNTS.flatMap(([key, pattern]) => {
    const last = unitValues(unit, key).at(-1)
    return last && pattern.test(last.value) ? [last] : []
  })[0] ?? null

/** A drop-in that comes last: it is loaded and taken back with systemd's knowledge, wherever the option stands. */
const takeOut = ({ key }: Directive) =>
  disruptive(
    `Switch ${key} off in the engine's unit`,
    dropIn(
      'docker.service',
      'zz-seaworthy-mounts',
      `[Service]\n${key}=${key === 'MountFlags' ? '' : 'no'}\n`,
    ),
    restartEngine,
  )

const holds = (folder: string, path: string): boolean =>
  `${path}/`.startsWith(folder === '/' ? '/' : `${folder}/`)

const isShared = ({ propagation }: Mount): boolean => propagation.some((field) => field.startsWith('shared:'))
const isSlave = ({ propagation }: Mount): boolean => propagation.some((field) => field.startsWith('master:'))

const share = (mountPoint: string): Fix =>
  fix(
    'Share the mount, now and at each boot',
    runCommand(['mount', '--make-rshared', mountPoint], {
      undo: ['mount', '--make-rprivate', mountPoint],
    }),
    manual(
      'systemd shares all mounts when it starts. Where another init runs, have a start-up script do the same before the engine starts.',
    ),
  )

/** Those that a text says were refused, and that are so still. */
const refusedIn = (all: readonly Mount[], refused: Refused['mounts'] = []): readonly Mount[] =>
  refused.flatMap(({ mountPoint, slaveDoes }) => {
    const mount = mountOf(all, mountPoint)
    return mount && !isShared(mount) && !(slaveDoes && isSlave(mount)) ? [mount] : []
  })

/** Where a mount of the asked kind can be made from: `shared` needs a shared mount, `slave` a shared one or a slave. */
function isUnmet({ source, mode, propagation }: Bind, mount: Mount, root: string): boolean {
  if (/^r?shared$/.test(propagation)) return !isShared(mount)
  if (!/^r?slave$/.test(propagation) || isShared(mount) || isSlave(mount)) return false
  // Around its data root the engine makes it rslave of its own accord, and does without.
  const around = holds(source, root) || holds(root, source)
  return !around || /slave/.test(mode)
}

export default defineCheck({
  id: 'storage/mount-propagation',
  title: 'Mounts reach those who need them',
  why: 'Where the mounts of the engine or of the host stay private, containers find no files, or are refused.',
  profiles: ['docker', 'swarm'],
  needs: {
    mounts,
    root: dataRoot,
    unit: dockerService,
    settings: maybe(daemonSettings),
    engine: maybe(runningEngine),
    containers: maybe(containers),
    asked,
  },
  symptoms: () => [
    shows(/is not a shared (?:or slave )?mount|not a shared mount|MountFlags/, 0.96),
    shows(/MountFlags=slave/, 0.9),
    shows(/device or resource busy[^\n]*(?:mnt|shm|merged)|Unable to remove filesystem[^\n]*busy/, 0.6),
    says(/mount propagation|\bshared mount|\bMountFlags|\brshared|\brslave/, 0.93),
    among(PROGRAM_MISSING, 0.15, {
      unless:
        /exec: "?(?:docker-)?(?:containerd|runc|dockerd|iptables|apparmor|lvm|nvidia|newuidmap|unpigz|xz|ps)|exec: "?\w*-container/,
    }),
    shows(/device or resource busy/, 0.35),
    says([/\bmount namespaces?\b/, /\bsystemd|\bprivate|\bpropagat|\bPrivateMounts|\bunit\b/], 0.8),
  ],
  findings: {
    privateMount: fail(
      'the mount {mountPoint} is private, and the command asked for a mount below it that is shared with the container',
    ),
    engineHidden: fail(
      '{option} in {file} hides the mounts of the engine from containerd: containers start without their files',
    ),
    notShared: warn(
      'container {name} asks for {propagation} of {source}, and the mount {mountPoint} is private: it does not start again',
    ),
  },
  evaluate({ mounts, root, unit, settings, engine, containers, asked }, report) {
    const option = ownMounts(unit)
    if (option && !settings.known) return report.unknown(settings.why)
    const separate = settings.known && textOf(settings.value.get('containerd')) !== ''
    const storedByContainerd = engine.known && engine.value?.info.storageDriver === 'overlayfs'
    if (option && separate && !storedByContainerd) {
      const slots = { option: `${option.key}=${option.value}`, file: option.file }
      return report('engineHidden', slots, takeOut(option))
    }
    const [refused] = refusedIn(mounts, asked.refused?.mounts)
    if (refused) return report('privateMount', { mountPoint: refused.mountPoint }, share(refused.mountPoint))
    for (const { name, binds } of containers.known ? containers.value : []) {
      for (const bind of binds) {
        const mount = mountOf(mounts, bind.source)
        if (!mount || !isUnmet(bind, mount, root)) continue
        const { mountPoint } = mount
        const { source, propagation } = bind
        return report('notShared', { name, propagation, source, mountPoint }, share(mountPoint))
      }
    }
    const [named] = asked.refused?.mounts ?? []
    return named
      ? report.unknown(`${named.mountPoint} is shared as seen from here; the engine may see it otherwise`)
      : report.pass()
  },
})
