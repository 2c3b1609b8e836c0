/** What was examined, as whom, for what. */
import type { Report } from '../../src/model/report.ts'
import type { Pen } from '../pen.ts'
import { visible } from '../untrusted.ts'

/** The check whose numbers tell the engine's version. */
const ENGINE_VERSION = 'engine/version'

const REACHED: Readonly<Record<string, string>> = { snapshot: 'recorded', root: 'mounted file system' }

export function headerLines({ host, profile, results, data = {} }: Report, pen: Pen): string[] {
  const engine = results.find(({ id }) => id === ENGINE_VERSION)?.data?.version
  const parts = [
    host.hostname,
    host.os.prettyName || [host.os.id, host.os.versionId].filter(Boolean).join(' '),
    host.kernel && `Linux ${host.kernel}`,
    typeof engine === 'string' && engine !== '' ? `engine ${engine}` : '',
    host.arch,
    host.virtualization,
    REACHED[host.reached] ?? '',
    `profile ${profile}`,
    oldestOf(data),
    host.collectedAs ? `as ${host.collectedAs.user || `uid ${host.collectedAs.uid}`}` : '',
  ].filter((part) => part !== '')
  const [name = '', ...rest] = joined(parts.map(visible), pen)
  return [pen.paint('bold', name), ...rest]
}

/** How old the tables are that the host was judged by. */
function oldestOf(data: Readonly<Record<string, string>>): string {
  const [oldest] = Object.values(data).sort()
  return oldest ? `data of ${oldest}` : ''
}

/** Breaks between parts, and inside one only where it is wider than the page. */
function joined(parts: readonly string[], pen: Pen): string[] {
  const lines: string[] = []
  let line = ''
  for (const part of parts) {
    const longer = line === '' ? part : `${line} · ${part}`
    if (line !== '' && pen.width(longer) > pen.look.width) {
      lines.push(line)
      line = part
    } else line = longer
  }
  return [...lines, line].flatMap((text) => pen.lines(text))
}
