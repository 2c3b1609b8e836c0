/** What iptables prints, as the rule set that `iptables-save` prints of one backend. */

import type { Stat } from '../../model/source.ts'
import type { IptablesBackend } from '../../net/iptables.ts'
import { parseIptablesSave } from '../../net/iptables-save.ts'
import type { Block } from './blocks.ts'
import { type Found, printed, statOf } from './found.ts'
import { rulesListed, verboseTable } from './iptables-list.ts'

/** Rules of one of them alone would look like an engine without the other's. */
const TABLES = ['filter', 'nat'] as const

/** Of `iptables -S`, the table that it shows; null for another command. */
function listedTable(command: string): string | null {
  const [, table = 'filter'] =
    /^iptables (?:-t (\w+) )?(?:-S|--list-rules)(?: -v)?$/.exec(command) ??
    /^iptables (?:-S|--list-rules) -t (\w+)$/.exec(command) ??
    []
  return /^iptables .*(?:-S|--list-rules)\b/.test(command) && !/(?:-S|--list-rules) [A-Z]/.test(command)
    ? table
    : null
}

/** Rules of a table as `iptables -S` prints them; null where a block does not show the whole of it. */
function rulesOf(table: string, { command, output }: Block): string | null {
  if (verboseTable(command) === table) return rulesListed(output)
  return listedTable(command) === table && /^-P \w+ /m.test(output) ? output : null
}

/** Tables that were listed one by one, as one. */
function joined(blocks: readonly Block[]): string | null {
  const texts = TABLES.map((table) => {
    const rules = blocks.map((block) => rulesOf(table, block)).find((one) => one !== null)
    return rules === undefined ? null : `*${table}\n${rules}\nCOMMIT\n`
  })
  return texts.every((text) => text !== null) ? texts.join('') : null
}

const isWhole = (text: string): boolean => {
  const { tables, skipped } = parseIptablesSave(text)
  return skipped.length === 0 && TABLES.every((table) => table in tables)
}

const PROGRAMS: Readonly<Record<IptablesBackend, string>> = {
  nft: '/usr/sbin/xtables-nft-multi',
  legacy: '/usr/sbin/xtables-legacy-multi',
}
const program = (backend: IptablesBackend): Stat => statOf('file', 0o755, { realPath: PROGRAMS[backend] })

/** `iptables v1.8.7 (nf_tables)`, or what update-alternatives displays; before 1.8 there was only one. */
function backendIn(text: string): IptablesBackend | null {
  const chosen = /link currently points to \S{1,64}\/iptables-(nft|legacy)$/m.exec(text)?.[1]
  if (chosen !== undefined) return chosen === 'nft' ? 'nft' : 'legacy'
  const [, major, minor, name] = /\biptables v(\d+)\.(\d+)[\d.]*(?: \((nf_tables|legacy)\))?/.exec(text) ?? []
  if (name !== undefined) return name === 'legacy' ? 'legacy' : 'nft'
  return major === '1' && Number(minor) < 8 ? 'legacy' : null
}

/** The whole rule set, where the text shows it, and the backend, where it is named. */
export function filterReadings(blocks: readonly Block[], text: string): Found {
  const saved = blocks.findLast(({ command, output }) => command === 'iptables-save' && isWhole(output))
  const rules = saved?.output ?? joined(blocks)
  const backend = (rules === null ? undefined : parseIptablesSave(rules).backend) ?? backendIn(text)
  return {
    ...(rules === null ? {} : printed('$ iptables-save', rules)),
    ...(backend === null
      ? {}
      : { 'stat /usr/sbin/iptables': program(backend), 'stat /usr/sbin/iptables-save': program(backend) }),
  }
}
