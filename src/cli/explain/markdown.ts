/** The page of a check as Markdown: docs/checks. */
import { RISKS } from '../../../reports/risk.ts'
import type { About, FindingAbout } from './about.ts'

export function explainMarkdown(about: About): string {
  const sections = [
    [`# ${about.id}`],
    [`**${about.title}.** ${plain(about.why)}`],
    [
      `- profiles: ${about.profiles.join(', ')}`,
      `- root: ${about.needsRoot ? 'needed to read all of it' : 'not needed'}`,
      ...linked('explained by a failure of', about.causedBy, about.area),
      ...linked('explains a failure of', about.explains, about.area),
    ],
    ...about.findings.map(findingSection),
    listed('Error messages that it explains', about.symptoms),
    listed(
      'Judges by',
      about.data.map(({ name, about, asOf }) => `${name}: ${about}, as of ${asOf}`),
    ),
    listed('Reads', about.reads),
  ]
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => `${lines.join('\n')}\n`)
    .join('\n')
}

/** Text in which Markdown finds nothing to format. */
const plain = (text: string): string => text.replace(/[\\`*_[\]<>|]/g, '\\$&')
const code = (text: string): string => (text.includes('`') ? `\`\` ${text} \`\`` : `\`${text}\``)

const listed = (heading: string, items: readonly string[]): string[] =>
  items.length === 0 ? [] : [`## ${heading}`, '', ...items.map((item) => `- ${code(item)}`)]

function linked(heading: string, ids: readonly string[], area: string): string[] {
  if (ids.length === 0) return []
  const links = ids.map((id) => {
    const [page = '', name] = id.split('#')
    const path = page.startsWith(`${area}/`) ? page.slice(area.length + 1) : `../${page}`
    return `[${id}](${path}.md${name ? `#${name.toLowerCase()}` : ''})`
  })
  return [`- ${heading} ${links.join(', ')}`]
}

function findingSection({ id, level, message, unfixable, example }: FindingAbout): string[] {
  const head = [`## ${id}`, '', `${level}: ${plain(message)}`]
  const said = example && /\{\w+\}/.test(message) ? ['', `Such as: ${plain(example.message)}`] : []
  if (!example?.fix) return [...head, ...said, ...(unfixable ? ['', `No fix: ${plain(unfixable)}`] : [])]
  const { summary, risk, shell } = example.fix
  return [...head, ...said, '', `Fix: ${plain(summary)} (${RISKS[risk]})`, '', '```sh', shell, '```']
}
