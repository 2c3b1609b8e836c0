/** Mounts: what is mounted, how, and taken off. */
import { readFile } from 'node:fs/promises'
import { type Mount, parseMountinfo } from '../../facts/mountinfo.ts'
import type { MountStep } from '../../model/fix.ts'
import { isMountedArgv, mountArgv } from '../shell.ts'
import { foldersAbove } from './path-deeds.ts'
import { type Prepared, programDeed } from './prepared.ts'
import { succeeds } from './program.ts'
import { Refused } from './refused.ts'

export async function mountDeeds(step: MountStep, root: string): Promise<Prepared[]> {
  const { action, path } = step
  const top = parseMountinfo(await readFile('/proc/self/mountinfo', 'utf8')).findLast(
    ({ mountPoint }) => mountPoint === path,
  )
  if (action === 'mount') return mountIt(step, root)
  if (action === 'unmount') return top ? [await programDeed(['umount', path], { undo: mountAgain(top) })] : []
  if (!top) throw new Refused(`${path} is not mounted: its options cannot be changed`)
  return remount(step, top)
}

async function mountIt(step: MountStep, root: string): Promise<Prepared[]> {
  if (await succeeds(isMountedArgv(step))) return []
  const { folders } = await foldersAbove(`${step.path}/.`, root)
  return [...folders, await programDeed(mountArgv(step), { undo: ['umount', step.path] })]
}

async function remount(step: MountStep, top: Mount): Promise<Prepared[]> {
  if (step.options?.every((option) => isInForce(option, top))) return []
  const names = step.options?.map(nameOf) ?? []
  // What holds for the file system is put back only where it was changed.
  const before = [...top.options, ...top.superOptions.filter((option) => names.includes(nameOf(option)))]
  return [await programDeed(mountArgv(step), { undo: mountArgv({ ...step, options: before }) })]
}

const nameOf = (option: string): string => option.split('=')[0] ?? ''

/** Some options are shown by the absence of their opposite. */
const isInForce = (option: string, { options, superOptions }: Mount): boolean =>
  options.includes(option) ||
  (['exec', 'suid', 'dev'].includes(option) && !options.includes(`no${option}`)) ||
  (option === 'hidepid=0' && !superOptions.some((one) => nameOf(one) === 'hidepid'))

const mountAgain = ({ fsType: type, source, mountPoint: path, options }: Mount) =>
  mountArgv({ kind: 'mount', action: 'mount', path, source, type, options })
