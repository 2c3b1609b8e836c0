/** Carries a fix out on a host in memory: what the readings would be afterwards. */

import { setKey } from '../daemon-json/edit.ts'
import { sysctlPath } from '../facts/sysctl.ts'
import type { Entry, Readings } from '../hosts/memory.ts'
import { type Fix, type OwnershipStep, type Step, SYSCTL_FILE } from '../model/fix.ts'
import { certificateFile, dropInPath, MODULES_FILE } from './places.ts'

export interface Simulated {
  readonly readings: Readings
  /** Some step's effect cannot be told without the real thing (a restart, a reboot, a package, a person). */
  readonly opaque: boolean
}

export function simulate(fix: Fix, readings: Readings): Simulated {
  let after: Readings = readings
  let opaque = false
  for (const step of fix.steps) {
    const next = simulateStep(step, after)
    if (next) after = next
    else opaque = true
  }
  return { readings: after, opaque }
}

function simulateStep(step: Step, readings: Readings): Readings | null {
  switch (step.kind) {
    case 'sysctl': {
      const now = { ...readings, [sysctlPath(step.key)]: `${step.value}\n` }
      return withLine(now, step.file ?? SYSCTL_FILE, `${step.key} = ${step.value}`)
    }
    case 'file':
      return withFile(readings, step.path, step.content)
    case 'line':
      return withFile(readings, step.path, replaceLines(textAt(readings, step.path), step.from, step.to))
    case 'remove':
      return { ...readings, [step.path]: null, [`stat ${step.path}`]: null }
    case 'move':
      if (typeof readings[step.from] !== 'string') return readings
      return { ...withFile(readings, step.to, textAt(readings, step.from)), [step.from]: null }
    case 'json':
      return withFile(
        readings,
        step.path,
        setKey(textAt(readings, step.path) || '{}\n', step.key, step.value),
      )
    case 'dropIn':
      return withFile(readings, dropInPath(step), step.content)
    case 'group':
      return withGroup(readings, step.name)
    case 'membership':
      return withFile(
        readings,
        '/etc/group',
        withMember(textAt(readings, '/etc/group'), step.group, step.user),
      )
    case 'module': {
      const loaded = withLine(readings, '/proc/modules', `${step.name} 16384 0 - Live 0x0000000000000000`)
      return withLine(loaded, MODULES_FILE, step.name)
    }
    case 'certificate':
      return withFile(readings, certificateFile(step.registry), textAt(readings, step.from))
    case 'ownership':
      return withOwnership(readings, step)
    default:
      return null
  }
}

const textAt = (readings: Readings, path: string): string => {
  const entry = readings[path]
  return typeof entry === 'string' ? entry : ''
}

/** Sets a file's text, and its name in the listing of its folder. */
function withFile(readings: Readings, path: string, text: string): Readings {
  const cut = path.lastIndexOf('/')
  const folder = path.slice(0, cut + 1)
  const name = path.slice(cut + 1)
  const listing: Entry | undefined = readings[folder]
  const names = Array.isArray(listing) ? listing : []
  return { ...readings, [path]: text, [folder]: [...new Set([...names, name])].sort() }
}

function withLine(readings: Readings, path: string, line: string): Readings {
  const text = textAt(readings, path)
  return text.split('\n').includes(line) ? readings : withFile(readings, path, `${text}${line}\n`)
}

/** Replaces each line that is `from`, as a whole. */
export const replaceLines = (text: string, from: string, to: string | null): string =>
  text
    .split('\n')
    .flatMap((line) => (line !== from ? [line] : to === null ? [] : [to]))
    .join('\n')

/** A system group that is there already stays as it is. */
function withGroup(readings: Readings, name: string): Readings {
  const text = textAt(readings, '/etc/group')
  const exists = text.split('\n').some((line) => line.startsWith(`${name}:`))
  return exists ? readings : withFile(readings, '/etc/group', `${text}${name}:x:999:\n`)
}

function withMember(text: string, group: string, user: string): string {
  return text.replace(/^([^:\n]*):([^:\n]*):(\d+):([^\n]*)$/gm, (line, name, password, gid, members) => {
    if (name !== group) return line
    const all = new Set(String(members).split(',').filter(Boolean)).add(user)
    return `${name}:${password}:${gid}:${[...all].join(',')}`
  })
}

/** Numeric ids of the owners that fixes name; on the simulated host `docker` is looked up in its own group file. */
function idOf(readings: Readings, file: string, name: string): number {
  const line = textAt(readings, file)
    .split('\n')
    .find((entry) => entry.startsWith(`${name}:`))
  return Number(line?.split(':')[2] ?? 0)
}

function withOwnership(readings: Readings, { path, owner, group, mode }: OwnershipStep): Readings | null {
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
