/** What a service manager keeps in files: what starts at boot, and what is masked. */
import { UNIT_FOLDERS } from '../../facts/systemd-unit.ts'
import type { Readings } from '../../hosts/memory.ts'
import type { ServiceStep } from '../../model/fix.ts'
import { type Effect, opaque, textOf, told, withName, withoutName } from './effect.ts'
import { removeFile } from './files.ts'

/** What a program does once it is started, stopped or told to read its files is known only then. */
export function changeService(readings: Readings, { name, action }: ServiceStep): Effect {
  if (action === 'unmask') return told(unmask(readings, unitOf(name)))
  if (action !== 'enable' && action !== 'disable') return opaque(readings)
  const [folders, entry] = startedAtBoot(readings, name)
  const change = action === 'enable' ? withName : withoutName
  return told(folders.reduce((now, folder) => change(now, folder, entry), readings))
}

const unitOf = (name: string): string => (name.includes('.') ? name : `${name}.service`)

/** The folders of links to what is started, and the link's name. */
function startedAtBoot(readings: Readings, name: string): readonly [readonly string[], string] {
  if (isThere(readings, '/run/openrc')) return [['/etc/runlevels/default/'], name]
  if (!isThere(readings, '/run/systemd/system'))
    return [[2, 3, 4, 5].map((level) => `/etc/rc${level}.d/`), `S01${name}`]
  const unit = unitOf(name)
  const text = UNIT_FOLDERS.map((folder) => textOf(readings, `${folder}/${unit}`)).find(
    (found) => found !== null,
  )
  const targets = [...(text ?? '').matchAll(/^\s*WantedBy\s*=\s*(.+)$/gm)].flatMap(([, said = '']) =>
    said.split(/\s+/),
  )
  return [targets.filter(Boolean).map((target) => `/etc/systemd/system/${target}.wants/`), unit]
}

const isThere = (readings: Readings, path: string): boolean => (readings[`stat ${path}`] ?? null) !== null

/** A link to /dev/null in the administrator's folder, or in the one that is gone with the next boot. */
const unmask = (readings: Readings, unit: string): Readings =>
  ['/etc/systemd/system', '/run/systemd/system']
    .map((folder) => `${folder}/${unit}`)
    .filter((path) => isThere(readings, path))
    .reduce(removeFile, readings)
