import { ConfigFile } from './config-file.ts'
import type { HostContext } from './context.ts'
import { decode } from './decode.ts'
import { positions } from './position.ts'
import type { Issue, Problem } from './problem.ts'
import { readJson } from './read-json.ts'
import { type Engine, REMOVALS, type Removals } from './removals.ts'
import { RULES } from './rules.ts'
import { NEWEST_ENGINE, parseEngineVersion } from './version.ts'

/** What a file is judged for. */
export interface LintOptions {
  /** As `parseEngineVersion` reads it; the newest known engine where it is absent. */
  readonly engineVersion?: string
  readonly host?: HostContext
  /** What engines no longer have; as known to this version where it is absent. */
  readonly removals?: Removals
}

/** What an engine would make of a file. */
export interface LintResult {
  readonly engineVersion: string
  /** Whether the engine starts with the file: no problem is a `fail`. */
  readonly accepted: boolean
  /** In the order of their places. */
  readonly problems: readonly Problem[]
}

/**
 * Judges the bytes of a daemon.json as an engine of one version would: does it start with the file, and does the file
 * mean what it says? Never throws, whatever the bytes; throws a RangeError for an engine version that cannot be read.
 */
export function lintDaemonJson(file: Uint8Array | string, options: LintOptions = {}): LintResult {
  const asked = options.engineVersion ?? NEWEST_ENGINE
  const version = parseEngineVersion(asked)
  if (version === undefined) throw new RangeError(`not an engine version: ${asked}`)
  const bytes = typeof file === 'string' ? new TextEncoder().encode(file) : file
  const engine: Engine = { ...version, removals: options.removals ?? REMOVALS }
  const { text, issues } = judge(bytes, engine, options.host ?? {})
  const at = positions(text)
  const problems = inOrder(issues).map(({ offset, ...issue }) => ({ ...issue, ...at(offset) }))
  return { engineVersion: version.text, accepted: !problems.some(({ level }) => level === 'fail'), problems }
}

function judge(bytes: Uint8Array, version: Engine, host: HostContext): { text: string; issues: Issue[] } {
  const decoded = decode(bytes, version)
  const read = readJson(decoded.text, version)
  const syntax = decoded.refused ? [] : read.issues
  const content = read.root === undefined ? [] : judgeObject(new ConfigFile(read.root, version, host))
  return { text: decoded.text, issues: [...decoded.issues, ...syntax, ...content] }
}

function judgeObject(file: ConfigFile): Issue[] {
  return RULES.flatMap((rule) => [...rule(file)])
}

/** By place, and failures first where two share one. A value that fails is not warned about as well. */
function inOrder(issues: readonly Issue[]): Issue[] {
  return [...issues].sort((a, b) => a.offset - b.offset || rank(a) - rank(b))
}

function rank(issue: Issue): number {
  return issue.level === 'fail' ? 0 : 1
}
