/** `--data DIR`: newer data files than those of this build. They may come from anyone: each way in which one can be wrong is one line. */
import { join } from 'node:path'
import { BUILT_IN, DATASET_NAMES } from '../data/dataset.ts'
import type { DatasetName, Datasets } from '../data/schemas.ts'
import { InputError } from '../model/errors.ts'
import { unknownName } from './nearest.ts'
import { type Given, single } from './options.ts'
import { note } from './print.ts'
import { readInput } from './read-input.ts'

export const DATA_OPTION = {
  data: { type: 'string', describe: 'judge by the newer data files (NAME.json) of this folder' },
} as const

const MOST_BYTES = 16 * 1024 * 1024
const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'no such folder',
  ENOTDIR: 'it is no folder',
  EACCES: 'permission denied (run with sudo)',
}

/** The tables to judge by: those of the folder, and for the rest those of this build. A table that is older than ours is told of. */
export async function dataFor(given: Given): Promise<Datasets> {
  const folder = single('data', given)
  if (folder === undefined) return BUILT_IN
  const { SCHEMAS } = await import('../data/schemas.ts')
  const read = async (name: DatasetName): Promise<[DatasetName, Datasets[DatasetName]]> => {
    const path = join(folder, `${name}.json`)
    const checked = SCHEMAS[name].safeParse(await jsonOf(path))
    if (checked.success) return [name, checked.data]
    const [issue] = checked.error.issues
    throw new InputError(
      `${path}: ${issue?.path.join('.') || 'the file'}: ${issue?.message ?? 'is not as expected'}`,
    )
  }
  const found = await Promise.all((await namesIn(folder)).map(read))
  for (const [name, { asOf }] of found) {
    const ours = BUILT_IN[name].asOf
    if (asOf < ours) note(`${folder}/${name}.json is of ${asOf}; this version has data of ${ours} built in`)
  }
  return { ...BUILT_IN, ...Object.fromEntries(found) }
}

async function namesIn(folder: string): Promise<DatasetName[]> {
  const { readdir } = await import('node:fs/promises')
  const entries = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    throw new InputError(`--data ${folder}: ${REASONS[error.code ?? ''] ?? error.code}`)
  })
  const names = entries
    .filter((entry) => entry.endsWith('.json'))
    .map((entry) => entry.slice(0, -'.json'.length))
  if (names.length === 0) {
    throw new InputError(
      `--data ${folder}: holds none of ${DATASET_NAMES.map((name) => `${name}.json`).join(', ')}`,
    )
  }
  return names.map((name) => {
    const known = DATASET_NAMES.find((one) => one === name)
    if (!known)
      throw unknownName(
        'data file',
        `${name}.json`,
        DATASET_NAMES.map((one) => `${one}.json`),
      )
    return known
  })
}

async function jsonOf(path: string): Promise<unknown> {
  const text = (await readInput(path, MOST_BYTES)).toString('utf8')
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new InputError(`${path}: is no JSON: ${error instanceof Error ? error.message : String(error)}`)
  }
}
