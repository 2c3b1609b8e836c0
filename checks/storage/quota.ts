import { editArguments, withFlag } from '../../src/facts/command-line-steps.ts'
import { daemonSettings } from '../../src/facts/daemon-config.ts'
import { dataRootFileSystem } from '../../src/facts/data-root.ts'
import { runningEngine } from '../../src/facts/engine.ts'
import { entryOf, fstab } from '../../src/facts/fstab.ts'
import { recordOf, textOf } from '../../src/facts/json.ts'
import type { Mount } from '../../src/facts/mountinfo.ts'
import { defineCheck, fail } from '../../src/model/check.ts'
import { maybe } from '../../src/model/fact.ts'
import {
  disruptive,
  type Fix,
  fix,
  kernelArgument,
  manual,
  mount,
  reboot,
  replaceLine,
  service,
  setJson,
} from '../../src/model/fix.ts'
import { shows } from '../../src/model/symptom.ts'

/** What mountinfo calls it; `pquota` is another name. @see https://man7.org/linux/man-pages/man5/xfs.5.html */
const ENFORCED = 'prjquota'

/** xfs takes quota options only when it is mounted, never with remount. */
function mountWithQuota({ mountPoint, source }: Mount, line: string | null): Fix {
  const summary = `Mount ${mountPoint} with ${ENFORCED}`
  if (mountPoint === '/') return fix(summary, kernelArgument('rootflags=prjquota'), reboot)
  const persist = line
    ? replaceLine('/etc/fstab', line, withOption(line))
    : manual(`Add ${ENFORCED} to the options of ${mountPoint} where it is mounted from.`)
  return mountPoint === '/var'
    ? fix(summary, persist, reboot)
    : disruptive(
        summary,
        persist,
        service('docker', 'stop'),
        mount('unmount', mountPoint),
        mount('mount', mountPoint, { source, options: [ENFORCED] }),
        service('docker', 'start'),
      )
}

const withOption = (line: string): string =>
  line.replace(
    /^(\s*\S+\s+\S+\s+\S+\s+)(\S+)/,
    (_, start: string, options: string) => `${start}${optionsWith(options)}`,
  )
const optionsWith = (options: string): string =>
  [
    ...options.split(',').filter((option) => !/^(?:noquota|pquota|prjquota|pqnoenforce)$/.test(option)),
    ENFORCED,
  ].join(',')

export default defineCheck({
  id: 'storage/quota',
  title: 'The disk can keep containers to overlay2.size',
  why: 'The engine does not start with a limit that the file system beneath cannot enforce.',
  profiles: ['docker', 'swarm'],
  needs: {
    settings: daemonSettings,
    disk: dataRootFileSystem,
    engine: maybe(runningEngine),
    fstab: maybe(fstab),
  },
  causedBy: ['storage/data-root'],
  symptoms: () => [
    shows(/storage-opt is supported only for overlay over xfs with 'pquota'/, 0.96, {
      ofCommand:
        'the command limits the disk of one container (--storage-opt size), which overlay2 can do only on an xfs that is mounted with pquota: leave the option out, or have the data root on such an xfs',
    }),
    shows(/pquota|overlay2\.size (?:only|not) supported|quota\.backing/, 0.96, { isPlain: true }),
  ],
  findings: {
    notXfs: fail('overlay2.size is {size}, and {path} is on {type}: only xfs can enforce it'),
    noQuota: fail('overlay2.size is {size}, and the xfs at {mountPoint} is mounted without prjquota'),
  },
  evaluate({ settings, disk, engine, fstab }, report) {
    const option = settings.list('storage-opts').find((one) => /^overlay2\.size=/i.test(one))
    const size = option?.replace(/^[^=]*=/, '') ?? ''
    if (/^0*[a-z]*$/i.test(size)) return report.skip('no overlay2.size is set')
    const running = engine.known ? engine.value?.info.storageDriver : undefined
    const driver = textOf(settings.get('storage-driver')) || running || 'overlay2'
    if (driver !== 'overlay2') return report.skip(`overlay2.size is set, and the storage driver is ${driver}`)
    if (recordOf(settings.get('features'))['containerd-snapshotter'] === true)
      return report.skip('containerd stores the images, not overlay2')
    const { path, mount } = disk
    if (!mount) return report.unknown(`no mount holds ${path}`)
    if (mount.fsType !== 'xfs') {
      const others = settings.list('storage-opts').filter((one) => one !== option)
      const { file } = settings
      const filed = file.state === 'present' && Object.hasOwn(file.value, 'storage-opts')
      const without = (options: readonly string[]) => options.filter((one) => one !== option)
      const drop = filed
        ? [setJson(file.path, ['storage-opts'], others.length > 0 ? others : undefined)]
        : (editArguments(settings.commandLine, withFlag('storage-opt', without)) ?? [
            manual(
              `Take --storage-opt ${option} out of dockerd's flags (docker.service, or its options file).`,
            ),
          ])
      const cure = disruptive(
        'Remove the limit, or put the data root on xfs mounted with prjquota',
        ...drop,
        service('docker', 'restart'),
      )
      return report('notXfs', { size, path, type: mount.fsType }, cure)
    }
    if (mount.superOptions.includes(ENFORCED)) return report.pass(`${size}, on xfs with ${ENFORCED}`)
    const entry = fstab.known ? entryOf(fstab.value, path) : null
    const line = entry?.mountPoint === mount.mountPoint ? entry.line : null
    return report('noQuota', { size, mountPoint: mount.mountPoint }, mountWithQuota(mount, line))
  },
})
