/** The page of a check for a terminal. */
import { fixLines } from '../../../reports/checklist/fix.ts'
import { type Pen, penFor } from '../../../reports/pen.ts'
import { rulerFor } from '../../../reports/ruler.ts'
import { visible } from '../../../reports/untrusted.ts'
import { lookOf } from '../terminal.ts'
import type { About, FindingAbout } from './about.ts'

export async function explainText(about: About): Promise<string> {
  const look = lookOf(process.stdout, process.env, { color: true, detail: 'normal' })
  const pen = penFor(look, await rulerFor(JSON.stringify(about)))
  const sections = [
    [...pen.lines(about.title, { style: 'bold' }), ...pen.lines(about.id, { style: 'dim' })],
    pen.lines(about.why),
    [
      ...pen.lines(about.profiles.join(', '), { lead: 'profiles: ' }),
      ...pen.lines(about.needsRoot ? 'needed to read all of it' : 'not needed', { lead: 'root: ' }),
    ],
    ...about.findings.map((finding) => findingLines(finding, about.id, pen)),
    listed('explained by a failure of', about.causedBy, pen),
    listed('explains a failure of', about.explains, pen),
    listed('error messages that it explains', about.symptoms, pen),
    listed(
      'judges by',
      about.data.map(({ name, about, asOf }) => `${name}: ${about}, as of ${asOf}`),
      pen,
    ),
    listed('reads', about.reads, pen),
  ]
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => `${lines.join('\n')}\n`)
    .join('\n')
}

const listed = (heading: string, items: readonly string[], pen: Pen): string[] =>
  items.length === 0 ? [] : [`${heading}:`, ...items.flatMap((item) => pen.lines(item, { lead: '  ' }))]

/** The finding, and what was said of a host that has it. */
function findingLines(
  { id, level, message, unfixable, example }: FindingAbout,
  check: string,
  pen: Pen,
): string[] {
  const name = pen.lines(`${id} (${level}): ${message}`, { lead: `${pen.mark(level)} ` })
  const why = unfixable ? pen.lines(unfixable, { lead: '  no fix: ' }) : []
  if (!example) return [...name, ...why]
  const said = /\{\w+\}/.test(message)
    ? pen.lines(visible(example.message), { lead: '  such as: ', style: 'dim' })
    : []
  return [...name, ...said, ...(example.fix ? fixLines(example.fix, check, pen) : why)]
}
