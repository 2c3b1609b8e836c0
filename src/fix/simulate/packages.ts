/** Packages taken out of the lists that package managers print. */
import type { Readings } from '../../hosts/memory.ts'
import type { PackageStep } from '../../model/fix.ts'
import { type Effect, opaque, outputOf, withOutput } from './effect.ts'

/** Lines of names and versions. dpkg puts the state before them. */
const LISTS = ['$ dpkg-query -W ', '$ rpm -qa '] as const

/** Which version an installation brings, and which files, is known to the repositories alone. */
export function changePackages(readings: Readings, { action, packages }: PackageStep): Effect {
  if (action === 'install') return opaque(readings)
  const lists = Object.keys(readings).filter((key) => LISTS.some((start) => key.startsWith(start)))
  return opaque(lists.reduce((now, key) => without(now, key, packages), readings))
}

function without(readings: Readings, key: string, packages: readonly string[]): Readings {
  const text = outputOf(readings, key)
  if (text === null) return readings
  const kept = text.split('\n').filter((line) => {
    const fields = line.split('\t')
    return !packages.includes(fields.at(-2) ?? '')
  })
  return withOutput(readings, key, kept.join('\n'))
}
