import { explainSyntax } from './explain-syntax.ts'
import { type ParsedJson, parseJson } from './json-parser.ts'
import type { JsonObject } from './json-tree.ts'
import { fail, type Issue, show, warn } from './problem.ts'
import { parseTolerantly } from './tolerant-parser.ts'
import { atLeast, type EngineVersion } from './version.ts'

/** The object that a text holds, and what is wrong with the text as JSON. */
export interface ReadJson {
  /** Undefined where the file sets nothing, or nothing can be made of it. */
  readonly root?: JsonObject
  readonly issues: readonly Issue[]
}

/** From here on the whole text must be one value, after outer white space has been cut; before, only the first value counts. */
const WHOLE_TEXT = '23.0'

/**
 * Reads a text as the engine does (`json.Unmarshal` from 23.0 on, a `json.Decoder` before). After a syntax error the
 * rest is read as it was meant, so that all that is wrong can be said at once.
 */
export function readJson(text: string, version: EngineVersion): ReadJson {
  const whole = atLeast(version, WHOLE_TEXT)
  if (whole && trimmed(text, 0) === '') return { issues: [] }
  const [start, end] = whole ? bounds(text) : [0, text.length]
  const parsed = parseJson(text, start, end, !whole)
  if (parsed.error !== undefined) return afterError(text, parsed)
  const rest = whole ? [] : [...afterFirst(text, parsed.end)]
  if (parsed.root?.kind === 'object') return { root: parsed.root, issues: rest }
  return { issues: [...topLevel(parsed), ...rest] }
}

function afterError(text: string, { error }: ParsedJson): ReadJson {
  if (error === undefined) return { issues: [] }
  const issue = explainSyntax(text, error)
  const issues = [issue]
  const meant = MEANT_PLAINLY.has(issue.finding) ? parseTolerantly(text) : undefined
  return meant?.kind === 'object' ? { root: meant, issues } : { issues }
}

/** Mistakes that leave no doubt about the rest of the file. */
const MEANT_PLAINLY = new Set(['comment', 'extra-comma', 'missing-comma', 'trailing-comma'])

/** What Go's bytes.TrimSpace cuts: Unicode white space, the no-break space included. */
const OUTER = /[\t\n\v\f\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/

function bounds(text: string): [number, number] {
  let start = 0
  let end = text.length
  while (start < end && OUTER.test(text.charAt(start))) start += 1
  while (end > start && OUTER.test(text.charAt(end - 1))) end -= 1
  return [start, end]
}

function trimmed(text: string, from: number): string {
  const [start, end] = bounds(text.slice(from))
  return text.slice(from + start, from + end)
}

function* afterFirst(text: string, end: number): Generator<Issue> {
  const rest = text.slice(end)
  if (rest.trim() === '') return
  const offset = end + rest.length - rest.trimStart().length
  const message = `everything behind the first value is ignored without a word: ${show(rest.trim())}; engines from 23.0 on refuse the file`
  const again = rest.trimStart().startsWith('{')
  const suggestion = again ? 'move the keys of both objects into one pair of braces' : 'remove it'
  yield warn({ offset }, null, again ? 'second-object' : 'text-after-end', message, suggestion)
}

const KINDS = {
  array: 'a list',
  string: 'a text',
  number: 'a number',
  boolean: 'true or false',
  null: 'null',
  object: 'an object',
}

function* topLevel({ root }: ParsedJson): Generator<Issue> {
  if (root === undefined) return
  if (root.kind === 'null') {
    yield warn(root, null, 'null-value', 'the file holds null, which is the same as no settings', 'write {}')
    return
  }
  const message = `the file holds ${KINDS[root.kind]}; a configuration is an object in braces`
  const wrapped = root.kind === 'array' && root.items.length === 1 && root.items[0]?.kind === 'object'
  yield fail(
    root,
    null,
    'not-an-object',
    message,
    wrapped ? 'remove the outer [ and ]' : 'write {"key": value}',
  )
}
