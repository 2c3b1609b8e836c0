/** A zone changed in what firewall-cmd printed, and in its permanent file. */
import { LIST_ZONES } from '../../facts/firewalld.ts'
import type { Readings } from '../../hosts/memory.ts'
import type { FirewalldStep } from '../../model/fix.ts'
import { sourceKey } from '../../model/source.ts'
import { type Effect, opaque, outputOf, textOf, withFile, withOutput } from './effect.ts'

const LIST = sourceKey(LIST_ZONES)

/** The rules that firewalld makes of its zones are not told. */
export function changeZone(readings: Readings, step: FirewalldStep): Effect {
  const now = step.scope === 'atBoot' ? readings : changeNow(readings, step)
  return opaque(step.scope === 'now' ? now : changeAtBoot(now, step))
}

const FIELDS: Readonly<Record<FirewalldStep['what'], string>> = {
  port: 'ports',
  protocol: 'protocols',
  'rich-rule': 'rich rules',
  interface: 'interfaces',
  masquerade: 'masquerade',
}

function changeNow(readings: Readings, step: FirewalldStep): Readings {
  const text = outputOf(readings, LIST)
  if (text === null) return readings
  const blocks = text.split(/\n(?=\S)/)
  const changed = blocks.map((block) =>
    isMeant(block, step) ? changeBlock(block, step) : leave(block, step),
  )
  return withOutput(readings, LIST, changed.join('\n'))
}

/** `public (active)`; since 2.0 also `public (default, active)`. Without a zone the default one is meant, which lies in the text only since then. */
const isMeant = (block: string, { zone }: FirewalldStep): boolean =>
  zone === undefined ? /^\S+ \(default/.test(block) : block.split(/\s/, 1)[0] === zone

/** An interface is in one zone only. */
const leave = (block: string, step: FirewalldStep): string =>
  step.what === 'interface' && !step.remove ? changeBlock(block, { ...step, remove: true }) : block

function changeBlock(block: string, { what, value, remove }: FirewalldStep): string {
  const field = FIELDS[what]
  const lines = block.split('\n')
  const at = lines.findIndex((line) => line.trim().startsWith(`${field}:`))
  if (at < 0) return block
  if (what === 'rich-rule') return changeRules(lines, at, value, remove === true).join('\n')
  const [, name = '', said = ''] = /^(.*?:) ?(.*)$/.exec(lines[at] ?? '') ?? []
  return lines.with(at, `${name} ${changeWords(said, what, value, remove === true)}`).join('\n')
}

function changeWords(said: string, what: FirewalldStep['what'], value: string, remove: boolean): string {
  if (what === 'masquerade') return remove ? 'no' : 'yes'
  const others = said.split(/\s+/).filter((word) => word !== '' && word !== value)
  return (remove ? others : [...others, value]).join(' ')
}

/** One a line, below the field. */
function changeRules(lines: readonly string[], at: number, rule: string, remove: boolean): readonly string[] {
  const found = lines.findIndex((line, place) => place > at && line.trim() === rule)
  if (found >= 0) return remove ? lines.toSpliced(found, 1) : lines
  return remove ? lines : lines.toSpliced(at + 1, 0, `\t${rule}`)
}

/** The file of a zone that is changed for the first time is a copy of the one that is shipped. */
function changeAtBoot(readings: Readings, step: FirewalldStep): Readings {
  const { zone } = step
  if (zone === undefined) return readings
  const path = `/etc/firewalld/zones/${zone}.xml`
  const text = textOf(readings, path) ?? textOf(readings, `/usr/lib/firewalld/zones/${zone}.xml`)
  const element = elementOf(step)
  if (text === null || element === null || text.includes(element) !== (step.remove === true)) return readings
  const changed = step.remove
    ? text
        .split('\n')
        .filter((line) => line.trim() !== element)
        .join('\n')
    : text.replace('</zone>', `  ${element}\n</zone>`)
  return withFile(readings, path, changed)
}

/** As firewalld writes it; null for a rule, which it writes in words of its own. @see https://firewalld.org/documentation/zone/options.html */
function elementOf({ what, value }: FirewalldStep): string | null {
  const [port, protocol] = value.split('/')
  switch (what) {
    case 'port':
      return `<port port="${port}" protocol="${protocol}"/>`
    case 'protocol':
      return `<protocol value="${value}"/>`
    case 'interface':
      return `<interface name="${value}"/>`
    case 'masquerade':
      return '<masquerade/>'
    case 'rich-rule':
      return null
    default:
      return what satisfies never
  }
}
