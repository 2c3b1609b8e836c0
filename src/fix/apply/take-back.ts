/** Takes back what a run did, newest first, by its journal. */
import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { createTwoFilesPatch } from 'diff'
import type { Argv, Deed, PathDeed, ProgramDeed } from './deed.ts'
import { endedWell, moveTo, saying } from './do-deed.ts'
import { isEngineConfiguration, objectionTo } from './engine-configuration.ts'
import { contentFile, type Event, type Journal, keptContent } from './journal.ts'
import { inOneLine } from './path-deeds.ts'
import { look, type PathState, sameState } from './path-state.ts'
import { runProgram, succeeds, TIMEOUTS_MS } from './program.ts'
import { codeOf, Refused, wordsOf } from './refused.ts'
import { put } from './write.ts'

/** A deed of a run, and how far it came. */
export interface Past {
  readonly n: number
  readonly deed: Deed
  readonly done: Extract<Event, { event: 'done' }> | null
  /** It ended, and not well. What is neither done nor failed was cut off. */
  readonly hasFailed: boolean
}
type ProgramPast = Past & { readonly deed: ProgramDeed }

/** What is not taken back yet, oldest first. */
export function standing(events: readonly Event[]): Past[] {
  const back = new Set(events.flatMap((one) => (one.event === 'takenBack' ? [one.n] : [])))
  const done = new Map(events.flatMap((one) => (one.event === 'done' ? [[one.n, one] as const] : [])))
  const failed = new Set(events.flatMap((one) => (one.event === 'failed' ? [one.n] : [])))
  return events.flatMap((one) =>
    one.event === 'deed' && !back.has(one.n)
      ? [{ n: one.n, deed: one.deed, done: done.get(one.n) ?? null, hasFailed: failed.has(one.n) }]
      : [],
  )
}

/** A target that is not as the run left it. */
export interface Changed {
  readonly what: string
  /** What changed since, as a patch or in a sentence. */
  readonly difference: string
}

interface Place {
  readonly state: string
  readonly run: string
  readonly root: string
}

/**
 * What somebody else changed since. A deed that was cut off may stand as before it or as after it.
 * @param past what stands, oldest first
 */
export async function changedSince(past: readonly Past[], place: Place): Promise<Changed[]> {
  const left = new Map(past.flatMap(leftBehind))
  const kernel = new Map(
    past.flatMap(({ deed }) => (deed.do === 'kernel' ? [[deed.path, deed] as const] : [])),
  )
  const files = [...left].map(async ([path, known]) => {
    const { state, content } = await look(path, place.root)
    const isKnown = known.some(
      (one) => sameState(state, one) || (state.type === 'folder' && one.type === 'folder'),
    )
    return isKnown
      ? []
      : [{ what: path, difference: await difference(path, known[0], state, content, place) }]
  })
  const values = [...kernel.values()].map(async ({ path, before, after }) => {
    const now = await readFile(path, 'utf8').catch(() => '')
    const known = [before, after].map(inOneLine).includes(inOneLine(now))
    return known
      ? []
      : [
          {
            what: path,
            difference: `it was left as ${inOneLine(after)}, and is ${inOneLine(now) || 'gone'} now`,
          },
        ]
  })
  return (await Promise.all([...files, ...values])).flat()
}

type States = readonly [PathState, ...PathState[]]

/** How paths stand after a deed, and how they would if it had been cut off. Of a program that was cut off nobody knows. */
function leftBehind({ deed, done }: Past): (readonly [path: string, states: States])[] {
  switch (deed.do) {
    case 'path':
      return [[deed.path, [deed.after, deed.before]]]
    case 'move':
      return [
        [deed.from, [{ type: 'absent' }, deed.what]],
        [deed.to, [deed.what, { type: 'absent' }]],
      ]
    case 'program':
      return (done?.changed ?? []).map(({ path, after }) => {
        const before = deed.changes.find((one) => one.path === path)?.before
        return [path, before ? [after, before] : [after]]
      })
    default:
      return []
  }
}

async function difference(
  path: string,
  expected: PathState,
  now: PathState,
  content: Buffer | null,
  { state, run }: Place,
): Promise<string> {
  if (expected.type !== 'file' || content === null || now.type !== 'file')
    return `it was ${inWords(expected)}, and is ${inWords(now)} now`
  if (expected.sha256 === now.sha256) return `it was ${inWords(expected)}, and is ${inWords(now)} now`
  const left = await keptContent(state, run, expected.sha256).catch(() => Buffer.alloc(0))
  return createTwoFilesPatch(
    path,
    path,
    left.toString('utf8'),
    content.toString('utf8'),
    'as it was left',
    'as it is now',
  ).trim()
}

function inWords(state: PathState): string {
  if (state.type === 'absent') return 'absent'
  if (state.type === 'link') return `a link to ${state.target}`
  const { mode, uid, gid } = state
  return `a ${state.type} of ${uid}:${gid}, mode ${mode.toString(8).padStart(4, '0')}`
}

export interface TakenBack {
  /** What could not be taken back, and why; a line each. */
  readonly left: readonly string[]
}

