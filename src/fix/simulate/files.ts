/** Steps that change files, and what is kept in them. */
import { sysctlPath } from '../../facts/sysctl.ts'
import type { Readings } from '../../hosts/memory.ts'
import {
  type MembershipStep,
  type MoveStep,
  type OwnershipStep,
  SYSCTL_FILE,
  type SysctlStep,
} from '../../model/fix.ts'
import { edited, type TextStep, withLine } from '../apply/text-edit.ts'
import { textOf, withFile } from './effect.ts'

export function edit(readings: Readings, step: TextStep): Readings {
  const text = edited(step, textOf(readings, step.path))
  return text === null ? readings : withFile(readings, step.path, text)
}

export const addLine = (readings: Readings, path: string, line: string): Readings =>
  withFile(readings, path, withLine(textOf(readings, path), line))

export function setSysctl(readings: Readings, { key, value, file = SYSCTL_FILE }: SysctlStep): Readings {
  return addLine({ ...readings, [sysctlPath(key)]: `${value}\n` }, file, `${key} = ${value}`)
}

export const removeFile = (readings: Readings, path: string): Readings => ({
  ...readings,
  [path]: null,
  [`stat ${path}`]: null,
})

export function moveFile(readings: Readings, { from, to }: MoveStep): Readings {
  const text = textOf(readings, from)
  return text === null ? readings : { ...withFile(readings, to, text), [from]: null }
}

/** A system group that is there already stays as it is. */
export function addGroup(readings: Readings, name: string): Readings {
  const text = textOf(readings, '/etc/group') ?? ''
  const exists = text.split('\n').some((line) => line.startsWith(`${name}:`))
  return exists ? readings : withFile(readings, '/etc/group', `${text}${name}:x:999:\n`)
}

export function addMember(readings: Readings, { group, user }: MembershipStep): Readings {
  const text = textOf(readings, '/etc/group') ?? ''
  const lines = text.split('\n').map((line) => {
    const [name, password, gid, members] = line.split(':')
    if (name !== group || members === undefined) return line
    const all = new Set(members.split(',').filter(Boolean)).add(user)
    return [name, password, gid, [...all].join(',')].join(':')
  })
  return withFile(readings, '/etc/group', lines.join('\n'))
}

/** Null where it is not known whose the path is. */
export function changeOwner(
  readings: Readings,
  { path, owner, group, mode }: OwnershipStep,
): Readings | null {
  const key = `stat ${path}`
  const entry = readings[key]
  if (typeof entry !== 'object' || entry === null || !('uid' in entry) || !('mode' in entry)) return null
  const changed = {
    ...entry,
    ...(owner ? { uid: idOf(readings, '/etc/passwd', owner) } : {}),
    ...(group ? { gid: idOf(readings, '/etc/group', group) } : {}),
    ...(mode === undefined ? {} : { mode }),
  }
  return { ...readings, [key]: changed }
}

/** The number of a name in the host's own file; root's where it is not in it. */
function idOf(readings: Readings, file: string, name: string): number {
  const lines = (textOf(readings, file) ?? '').split('\n')
  return Number(lines.find((line) => line.startsWith(`${name}:`))?.split(':')[2] ?? 0)
}
