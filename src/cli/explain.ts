/** `seaworthy explain ID`: what a check reads, why it matters, what it can find. */
import type { CommandModule } from 'yargs'
import type { Datasets } from '../data/schemas.ts'
import { DATA_OPTION, dataFor } from './data.ts'
import { explainData, isAboutData } from './explain/tables.ts'
import { listJson, listText } from './list.ts'
import { type Given, oneOf, single } from './options.ts'
import { print } from './print.ts'
import { named } from './select.ts'

const FORMATS = ['text', 'json', 'markdown'] as const
type Format = (typeof FORMATS)[number]

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
      .options({ ...DATA_OPTION, format: { type: 'string', describe: FORMATS.join(', ') } }),
  handler: async (args) => {
    const name = single('id', args.id) ?? ''
    const format = oneOf('format', args.format, FORMATS)
    const data = await dataFor(args.data)
    await print(isAboutData(name) ? await explainData(name, data, format) : await explain(name, data, format))
    done(0)
  },
})

async function explain(name: string, data: Datasets, format: Format | undefined): Promise<string> {
  const { catalogue } = await import('../engine/catalogue.ts')
  const chosen = [...named(catalogue, [name])]
  const check = chosen.find(({ id }) => id === name)
  if (!check) return format === 'json' ? listJson(chosen) : listText(chosen)
  const page = await (await import('./explain/about.ts')).about(check, catalogue, data)
  if (format === 'markdown') return (await import('./explain/markdown.ts')).explainMarkdown(page)
  if (format !== 'json') return (await import('./explain/text.ts')).explainText(page)
  const { safeJson } = await import('../../reports/untrusted.ts')
  return `${safeJson(page, 2)}\n`
}
