/** Where a report goes, and in which format: `--format F`, `--output FILE`, `--output FORMAT=FILE`. */
import { UsageError } from '../model/errors.ts'
import { FORMAT_NAMES, type FormatName } from './formats.ts'
import { unknownName } from './nearest.ts'

export interface Output {
  readonly format: FormatName
  /** Null is the standard output. */
  readonly file: string | null
}

const STDOUT = '-'

/**
 * `--output FILE` sends the report of `--format` there (else of the format that the file's name ends in) and leaves the standard
 * output empty; `--output FORMAT=FILE` adds a report to it.
 */
export function outputsOf(format: FormatName | undefined, given: readonly string[]): Output[] {
  const parsed = given.map((value) => parseOutput(value, format))
  const outputs = parsed.map(({ output }) => output)
  const replaced = parsed.some(({ named }) => !named) || outputs.some(({ file }) => file === null)
  const all = replaced ? outputs : [{ format: format ?? 'checklist', file: null }, ...outputs]
  const twice = all.find(({ file }, at) => all.findIndex((other) => other.file === file) !== at)
  if (twice) {
    const where = twice.file === null ? 'the standard output' : twice.file
    throw new UsageError(`two reports cannot both go to ${where}`)
  }
  return all
}

function parseOutput(value: string, format: FormatName | undefined): { output: Output; named: boolean } {
  const [, name, path] = /^([a-z]+)=(.*)$/s.exec(value) ?? []
  if (name === undefined || path === undefined) {
    return { output: { format: format ?? formatByName(value), file: fileOf(value) }, named: false }
  }
  const known = FORMAT_NAMES.find((each) => each === name)
  if (!known) throw unknownName('format', name, FORMAT_NAMES)
  if (path === '') throw new UsageError(`--output ${value} names no file`)
  return { output: { format: known, file: fileOf(path) }, named: true }
}

const fileOf = (path: string): string | null => (path === STDOUT ? null : path)

const formatByName = (path: string): FormatName =>
  FORMAT_NAMES.find((format) => path.endsWith(`.${format}`)) ?? 'checklist'
