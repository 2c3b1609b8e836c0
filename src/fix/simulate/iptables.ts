/** A rule put into what iptables-save printed, or taken out of it. */
import type { Readings } from '../../hosts/memory.ts'
import type { IptablesStep } from '../../model/fix.ts'
import { type Effect, opaque, outputOf, told, withOutput } from './effect.ts'

export function changeIptables(readings: Readings, step: IptablesStep): Effect {
  const key = savedBy(step.program, readings)
  const text = key === null ? null : outputOf(readings, key)
  const changed = text === null ? null : changedText(text, step)
  return key === null || changed === null ? opaque(readings) : told(withOutput(readings, key, changed))
}

/** What prints the rules that a program changes: its own `-save`, or that of the plain name where that one was read. */
function savedBy(program: string, readings: Readings): string | null {
  const plain = program.replace(/-(?:nft|legacy)$/, '')
  const keys = [program, plain].map((name) => `$ ${name}-save`)
  return keys.find((key) => outputOf(readings, key) !== null) ?? null
}

/** Null where the text lacks the chain: then the program would fail. */
function changedText(text: string, { action, table, chain, rule }: IptablesStep): string | null {
  const lines = text.split('\n')
  const start = lines.indexOf(`*${table}`)
  const end = start < 0 ? start : lines.indexOf('COMMIT', start)
  const chains = lines.slice(start, end).flatMap((line) => /^:(\S+)/.exec(line)?.[1] ?? [])
  const place = chains.indexOf(chain)
  if (place < 0) return null
  const isInTable = (at: number): boolean => at > start && at < end
  const wanted = asSaved(['-A', chain, ...rule])
  const isWanted = (line: string, at: number): boolean => isInTable(at) && asSaved(line.split(' ')) === wanted
  if (action === 'delete') return lines.filter((line, at) => !isWanted(line, at)).join('\n')
  if (lines.some(isWanted)) return text
  // Rules are printed chain by chain, in the order of their chains.
  const next = lines.findIndex(
    (line, at) => isInTable(at) && chains.indexOf(/^-A (\S+)/.exec(line)?.[1] ?? '') >= place,
  )
  return lines.toSpliced(next < 0 ? end : next, 0, wanted).join('\n')
}

/** The module of a protocol, which may be left out, is always printed: `-p udp -m udp --dport 53`. */
function asSaved(words: readonly string[]): string {
  const protocol = words[words.indexOf('-p') + 1] ?? ''
  const ports = words.findIndex((word) => /^--[ds]port$/.test(word))
  const isNamed = words.some((word, at) => word === '-m' && words[at + 1] === protocol)
  return (ports < 0 || isNamed ? words : words.toSpliced(ports, 0, '-m', protocol)).join(' ')
}
