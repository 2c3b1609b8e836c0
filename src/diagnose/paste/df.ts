/** What `df` prints, as statfs(2) would have said it of each folder. */
import { DEFAULT_DATA_ROOT } from '../../facts/data-root.ts'
import type { Statfs } from '../../model/source.ts'
import { type Found, NOT_SHOWN } from './found.ts'

interface Row {
  readonly fileSystem: string
  readonly total: string
  readonly used: string
  readonly free: string
  readonly usedPercent: number
  readonly mountPoint: string
}

/** A file system's name that is too long stands on a line of its own. */
const unwrapped = (text: string): string => text.replace(/^(\S+)[ \t]*\n[ \t]+(?=\d)/gm, '$1 ')

/** The three columns before the first percentage, and the path behind it: what stands further left, `-T` may add to. */
function rowOf(line: string): Row | null {
  const words = line.trim().split(/\s+/)
  const at = words.findIndex((word) => /^\d{1,3}%$/.test(word))
  const [total, used, free, percent] = words.slice(Math.max(at - 3, 0), at + 1)
  const mountPoint = words.slice(at + 1).join(' ')
  if (at < 4 || !total || !used || !free || !percent || !mountPoint.startsWith('/')) return null
  return {
    fileSystem: words[0] ?? '',
    total,
    used,
    free,
    usedPercent: Number.parseInt(percent, 10),
    mountPoint,
  }
}

const POWERS = 'KMGTPE'

/** Bytes of `40G` (rounded up by df), or of a number of blocks; null where the unit is not known. */
function bytesOf(text: string, header: string): number | null {
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?)([KMGTPE]?)$/.exec(text) ?? []
  if (number === undefined) return null
  if (unit !== '') return Math.round(Number(number) * 1024 ** (POWERS.indexOf(unit) + 1))
  const [, count, block = ''] = /\b(\d{1,4})([KMG]?)-/.exec(header) ?? []
  if (count !== undefined) return Number(number) * Number(count) * 1024 ** (POWERS.indexOf(block) + 1)
  return Number(number) === 0 ? 0 : null
}

/** What the one `df` does not show, and the other does. */
const NONE: Statfs = { type: 0, bsize: 1, blocks: 0, bfree: 0, bavail: 0, files: -1, ffree: -1 }

/**
 * So much is in use that the percentage is the printed one: sizes are rounded, and the percentage is not.
 * Where nothing is free any amount is all of it.
 */
function space({ total, used, free, usedPercent }: Row, header: string): Statfs | null {
  const [all, taken, left] = [total, used, free].map((text) => bytesOf(text, header))
  if (typeof all !== 'number' || typeof taken !== 'number' || typeof left !== 'number') return null
  const share = (usedPercent - 0.5) / 100
  const inUse = left === 0 || usedPercent === 0 ? taken : (left * share) / (1 - share)
  return { ...NONE, blocks: all, bfree: all - inUse, bavail: left }
}

/** `df -ih` rounds: how many are left is not known then. */
function inodes({ total, free }: Row): Statfs | null {
  return /^\d+$/.test(total) && /^\d+$/.test(free)
    ? { ...NONE, files: Number(total), ffree: Number(free) }
    : null
}

/** An engine's data below another folder, by its name: then nobody knows what is still kept in the usual one. */
const isDataElsewhere = ({ mountPoint }: Row): boolean =>
  /docker/i.test(mountPoint) && !`${mountPoint}/`.startsWith(`${DEFAULT_DATA_ROOT}/`)

/** The writer speaks of another folder, or of a link to one: if no reading tells which, nobody knows. */
const SPEAKS_OF_ANOTHER = /data[-_ ]root|--graph\b|"graph"|\bln -s|sym(?:bolic )?link|软[链连]/i

/** Every host has a tmpfs beside its disk: a single row was picked. */
const FEWEST = 2

/**
 * Of one folder, where the command names it; else of every folder, each by the mount that holds it, where the table is whole. What a
 * container prints, whose root is an overlay, says nothing of the host's folders.
 */
export function dfReadings(output: string, folder: string | undefined, text: string): Found {
  const [header = '', ...lines] = unwrapped(output).split('\n')
  const measure = /inode/i.test(header) ? inodes : (row: Row): Statfs | null => space(row, header)
  const rows = lines.flatMap((line) => rowOf(line) ?? [])
  const root = rows.find(({ mountPoint }) => mountPoint === '/')
  if (root?.fileSystem === 'overlay') return {}
  const measured = rows.flatMap((row): [string, Statfs][] => {
    const statfs = measure(row)
    return statfs ? [[row.mountPoint, statfs]] : []
  })
  if (folder !== undefined)
    return measured.length === 1 && measured[0] ? { [`statfs ${folder}`]: measured[0][1] } : {}
  if (!root || rows.length < FEWEST || measured.length < rows.length) return {}
  const held = measured.flatMap(([path, statfs]): [string, Statfs][] => [
    [`statfs ${path}`, statfs],
    [`statfs ${path === '/' ? '' : path}/**`, statfs],
  ])
  return {
    ...Object.fromEntries(held),
    ...(rows.some(isDataElsewhere) || SPEAKS_OF_ANOTHER.test(text)
      ? { [`statfs ${DEFAULT_DATA_ROOT}`]: NOT_SHOWN }
      : {}),
  }
}

const isStatfs = (entry: unknown): entry is Statfs =>
  typeof entry === 'object' && entry !== null && 'bavail' in entry && 'ffree' in entry

/** Bytes of one `df` and inodes of another are of one file system. */
export function joinStatfs(one: unknown, other: unknown): Statfs | null {
  if (!isStatfs(one) || !isStatfs(other)) return null
  const space = other.blocks > 0 ? other : one
  const { files, ffree } = other.files >= 0 ? other : one
  return { ...space, files, ffree }
}
