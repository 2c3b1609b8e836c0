/** What would put a problem of daemon.json right, where it can be told from the file and the linter's advice. */
import { type Problem, setKey } from '../daemon-json/index.ts'
import { manual, type Step, setJson, writeFile } from '../model/fix.ts'
import type { JudgedFile } from './daemon-json-problems.ts'

type Edits = readonly (readonly [key: string, value: unknown])[]

/** The steps that cure one problem: edits that keep the rest of the file, the file written anew, or advice to a person. */
export function repair(problem: Problem, file: JudgedFile): readonly Step[] {
  const edits = editsFor(problem, file)
  if (
    edits &&
    cures(
      edits.reduce((text, [key, value]) => setKey(text, [key], value), file.text),
      problem,
      file,
    )
  )
    return edits.map(([key, value]) => setJson(file.path, [key], value))
  const rewritten = problem.key === null ? rewrite(file) : null
  if (rewritten !== null) return [writeFile(file.path, rewritten)]
  return [manual(`In ${file.path}, line ${problem.line}: ${problem.suggestion}.`)]
}

const cures = (text: string, { finding, key }: Problem, file: JudgedFile): boolean =>
  !file.lint(text).some((left) => left.finding === finding && left.key === key)

/** The same settings as clean JSON; null where too little of the file can be understood. */
function rewrite({ text, value, lint }: JudgedFile): string | null {
  if (Object.keys(value).length === 0 && text.trim() !== '') return null
  const clean = `${JSON.stringify(value, null, 2)}\n`
  return lint(clean).some(({ level, key }) => level === 'fail' && key === null) ? null : clean
}

/** A renamed key, a value as the linter writes it, or a key that only goes away. Inner keys are left to a person. */
function editsFor({ key, finding, suggestion }: Problem, { value }: JudgedFile): Edits | null {
  if (key === null || !Object.hasOwn(value, key)) return null
  const name = /^(?:write "([a-z0-9-]+)"|call it ([a-z0-9-]+))$/.exec(suggestion)
  const renamed = name?.[1] ?? name?.[2]
  if (renamed && /-key$/.test(finding))
    return Object.hasOwn(value, renamed)
      ? null
      : [
          [renamed, value[key]],
          [key, undefined],
        ]
  if (/^remove (it|the key)\b/.test(suggestion)) return [[key, undefined]]
  const written = /^write (.+)$/.exec(suggestion)?.[1]
  try {
    return written === undefined ? null : [[key, JSON.parse(written)]]
  } catch {
    return null
  }
}
