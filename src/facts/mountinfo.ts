/** What is mounted where, as the reading process sees it. */
import { defineFact, type Fact } from '../model/fact.ts'
import { file } from '../model/source.ts'

/** One line of /proc/self/mountinfo. @see https://man7.org/linux/man-pages/man5/proc_pid_mountinfo.5.html */
export interface Mount {
  readonly id: number
  readonly parent: number
  /** `major:minor` of the device. */
  readonly device: string
  /** The part of the file system that is mounted; `/` for all of it. */
  readonly root: string
  readonly mountPoint: string
  /** Per mount: `rw`, `nosuid`, … */
  readonly options: readonly string[]
  /** Optional fields such as `shared:1`, `master:2`; empty for a private mount. */
  readonly propagation: readonly string[]
  readonly fsType: string
  readonly source: string
  /** Per file system: `rw`, `size=…`, a cgroup's controllers, … */
  readonly superOptions: readonly string[]
}

export const mounts: Fact<readonly Mount[]> = defineFact({
  name: 'mounts',
  about: 'Every mount, in the order in which they were made.',
  reads: { mountinfo: file('/proc/self/mountinfo', { maxBytes: 8 * 1024 * 1024 }) },
  parse: ({ mountinfo }) => parseMountinfo(mountinfo),
})

/** Parses the text of a mountinfo file. Lines that are none are passed over; never throws. */
export function parseMountinfo(text: string): Mount[] {
  return text.split('\n').flatMap((line) => parseMount(line) ?? [])
}

function parseMount(line: string): Mount | null {
  const words = line.split(' ')
  const dash = words.indexOf('-', 6)
  const [id, parent, device, root, mountPoint, options] = words
  const [fsType, source, superOptions] = dash < 0 ? [] : words.slice(dash + 1)
  if (!device || !root || !mountPoint || !options || !fsType || source === undefined) return null
  if (!/^\d+$/.test(id ?? '') || !/^\d+$/.test(parent ?? '')) return null
  return {
    id: Number(id),
    parent: Number(parent),
    device,
    root: unescapeOctal(root),
    mountPoint: unescapeOctal(mountPoint),
    options: options.split(','),
    propagation: words.slice(6, dash).filter(Boolean),
    fsType: unescapeOctal(fsType),
    source: unescapeOctal(source),
    superOptions: unescapeOctal(superOptions ?? '')
      .split(',')
      .filter(Boolean),
  }
}

/** The kernel writes blanks, line ends and backslashes as `\040`, `\011`, `\012`, `\134`: bytes, so UTF-8 is untouched. */
export const unescapeOctal = (text: string): string =>
  text.replace(/\\([0-3][0-7]{2})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)))

/** The mount that a path lies on: the latest of those with the longest mount point. */
export function mountOf(mounts: readonly Mount[], path: string): Mount | null {
  let best: Mount | null = null
  for (const mount of mounts) {
    const { mountPoint } = mount
    const holds = mountPoint === '/' || path === mountPoint || path.startsWith(`${mountPoint}/`)
    if (holds && mountPoint.length >= (best?.mountPoint.length ?? 0)) best = mount
  }
  return best
}
