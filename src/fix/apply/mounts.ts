/** Mounts: what is mounted, how, and taken off. */
import { readFile } from 'node:fs/promises'
import { type Mount, parseMountinfo } from '../../facts/mountinfo.ts'
import type { MountStep } from '../../model/fix.ts'
import { foldersAbove } from './path-deeds.ts'
import { type Prepared, programDeed } from './prepared.ts'
import { succeeds } from './program.ts'
import { Refused } from './refused.ts'

export async function mountDeeds(step: MountStep, root: string): Promise<Prepared[]> {
  const { action, path } = step
  const top = parseMountinfo(await readFile('/proc/self/mountinfo', 'utf8')).findLast(
    ({ mountPoint }) => mountPoint === path,
  )
  if (action === 'mount') return mountIt(step, top, root)
  if (action === 'unmount') return top ? [await programDeed(['umount', path], { undo: mountAgain(top) })] : []
  if (!top) throw new Refused(`${path} is not mounted: its options cannot be changed`)
  return remount(step, top)
}

async function mountIt(
  { path, source, type, options = [] }: MountStep,
  top: Mount | undefined,
  root: string,
): Promise<Prepared[]> {
  const isThere = source
    ? await succeeds(['findmnt', '--mountpoint', path, '--source', source])
    : top !== undefined
  if (isThere) return []
  const { folders } = await foldersAbove(`${path}/.`, root)
  const argv = [
    'mount',
    ...(type ? ['-t', type] : []),
    ...withOptions(options),
    ...(source ? [source] : []),
    path,
  ] as const
  return [...folders, await programDeed(argv, { undo: ['umount', path] })]
}

async function remount({ path, options = [] }: MountStep, top: Mount): Promise<Prepared[]> {
  if (options.every((option) => isInForce(option, top))) return []
  const argv = ['mount', ...withOptions(['remount', ...options]), path] as const
  return [await programDeed(argv, { undo: ['mount', ...withOptions(['remount', ...top.options]), path] })]
}

/** Some options are shown by the absence of their opposite. */
const isInForce = (option: string, { options }: Mount): boolean =>
  options.includes(option) || (['exec', 'suid', 'dev'].includes(option) && !options.includes(`no${option}`))

const mountAgain = ({ fsType, source, mountPoint, options }: Mount) =>
  ['mount', '-t', fsType, ...withOptions(options), source, mountPoint] as const

const withOptions = (options: readonly string[]): readonly string[] =>
  options.length > 0 ? ['-o', options.join(',')] : []
