/** `seaworthy explain data`: the tables that checks judge by, and how old they are. */
import { ABOUT, DATASET_NAMES, datasetOf, factName } from '../../data/dataset.ts'
import type { DatasetName, Datasets } from '../../data/schemas.ts'
import { factOf, type Needs } from '../../model/fact.ts'
import { unknownName } from '../nearest.ts'

/** What a table says of itself. */
export interface TableAbout {
  /** `data/NAME`. */
  readonly name: string
  readonly about: string
  readonly asOf: string
  readonly sources: readonly string[]
}

const ALL = 'data'

export const isAboutData = (name: string): boolean => name === ALL || name.startsWith(`${ALL}/`)

export const aboutTable = (name: DatasetName, data: Datasets): TableAbout => ({
  name: factName(name),
  about: ABOUT[name],
  asOf: data[name].asOf,
  sources: data[name].sources,
})

/** The tables that facts rest on. */
export function tablesOf(needs: Needs): readonly DatasetName[] {
  const facts = Object.values(needs).map(factOf)
  const found = facts.flatMap((fact) => datasetOf(fact.name) ?? tablesOf(fact.needs))
  return [...new Set(found)].sort()
}

/** A table as its file would hold it, or the list of all. */
export async function explainData(name: string, data: Datasets, format: string | undefined): Promise<string> {
  const { safeJson } = await import('../../../reports/untrusted.ts')
  const tables = DATASET_NAMES.map((one) => aboutTable(one, data))
  if (name !== ALL) {
    const table = datasetOf(name)
    if (!table) throw unknownName('table', name, DATASET_NAMES.map(factName))
    return `${safeJson(data[table], 2)}\n`
  }
  if (format === 'json') return `${safeJson({ data: tables }, 2)}\n`
  return tables.map((table) => `${textOf(table)}\n`).join('\n')
}

const textOf = ({ name, about, asOf, sources }: TableAbout): string =>
  [`${name}: ${about}, as of ${asOf}`, ...sources.map((source) => `  ${source}`)].join('\n')
