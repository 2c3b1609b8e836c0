/** The runs that are on record, and how each stands. */
import { InputError, UsageError } from '../../model/errors.ts'
import { type Event, eventsOf, openJournal, runNames } from './journal.ts'
import { type Changed, changedSince, standing, takeBack } from './take-back.ts'

/** `cutOff`: it ended in the middle. */
export type RunState = 'applied' | 'takenBack' | 'cutOff'

export interface PastRun {
  readonly run: string
  readonly state: RunState
  /** RFC 3339; empty where not even that was written. */
  readonly begunAt: string
  readonly findings: readonly string[]
  /** Deeds that stand, and the one that was under way last, for people. */
  readonly deeds: number
  readonly last: string
}

export function summaryOf(run: string, events: readonly Event[]): PastRun {
  const begin = events.find((one) => one.event === 'begin')
  const end = events.findLast((one) => one.event === 'end' || one.event === 'takingBack')
  const past = standing(events)
  const last = past.at(-1)?.deed
  const state = end?.event === 'end' ? end.outcome : 'cutOff'
  return {
    run,
    state,
    begunAt: begin?.at ?? '',
    findings: begin?.findings ?? [],
    deeds: past.length,
    last: last
      ? last.do === 'program'
        ? last.argv.join(' ')
        : last.do === 'move'
          ? last.from
          : last.path
      : '',
  }
}

export async function pastRuns(state: string): Promise<PastRun[]> {
  return Promise.all((await runNames(state)).map(async (run) => summaryOf(run, await eventsOf(state, run))))
}

/** The newest run that ended in the middle. */
export const cutOffRun = async (state: string): Promise<PastRun | undefined> =>
  (await pastRuns(state)).findLast((run) => run.state === 'cutOff')

export type Undone =
  | { readonly outcome: 'undone'; readonly run: string; readonly left: readonly string[] }
  | { readonly outcome: 'refused'; readonly run: string; readonly changed: readonly Changed[] }

/**
 * Takes a run back: the named one, or the newest that stands. What could not be taken back the last time is tried again where it is named.
 * @throws {UsageError} for a name that is none; {InputError} where nothing stands
 */
export async function undoRun(state: string, root: string, name: string | undefined): Promise<Undone> {
  const runs = await pastRuns(state)
  const found =
    name === undefined
      ? runs.findLast((run) => run.state !== 'takenBack')
      : runs.find(({ run }) => run === name)
  if (!found && name !== undefined) {
    const known = runs.map(({ run }) => run).join(', ') || 'there are none'
    throw new UsageError(`--undo expects the name of a run; got ${JSON.stringify(name)} (known: ${known})`)
  }
  if (!found) throw new InputError('no run of seaworthy fix stands that could be taken back')
  if (found.state === 'takenBack' && found.deeds === 0)
    throw new InputError(`run ${found.run} is taken back already`)
  const { run } = found
  const past = standing(await eventsOf(state, run))
  const place = { state, run, root }
  const changed = await changedSince(past, place)
  if (changed.length > 0) return { outcome: 'refused', run, changed }
  const journal = await openJournal(state, run)
  try {
    await journal.write({ event: 'takingBack', at: new Date().toISOString() })
    const { left } = await takeBack(past, journal, place)
    await journal.write({ event: 'end', at: new Date().toISOString(), outcome: 'takenBack' })
    return { outcome: 'undone', run, left }
  } finally {
    await journal.close()
  }
}
