/** What would put a problem of daemon.json right, where it can be told from the file and the linter's advice. */
import { type Problem, parseDaemonJson, setKey } from '../daemon-json/index.ts'
import { manual, type Step, setJson, writeFile } from '../model/fix.ts'
import type { JudgedFile } from './daemon-json-problems.ts'
import { type JsonRecord, recordOf } from './json.ts'

type Edits = readonly (readonly [key: readonly string[], value: unknown])[]

/** What only a person can say: whom a label names, whose ids are meant, and who may reach the engine. */
const PERSONAL = /^(?:label-without-value|no-such-user|no-such-group)$/
const isPersonal = ({ finding, key }: Problem): boolean =>
  PERSONAL.test(finding) || /^hosts\b/.test(key ?? '')

/** The steps that cure one problem: edits that keep the rest of the file, the file written anew, or advice to a person. */
export function repair(problem: Problem, file: JudgedFile): readonly Step[] {
  const edits = isPersonal(problem) ? null : editsFor(problem, file)
  if (edits && cures(edits, problem, file)) return edits.map(([key, value]) => setJson(file.path, key, value))
  const rewritten = problem.key === null ? (straightened(file) ?? rewrite(file)) : null
  if (rewritten !== null) return [writeFile(file.path, rewritten)]
  return [adviceOn(problem, file)]
}

/** What cures several problems: each is put right in what the ones before left, and what comes to light with it. */
export interface Repair {
  readonly steps: readonly Step[]
  /** Problems that only a person can put right. */
  readonly left: readonly Problem[]
}

export function repairAll(file: JudgedFile, isMeant: (problem: Problem) => boolean): Repair {
  const left: Problem[] = []
  const edits: Step[] = []
  const isLeft = ({ finding, key }: Problem): boolean =>
    left.some((one) => one.finding === finding && one.key === key)
  let now = file
  for (let round = 0; round < MOST_REPAIRS; round++) {
    const problem = now.problems.find((one) => isMeant(one) && !isLeft(one))
    if (!problem) break
    const steps = repair(problem, now)
    const text = steps.reduce(textAfter, now.text)
    if (text === now.text) left.push(problem)
    else {
      edits.push(...steps)
      now = { ...now, text, value: parseDaemonJson(text).value, problems: now.lint(text) }
    }
  }
  const isRewritten = edits.some(({ kind }) => kind === 'file')
  const advice = left.map((problem) => adviceOn(problem, now))
  return { steps: [...(isRewritten ? [writeFile(file.path, now.text)] : edits), ...advice], left }
}

/** Own choice: a file with more of them is no longer the same file. */
const MOST_REPAIRS = 64

function textAfter(text: string, step: Step): string {
  if (step.kind === 'json') return setKey(text, step.key, step.value)
  return step.kind === 'file' ? step.content : text
}

const adviceOn = ({ line, suggestion }: Problem, { path }: JudgedFile): Step =>
  manual(`In ${path}, line ${line}: ${suggestion}.`)

/** The problem is gone, and nothing that stops the engine has come in its place. */
function cures(edits: Edits, { finding, key }: Problem, file: JudgedFile): boolean {
  const text = edits.reduce((before, [path, value]) => setKey(before, path, value), file.text)
  const left = file.lint(text)
  const failures = (problems: readonly Problem[]): number =>
    problems.filter(({ level }) => level === 'fail').length
  return (
    !left.some((other) => other.finding === finding && other.key === key) &&
    failures(left) <= failures(file.problems)
  )
}

/** Quotes that are none in JSON become ones that are; single ones only where no others are there. Null where that is not all that is wrong. */
function straightened({ text, lint }: JudgedFile): string | null {
  const kinds = text.includes('"') ? /[“”„]/g : /['‘’“”„]/g
  const straight = text.replace(kinds, '"')
  return straight === text || isUnusable(lint(straight)) ? null : straight
}

const isUnusable = (problems: readonly Problem[]): boolean =>
  problems.some(({ level, key }) => level === 'fail' && key === null)

/** The same settings as clean JSON; null where too little of the file can be understood. */
function rewrite({ text, value, lint }: JudgedFile): string | null {
  if (Object.keys(value).length === 0 && text.trim() !== '') return null
  const clean = `${JSON.stringify(value, null, 2)}\n`
  return isUnusable(lint(clean)) ? null : clean
}

/** Edits of a key of the file, of a key within one, or of a list. */
function editsFor(problem: Problem, file: JudgedFile): Edits | null {
  const { key } = problem
  if (key === null) return null
  if (Object.hasOwn(file.value, key)) return editsIn(file.value, [], key, problem)
  const [, top = '', inner = ''] = /^([^.]+)\.(.+)$/.exec(key) ?? []
  const holder = Object.hasOwn(file.value, top) ? file.value[top] : undefined
  if (Array.isArray(holder)) return listEdits(holder, top, file)
  const within = recordOf(holder)
  return Object.hasOwn(within, inner) ? editsIn(within, [top], inner, problem) : null
}

/** A renamed key, a value as the linter writes it, or a key that only goes away. */
function editsIn(holder: JsonRecord, above: readonly string[], key: string, problem: Problem): Edits | null {
  const at = [...above, key]
  const renamed = /^(?:write "([a-z0-9-]+)"|call it ([a-z0-9-]+))$/.exec(problem.suggestion)
  const name = renamed?.[1] ?? renamed?.[2]
  if (name && /-(?:key|option)$/.test(problem.finding)) {
    if (Object.hasOwn(holder, name)) return null
    return [
      [[...above, name], holder[key]],
      [at, undefined],
    ]
  }
  const better = betterValue(holder[key], problem)
  return better && [[at, better.value]]
}

/** All that is wrong with a list at once, as each change moves the places of the others. */
function listEdits(list: readonly unknown[], top: string, { problems }: JudgedFile): Edits | null {
  const mended = list.flatMap((entry, index) => {
    const problem = problems.find(({ key }) => key === `${top}.${index}`)
    const better = problem && betterValue(entry, problem)
    return better ? (better.value === undefined ? [] : [better.value]) : [entry]
  })
  return [[[top], mended.length > 0 ? mended : undefined]]
}

interface Better {
  /** undefined: it only goes away. */
  readonly value: unknown
}
const GOES_AWAY: Better = { value: undefined }

/** What the linter would write; null where it names nothing that could be written. */
function betterValue(value: unknown, { key, finding, suggestion }: Problem): Better | null {
  if (/^remove (?:it|the key|"[^"]+")/.test(suggestion) || finding === 'unknown-default-runtime')
    return GOES_AWAY
  if (/^dns\./.test(key ?? '') && typeof value === 'string')
    return /^[\d.]+:\d+$/.test(value) ? { value: value.replace(/:\d+$/, '') } : GOES_AWAY
  if (suggestion === 'write true or false')
    return value === 'true' || value === 'false' ? { value: value === 'true' } : null
  const address = /^write an address\b.*\bsuch as ([\da-f.:]+\/\d+)$/.exec(suggestion)?.[1]
  if (address) return { value: address }
  const written = /^write ("[^"]*")(?:, or (?:remove|upgrade)\b| \(|$)/.exec(suggestion)?.[1]
  try {
    return { value: JSON.parse(written ?? /^write (.+)$/.exec(suggestion)?.[1] ?? '') }
  } catch {
    return null
  }
}
