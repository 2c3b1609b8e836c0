/** Settings that dockerd is given twice, and which of the two to drop. */
import { defineFact, type Fact, maybe } from '../model/fact.ts'
import { dropIn, replaceLine, type Step, service, setJson } from '../model/fix.ts'
import { judgedDaemonJson } from './daemon-json-problems.ts'
import { type CommandLine, configuredCommandLine, parseFlags, runningCommandLine } from './dockerd-flags.ts'
import { engineState } from './engine.ts'

export interface FlagConflict {
  /** As in daemon.json, e.g. `hosts`. */
  readonly key: string
  /** As on the command line, e.g. `host`. */
  readonly flag: string
  readonly file: string
  /** Where the flag stands. */
  readonly origin: string
  readonly cure: { readonly keeps: string; readonly steps: readonly Step[] }
}

/** What the linter says about a setting that is given twice. */
const FLAG = /by the flag --([a-z0-9-]+)/

export const flagConflicts: Fact<readonly FlagConflict[]> = defineFact({
  name: 'flagConflicts',
  about: 'Settings that are given both as a flag of dockerd and in daemon.json.',
  needs: {
    judged: judgedDaemonJson,
    running: runningCommandLine,
    configured: configuredCommandLine,
    engine: maybe(engineState),
  },
  parse: (_, { judged, running, configured, engine }): readonly FlagConflict[] => {
    const line = configured ?? running
    if (!judged || !line) return []
    const runs = engine.known && engine.value.state === 'answers'
    const start = service('docker', runs ? 'restart' : 'start')
    const twice = judged.problems.flatMap(({ finding, key, message }) => {
      const flag = FLAG.exec(message)?.[1]
      return finding !== 'set-twice' || key === null || flag === undefined ? [] : [{ key, flag }]
    })
    // All at once: with one of them left the engine stays down.
    const dropped = withoutFlags(
      line,
      twice.map(({ flag }) => flag),
    )
    const steps = dropped ?? twice.map(({ key }) => setJson(judged.path, [key], undefined))
    const cure = { keeps: dropped ? judged.path : line.origin, steps: [...steps, start] }
    return twice.map(({ key, flag }) => ({ key, flag, file: judged.path, origin: line.origin, cure }))
  },
})

/** Takes flags off the command line where that can be done; null where the settings had better go from daemon.json. */
export function withoutFlags(line: CommandLine, flags: readonly string[]): readonly Step[] | null {
  const words = flags.reduce(dropFlag, line.words)
  if (line.assignment) {
    const { name, text } = line.assignment
    const rest = words.slice(1)
    if (rest.some((word) => /[\s"'\\$`]/.test(word))) return null
    return [replaceLine(line.origin, text, rest.length > 0 ? `${name}="${rest.join(' ')}"` : null)]
  }
  if (!line.file || words.some((word) => /[\s"'\\$%]/.test(word))) return null
  return [dropIn('docker.service', 'zz-seaworthy', `[Service]\nExecStart=\nExecStart=${words.join(' ')}\n`)]
}

/** The words without every form of a flag: `-H x`, `-Hx`, `--host x`, `--host=x`. */
function dropFlag(words: readonly string[], flag: string): readonly string[] {
  const kept: string[] = []
  for (let i = 0; i < words.length; ) {
    const [here, next] = [words[i] ?? '', words[i + 1]]
    const [alone] = parseFlags([here])
    const [pair] = next === undefined ? [alone] : parseFlags([here, next])
    const length = alone && pair && pair.value === next && alone.value !== next ? 2 : 1
    if (pair?.name !== flag || !here.startsWith('-')) kept.push(...words.slice(i, i + length))
    i += length
  }
  return kept
}