/** Takes back all that stands. What fails is told and does not keep the rest from being taken back. */
export async function takeBack(past: readonly Past[], journal: Journal, place: Place): Promise<TakenBack> {
  const left: string[] = []
  const takeBackOne = async (one: Past): Promise<void> => {
    try {
      const note = await undo(one, place)
      if (note) left.push(note)
      if (!isRunAgain(one)) await noteTakenBack(one, journal, note)
    } catch (error) {
      // It stands: it can be tried again, once there is room on the disk.
      left.push(`${nameOf(one.deed)}: ${wordsOf(error)}`)
    }
  }
  const newestFirst = past.toReversed()
  for (const one of newestFirst.filter((one) => !isLast(one))) await takeBackOne(one)
  const objection = await objectionToConfiguration(past)
  for (const argv of toRunAgain(past)) {
    if (objection && isRestart(argv)) {
      left.push(`${argv.join(' ')}: left out, the engine would not start again: ${objection}`)
      continue
    }
    const ran = await runProgram(argv, TIMEOUTS_MS.service)
    if (ran.exit !== 0) left.push(saying(argv, ran))
  }
  // Not before: killed in between, the running things would never follow their files.
  for (const one of past.filter(isRunAgain)) await noteTakenBack(one, journal, null)
  for (const one of newestFirst.filter(isLast)) await takeBackOne(one)
  return { left }
}

const isLast = ({ deed }: Past): boolean => deed.do === 'program' && deed.undoLast === true
const isRunAgain = ({ deed }: Past): boolean => deed.do === 'program' && deed.again === true

/** What cannot be noted is found as it was before, should it be taken back once more. */
const noteTakenBack = ({ n }: Past, journal: Journal, note: string | null): Promise<void> =>
  journal.write({ event: 'takenBack', n, ...(note ? { note } : {}) }).catch(() => undefined)

const nameOf = (deed: Deed): string =>
  deed.do === 'program' ? deed.argv.join(' ') : deed.do === 'move' ? deed.from : deed.path

async function undo(past: Past, place: Place): Promise<string | null> {
  const { deed } = past
  switch (deed.do) {
    case 'path':
      return restore(deed, place)
    case 'kernel': {
      // One that could not be written is as it was, and cannot be written now either.
      const now = await readFile(deed.path, 'utf8')
      if (inOneLine(now) !== inOneLine(deed.before)) await writeFile(deed.path, `${deed.before}\n`)
      return null
    }
    case 'move': {
      const { state } = await look(deed.to, place.root)
      const isMoved = state.type !== 'absent' && (await look(deed.from, place.root)).state.type === 'absent'
      if (isMoved) await moveTo({ from: deed.to, to: deed.from }, place.root)
      return null
    }
    case 'program':
      return undoProgram({ ...past, deed }, place)
    default:
      return deed satisfies never
  }
}

async function restore(
  { path, before }: Pick<PathDeed, 'path' | 'before'>,
  place: Place,
): Promise<string | null> {
  const { state, isEmpty } = await look(path, place.root)
  if (before.type === 'absent' && state.type === 'folder' && !isEmpty)
    return `${path}: others have put something into this folder; it stays`
  // What stands as it was may be where nothing can be written now; at most what was being written beside it is left to be cleared.
  await put(path, before, await contentOf(before, place), place.root).catch((error: unknown) => {
    if (!sameState(state, before)) throw error
  })
  return null
}

async function contentOf(before: PathState, { state, run }: Place): Promise<Uint8Array | null> {
  if (before.type !== 'file') return null
  return keptContent(state, run, before.sha256).catch((error: unknown) => {
    throw codeOf(error) === 'ENOENT' ? new Refused(GONE) : error
  })
}

const GONE = 'what the run kept for this is gone'

async function undoProgram(past: ProgramPast, place: Place): Promise<string | null> {
  const { deed, done } = past
  const argv = done?.undo === undefined ? deed.undo : done.undo
  const notes: string[] = done?.note ? [done.note] : []
  if (argv && deed.undoOnlyIf && !(await succeeds(deed.undoOnlyIf))) return null
  const trouble = argv ? await ranBack(argv, past, place) : nothingTakesBack(past)
  if (trouble !== null) notes.push(trouble)
  for (const change of deed.changes) {
    const note = await restore(change, place)
    if (note) notes.push(note)
  }
  return notes.join('; ') || null
}

/** One that was cut off may have done its work in part: what takes it back is tried, and what it says does not count. */
async function ranBack(
  argv: Argv,
  { deed, done }: ProgramPast,
  { state, run }: Place,
): Promise<string | null> {
  const input = deed.undoReads && contentFile(state, run, deed.undoReads)
  if (input && !existsSync(input)) return `${argv.join(' ')}: ${GONE}`
  const ran = await runProgram(argv, deed.timeoutMs, input)
  return !endedWell(deed, ran) && done ? saying(argv, ran) : null
}

/** One that failed has been named, with what it said. */
function nothingTakesBack({ deed, done, hasFailed }: ProgramPast): string | null {
  if (deed.again || deed.changes.length > 0 || done?.undo === null) return null
  if (done) return `${deed.argv.join(' ')}: nothing takes this back`
  return hasFailed
    ? null
    : `${deed.argv.join(' ')}: it was cut off, and nothing takes back what it had done by then`
}

/** The engine may have run on with a file that it would refuse: then it is not stopped for it. */
async function objectionToConfiguration(past: readonly Past[]): Promise<string | null> {
  const paths = past.flatMap(({ deed }) =>
    deed.do === 'path' && isEngineConfiguration(deed.path) ? [deed.path] : [],
  )
  for (const path of new Set(paths)) {
    const objection = await objectionTo(path)
    if (objection) return `${path}, ${objection}`
  }
  return null
}

const isRestart = (argv: Argv): boolean => argv.includes('docker') && argv.includes('restart')

/** What has running things follow their files: once each, in the order of the run. */
function toRunAgain(past: readonly Past[]): Argv[] {
  const all = past.flatMap(({ deed }) => (deed.do === 'program' && deed.again ? [deed.argv] : []))
  const last = new Map(all.map((argv, index) => [JSON.stringify(argv), index]))
  return all.filter((argv, index) => last.get(JSON.stringify(argv)) === index)
}
