/** A fix: what it does, what it costs, and its shell lines, ready to paste. */
import type { FixReport } from '../../src/model/report.ts'
import type { Pen } from '../pen.ts'
import { RISKS } from '../risk.ts'
import { pasteableLines, visible } from '../untrusted.ts'

const INDENT = '  '
const COMMENT = '# '

export type PrintedFix = Pick<FixReport, 'summary' | 'risk' | 'shell'>

export function fixLines(fix: PrintedFix | undefined, id: string, pen: Pen): string[] {
  if (!fix)
    return pen.lines(`no command cures this; see: seaworthy explain ${visible(id)}`, {
      lead: `${INDENT}fix: `,
    })
  const summary = visible(fix.summary).replace(/\.$/, '')
  return [
    ...pen.lines(`${summary} (${RISKS[fix.risk]})`, { lead: `${INDENT}fix: `, leadStyle: 'bold' }),
    ...(fix.shell === `${COMMENT}${fix.summary}` ? [] : shellLines(fix.shell, pen)),
  ]
}

/** Commands are never wrapped; comments are, as comments. */
function shellLines(script: string, pen: Pen): string[] {
  const lines = pasteableLines(script)
  if (spansLines(script)) return lines.map((text) => pen.paint('cyan', text))
  const indent = INDENT.repeat(2)
  return lines.flatMap((text) =>
    text.startsWith(COMMENT)
      ? pen
          .lines(text.slice(COMMENT.length), { lead: ' '.repeat(indent.length + COMMENT.length) })
          .map((wrapped) => pen.paint('dim', `${indent}${COMMENT}${wrapped.trimStart()}`))
      : [`${indent}${pen.paint('cyan', text)}`],
  )
}

/** Whether a quoted word goes on in the next line: indenting that line would change the word. */
export function spansLines(script: string): boolean {
  let quoted = false
  for (let at = 0; at < script.length; at++) {
    const character = script[at]
    if (character === '\n' && quoted) return true
    if (character === "'") quoted = !quoted
    else if (character === '\\' && !quoted) at++
    else if (character === '#' && !quoted && /[\s;]/.test(script[at - 1] ?? ' ')) {
      const end = script.indexOf('\n', at)
      at = end === -1 ? script.length : end - 1
    }
  }
  return false
}
