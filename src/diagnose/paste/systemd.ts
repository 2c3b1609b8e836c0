/** What systemctl prints of units, as the files that systemd reads. */

import { parseUnit } from '../../facts/systemd-unit.ts'
import type { Stat } from '../../model/source.ts'
import { type Found, NOT_SHOWN, statOf } from './found.ts'

const PLACE = /^# (\/(?:etc|run|usr\/local\/lib|usr\/lib|lib)\/systemd\/system\/([\w@.-]+)(?:\/([\w@.-]+))?)$/

interface UnitFile {
  readonly path: string
  /** `docker.service`, or the folder of its drop-ins `docker.service.d`. */
  readonly owner: string
  /** Of a drop-in. */
  readonly name: string | undefined
  readonly lines: string[]
}

const plain = (size: number): Stat => statOf('file', 0o644, { size })

function filesIn(output: string): UnitFile[] {
  const files: UnitFile[] = []
  for (const line of output.split('\n')) {
    const [, path, owner = '', name] = PLACE.exec(line.trimEnd()) ?? []
    if (path !== undefined) files.push({ path, owner, name, lines: [] })
    else files.at(-1)?.lines.push(line)
  }
  return files
}

/**
 * `systemctl cat` shows each file that counts, below its path: the fragment, then the drop-ins. The units that it requires, and a program
 * that is not in its usual place, are not shown: nobody may take them to be missing.
 */
export function catReadings(output: string): Found {
  const files = filesIn(output)
  const [fragment] = files
  if (!fragment || fragment.name !== undefined || !files.every((file) => isOf(file, fragment.owner)))
    return {}
  const found: Found = {}
  for (const { path, owner, name, lines } of files) {
    const text = `${lines.join('\n').trim()}\n`
    found[path] = text
    if (name === undefined) found[`stat ${path}`] = plain(text.length)
    else {
      const folder = path.slice(0, -name.length)
      const others = found[folder]
      found[folder] = [...(Array.isArray(others) ? others : []), name]
    }
    for (const { key, value } of parseUnit(`${owner}`, text)) {
      if (key === 'Requires') for (const unit of value.split(/\s+/)) Object.assign(found, notShown(unit))
    }
  }
  return found
}

const isOf = ({ owner, name }: UnitFile, unit: string): boolean =>
  owner === (name === undefined ? unit : `${unit}.d`)

/** What most hosts have is assumed of them all the same. */
const USUAL: ReadonlySet<string> = new Set(['docker.socket', 'containerd.service'])
const notShown = (unit: string): Found =>
  USUAL.has(unit) ? {} : { [`stat /usr/lib/systemd/system/${unit}`]: NOT_SHOWN }

const MASKED = /^[ \t]{0,16}Loaded: masked\b/m
const UNIT = /^\S?[ \t]{0,16}(docker\.(?:service|socket))\b/m

/** A masked unit is a link to nowhere; where the writer speaks of unmasking it, nobody knows whether it still is. */
const mask = (unit: string, text: string): Found => {
  if (/\bunmask/i.test(text)) return {}
  const path = `/etc/systemd/system/${unit}`
  return { [`stat ${path}`]: { ...plain(0), type: 'character', realPath: '/dev/null' } }
}

/** Of `systemctl status` only that the unit is masked: of its files it shows no more than names. */
export function statusReadings(output: string, text: string): Found {
  const unit = UNIT.exec(output)?.[1]
  return unit !== undefined && MASKED.test(output) ? mask(unit, text) : {}
}

/** `systemctl is-enabled docker` */
export const enabledReadings = (output: string, unit: string, text: string): Found =>
  output.trim() === 'masked' ? mask(/\.\w+$/.test(unit) ? unit : `${unit}.service`, text) : {}

/** What systemd says to whoever starts it. */
export function refusedStart(text: string): Found {
  const unit = /\bUnit (docker\.(?:service|socket)) is masked/.exec(text)?.[1]
  return unit === undefined ? {} : mask(unit, text)
}

/** The engine ran when this was printed. */
export const isActive = (output: string): boolean =>
  UNIT.test(output) && /^[ \t]{0,16}Active: active \(running\)/m.test(output)
