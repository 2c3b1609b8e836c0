/** A new daemon.json is judged before it replaces the old one. */
import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { lintDaemonJson } from '../../daemon-json/index.ts'
import { runProgram } from './program.ts'
import { Refused } from './refused.ts'

export const isEngineConfiguration = (path: string): boolean => basename(path) === 'daemon.json'

interface Text {
  /** Where it lies, to show it to the engine. */
  readonly file: string
  readonly content: Uint8Array
}

/**
 * @param before what the file holds now; null where there is none
 * @throws {Refused} where the new text would be worse
 */
export async function judgeConfiguration(before: Text | null, after: Text): Promise<void> {
  const wasAccepted = before === null || lintDaemonJson(before.content).accepted
  const { accepted, problems } = lintDaemonJson(after.content)
  const problem = problems.find(({ level }) => level === 'fail')
  if (wasAccepted && !accepted && problem)
    throw new Refused(`the new daemon.json would be refused, line ${problem.line}: ${problem.message}`)
  const said = await refusal(after.file)
  if (said !== null && (before === null || (await refusal(before.file)) === null))
    throw new Refused(`dockerd refuses the new daemon.json: ${said}`)
}

/** Why the engine would not start with the file as it lies there; null where nothing is known against it, or it is not there. */
export async function objectionTo(file: string): Promise<string | null> {
  const content = await readFile(file).catch(() => null)
  if (content === null) return null
  const { accepted, problems } = lintDaemonJson(content)
  const problem = accepted ? undefined : problems.find(({ level }) => level === 'fail')
  return problem ? `line ${problem.line}: ${problem.message}` : refusal(file)
}

/** What the engine says against a file. Engines before 23.0 cannot be asked, and a host may have none. */
async function refusal(file: string): Promise<string | null> {
  const { exit, output } = await runProgram(['dockerd', '--validate', '--config-file', file])
  const isAnswer = exit !== null && exit !== 0 && !/unknown flag: --validate/.test(output)
  return isAnswer ? (output.split('\n').at(-1) ?? '') : null
}
