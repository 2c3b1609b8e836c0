/** What changes with time and not with the code: dated tables, built in, which the user can replace by newer ones (`--data DIR`). */
import { defineFact, type Fact } from '../model/fact.ts'
import distributions from './distributions.json' with { type: 'json' }
import engineBugs from './engine-bugs.json' with { type: 'json' }
import engineLines from './engine-lines.json' with { type: 'json' }
import kernelBugs from './kernel-bugs.json' with { type: 'json' }
import publicMirrors from './public-mirrors.json' with { type: 'json' }
import removals from './removals.json' with { type: 'json' }
import type { DatasetName, Datasets } from './schemas.ts'
import vulnerabilities from './vulnerabilities.json' with { type: 'json' }

/** The tables of this build; `test/data` holds them against their schemas (to the compiler, a word in a JSON file is any text). */
export const BUILT_IN: Datasets = {
  distributions,
  'engine-bugs': engineBugs as Datasets['engine-bugs'],
  'engine-lines': engineLines,
  'kernel-bugs': kernelBugs,
  'public-mirrors': publicMirrors,
  removals,
  vulnerabilities: vulnerabilities as Datasets['vulnerabilities'],
}

export const DATASET_NAMES = Object.keys(BUILT_IN) as readonly DatasetName[]

/** What each table is about, as a noun phrase. */
export const ABOUT: Readonly<Record<DatasetName, string>> = {
  distributions: 'how long releases of distributions get updates',
  'engine-bugs': 'versions of the engine and its parts that do not work, or not together',
  'engine-lines': "the engine's release lines, and the API that clients speak",
  'kernel-bugs': 'kernel releases that break containers',
  'public-mirrors': 'public mirrors of Docker Hub that are closed',
  removals: 'keys, flags and drivers that the engine no longer has, and what to write instead',
  vulnerabilities: 'known holes of the engine and its parts, and the versions that close them',
}

const PREFIX = 'data/'
export const factName = (name: DatasetName): string => `${PREFIX}${name}`
/** The table that a fact is; undefined for any other fact. */
export const datasetOf = (fact: string): DatasetName | undefined =>
  DATASET_NAMES.find((name) => factName(name) === fact)

/** A table, as a fact that a check declares like any other. */
export const dataset = <N extends DatasetName>(name: N): Fact<Datasets[N]> =>
  defineFact({ name: factName(name), about: `Data: ${ABOUT[name]}.`, parse: () => BUILT_IN[name] })
