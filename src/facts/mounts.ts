/** What is mounted where, as this process sees it. */
import { defineFact, type Fact } from '../model/fact.ts'
import { file } from '../model/source.ts'

export interface Mount {
  readonly mountPoint: string
  /** The folder of the file system that is mounted here; `/` but for bind mounts and sub-volumes. */
  readonly root: string
  /** e.g. `ext4`, `overlay`, `cgroup2`. */
  readonly type: string
  readonly device: string
  /** `major:minor`. */
  readonly deviceNumber: string
  /** Options of this mount, such as `rw`, `noexec`. */
  readonly options: readonly string[]
  /** Options of the file system, such as `rw`, `pquota`. */
  readonly superOptions: readonly string[]
  /** Peer groups: `shared:5`, `master:1`. */
  readonly propagation: readonly string[]
}

export const mounts: Fact<readonly Mount[]> = defineFact({
  name: 'mounts',
  about: 'Every mount that this process sees, in the order in which they were made.',
  reads: { text: file('/proc/self/mountinfo') },
  parse: ({ text }) => parseMountinfo(text),
})

/** Parses /proc/PID/mountinfo; lines that are not of its form are passed over. @see https://man7.org/linux/man-pages/man5/proc_pid_mountinfo.5.html */
export function parseMountinfo(text: string): Mount[] {
  return text.split('\n').flatMap((line) => {
    const fields = line.split(' ')
    const dash = fields.indexOf('-', 6)
    const [, , deviceNumber, root, mountPoint, options] = fields
    const [type, device, superOptions] = fields.slice(dash + 1)
    if (dash < 0 || !mountPoint || !type || !deviceNumber) return []
    return [
      {
        mountPoint: unescapeOctal(mountPoint),
        root: unescapeOctal(root ?? ''),
        type,
        device: unescapeOctal(device ?? ''),
        deviceNumber,
        options: (options ?? '').split(','),
        superOptions: (superOptions ?? '').split(','),
        propagation: fields.slice(6, dash),
      },
    ]
  })
}

/** The kernel writes blanks, tabs, newlines and backslashes of a path as `\040` and the like. */
const unescapeOctal = (text: string): string =>
  text.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)))

/** The mount that holds a path: the longest mount point above it, of several the last. Undefined in an empty table. */
export function mountHolding(all: readonly Mount[], path: string): Mount | undefined {
  let best: Mount | undefined
  for (const mount of all) {
    if (isBelow(path, mount.mountPoint) && mount.mountPoint.length >= (best?.mountPoint.length ?? 0))
      best = mount
  }
  return best
}

const isBelow = (path: string, folder: string): boolean =>
  folder === '/' || path === folder || path.startsWith(`${folder}/`)
