/** `seaworthy explain ID`: what a check reads, why it matters, what it can find. */
import type { CommandModule } from 'yargs'
import type { Pen } from '../../reports/pen.ts'
import type { Datasets } from '../data/schemas.ts'
import { areaOf, type Check } from '../model/check.ts'
import { DATA_OPTION, dataFor } from './data.ts'
import { aboutTable, type DataAbout, explainData, isAboutData, tablesOf } from './explain-data.ts'
import { findingsOf, listJson, listText } from './list.ts'
import { type Given, oneOf, single } from './options.ts'
import { print } from './print.ts'
import { named } from './select.ts'
import { lookOf } from './terminal.ts'

interface ExplainArguments {
  readonly id?: Given
  readonly data?: Given
  readonly format?: Given
}

export const explainCommand = (done: (code: number) => void): CommandModule<object, ExplainArguments> => ({
  command: 'explain <id>',
  describe: 'What a check reads, why it matters, its findings; what a table says (data)',
  builder: (yargs) =>
    yargs
      .positional('id', {
        type: 'string',
        demandOption: true,
        describe: 'a check, an area to list, data or data/NAME',
      })
      .options({ ...DATA_OPTION, format: { type: 'string', describe: 'text, json' } }),
  handler: async (args) => {
    const name = single('id', args.id) ?? ''
    const format = oneOf('format', args.format, ['text', 'json'])
    const data = await dataFor(args.data)
    await print(isAboutData(name) ? await explainData(name, data, format) : await explain(name, data, format))
    done(0)
  },
})

async function explain(name: string, data: Datasets, format: 'text' | 'json' | undefined): Promise<string> {
  const { catalogue } = await import('../engine/catalogue.ts')
  const chosen = [...named(catalogue, [name])]
  const check = chosen.find(({ id }) => id === name)
  if (!check) return format === 'json' ? listJson(chosen) : listText(chosen)
  const about = await describe(check, catalogue, data)
  if (format !== 'json') return explainText(about)
  const { safeJson } = await import('../../reports/untrusted.ts')
  return `${safeJson(about, 2)}\n`
}

/** All that a check says of itself. */
interface About {
  readonly id: string
  readonly area: string
  readonly title: string
  readonly why: string
  readonly profiles: readonly string[]
  readonly needsRoot: boolean
  readonly reads: readonly string[]
  /** The tables that it judges by. */
  readonly data: readonly DataAbout[]
  readonly findings: readonly {
    readonly id: string
    readonly level: string
    readonly message: string
    readonly fixable: boolean
    readonly unfixable?: string
  }[]
  /** Checks whose failure explains a failure of this one. */
  readonly causedBy: readonly string[]
  /** Checks whose failure this one explains. */
  readonly explains: readonly string[]
  readonly symptoms: readonly string[]
}

async function describe(check: Check, all: readonly Check[], data: Datasets): Promise<About> {
  const { planOf } = await import('../engine/plan.ts')
  const { sources, later } = await planOf([check])
  const own = ({ wantedBy }: { readonly wantedBy: readonly string[] }): boolean => wantedBy.includes(check.id)
  const causes = ({ causedBy, findings }: Check): readonly string[] => [
    ...new Set([...causedBy, ...Object.values(findings).flatMap((finding) => finding.causedBy ?? [])]),
  ]
  return {
    id: check.id,
    area: areaOf(check.id),
    title: check.title,
    why: check.why,
    profiles: check.profiles,
    needsRoot: check.needsRoot ?? false,
    reads: [
      ...sources.filter(own).map(({ source }) => source),
      ...later.filter(own).map(({ reading }) => reading),
    ],
    data: tablesOf(check.needs).map((table) => aboutTable(table, data)),
    findings: findingsOf(check).map((finding) => {
      const unfixable = check.unfixable[finding.id]
      return unfixable === undefined ? finding : { ...finding, unfixable }
    }),
    causedBy: causes(check),
    explains: all
      .filter((other) => causes(other).some((cause) => cause.split('#')[0] === check.id))
      .map(({ id }) => id),
    symptoms: check.symptoms.map(String),
  }
}

async function explainText(about: About): Promise<string> {
  const { penFor } = await import('../../reports/pen.ts')
  const { rulerFor } = await import('../../reports/ruler.ts')
  const look = lookOf(process.stdout, process.env, { color: true, detail: 'normal' })
  const pen = penFor(look, await rulerFor(JSON.stringify(about)))
  const sections = [
    [...pen.lines(about.title, { style: 'bold' }), ...pen.lines(about.id, { style: 'dim' })],
    pen.lines(about.why),
    [
      ...pen.lines(about.profiles.join(', '), { lead: 'profiles: ' }),
      ...pen.lines(about.needsRoot ? 'needed to read all of it' : 'not needed', { lead: 'root: ' }),
    ],
    listed('reads', about.reads, pen),
    listed(
      'judges by',
      about.data.map(({ name, about, asOf }) => `${name}: ${about} (as of ${asOf})`),
      pen,
    ),
    about.findings.length > 0 ? ['finds:', ...about.findings.flatMap((each) => findingLines(each, pen))] : [],
    listed('explained by a failure of', about.causedBy, pen),
    listed('explains a failure of', about.explains, pen),
    listed('error messages that it explains', about.symptoms, pen),
  ]
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => `${lines.join('\n')}\n`)
    .join('\n')
}

const listed = (heading: string, items: readonly string[], pen: Pen): string[] =>
  items.length === 0 ? [] : [`${heading}:`, ...items.flatMap((item) => pen.lines(item, { lead: '  ' }))]

function findingLines({ id, level, message, unfixable }: About['findings'][number], pen: Pen): string[] {
  const status = level === 'fail' ? 'fail' : 'warn'
  return [
    ...pen.lines(`${id} (${level}): ${message}`, { lead: `  ${pen.mark(status)} ` }),
    ...(unfixable ? pen.lines(`no fix: ${unfixable}`, { lead: '    ' }) : []),
  ]
}
