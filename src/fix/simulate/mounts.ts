/** Lines of mountinfo that come, change and go. */
import { parseFstab } from '../../facts/fstab.ts'
import { type Mount, parseMountinfo } from '../../facts/mountinfo.ts'
import type { Readings } from '../../hosts/memory.ts'
import type { MountStep } from '../../model/fix.ts'
import { type Effect, opaque, textOf, told } from './effect.ts'

const MOUNTS = '/proc/self/mountinfo'

export function changeMount(readings: Readings, step: MountStep): Effect {
  const text = textOf(readings, MOUNTS)
  if (text === null) return opaque(readings)
  const lines = text.split('\n')
  const top = lines.findLastIndex((line) => parseMountinfo(line)[0]?.mountPoint === step.path)
  if (step.action === 'mount') {
    const mount = newMount(readings, parseMountinfo(text), step)
    // What lies in a file system is seen once it is mounted.
    return opaque(mount ? withMounts(readings, text.replace(/\n*$/, `\n${lineOf(mount)}\n`)) : readings)
  }
  const [there] = parseMountinfo(lines[top] ?? '')
  if (!there) return step.action === 'unmount' ? told(readings) : opaque(readings)
  if (step.action === 'unmount') return opaque(withMounts(readings, lines.toSpliced(top, 1).join('\n')))
  const [ofMount, ofFileSystem] = split(step.options ?? [])
  const options = changedOptions(there.options, ofMount)
  const superOptions = changedOptions(there.superOptions, ofFileSystem)
  return told(withMounts(readings, lines.with(top, lineOf({ ...there, options, superOptions })).join('\n')))
}

const withMounts = (readings: Readings, text: string): Readings => ({ ...readings, [MOUNTS]: text })

/** Null where it is mounted already, or nobody says what. */
function newMount(readings: Readings, all: readonly Mount[], step: MountStep): Mount | null {
  const { path: mountPoint } = step
  const entry = parseFstab(textOf(readings, '/etc/fstab') ?? '').find((one) => one.mountPoint === mountPoint)
  const source = step.source ?? entry?.device
  const isSame = (mount: Mount): boolean =>
    mount.mountPoint === mountPoint && (step.source === undefined || mount.source === source)
  if (source === undefined || all.some(isSame)) return null
  const id = 1 + Math.max(0, ...all.map((mount) => mount.id))
  const given = (step.options ?? entry?.options ?? []).filter((option) => option !== 'defaults')
  const [ofMount, ofFileSystem] = split(given)
  return {
    id,
    parent: all.findLast((mount) => mountPoint.startsWith(mount.mountPoint))?.id ?? 1,
    device: all.find((mount) => mount.source === source)?.device ?? `0:${id}`,
    root: '/',
    mountPoint,
    options: changedOptions(['rw', 'relatime'], ofMount),
    propagation: [],
    fsType: step.type ?? entry?.type ?? 'auto',
    source,
    superOptions: ['rw', ...ofFileSystem],
  }
}

const PER_MOUNT: ReadonlySet<string> = new Set([
  'ro',
  'rw',
  'exec',
  'noexec',
  'suid',
  'nosuid',
  'dev',
  'nodev',
] as const)
/** What is shown by the absence of its opposite. */
const SILENT: ReadonlySet<string> = new Set(['exec', 'suid', 'dev', 'hidepid=0'])

/** Options of the one mount, and those of the file system. */
const split = (options: readonly string[]): readonly [string[], string[]] => [
  options.filter((option) => PER_MOUNT.has(option)),
  options.filter((option) => !PER_MOUNT.has(option)),
]

function changedOptions(now: readonly string[], wanted: readonly string[]): readonly string[] {
  return wanted.reduce<readonly string[]>((options, option) => {
    const kept = options.filter((each) => !isInstead(option, each))
    return SILENT.has(option) || kept.includes(option) ? kept : [...kept, option]
  }, now)
}

/** `exec` and `noexec`, `ro` and `rw`, `hidepid=0` and `hidepid=2`. */
function isInstead(option: string, other: string): boolean {
  const [name, value] = option.split('=')
  if (value !== undefined) return other !== option && other.startsWith(`${name}=`)
  if (option === 'ro' || option === 'rw') return other !== option && (other === 'ro' || other === 'rw')
  return other === `no${option}` || option === `no${other}`
}

/** The kernel writes blanks, line ends and backslashes as octal numbers. */
const escaped = (text: string): string =>
  text.replace(/[ \t\n\\]/g, (char) => `\\${char.charCodeAt(0).toString(8).padStart(3, '0')}`)

const lineOf = (mount: Mount): string =>
  [
    `${mount.id} ${mount.parent} ${mount.device}`,
    ...[mount.root, mount.mountPoint].map(escaped),
    mount.options.join(','),
    ...mount.propagation,
    '-',
    ...[mount.fsType, mount.source, mount.superOptions.join(',')].map(escaped),
  ].join(' ')
