/** A plan as a program that runs later and elsewhere: what its renderings, as a script and as a playbook, have in common. */
import { createHash } from 'node:crypto'
import {
  fix,
  isTurn,
  type JsonStep,
  type ManualStep,
  type RebootStep,
  type ReloginStep,
  type Step,
} from '../model/fix.ts'
import { type Drafted, Drafts, type Guard } from './drafts.ts'
import type { Plan, PlannedStep } from './plan.ts'
import { type ContentBefore, toShell } from './shell.ts'

/** What a rendering tells of itself, and what it needs of the run that the plan comes from. */
export interface About {
  /** The host that it was made for. */
  readonly host: string
  /** Of this tool. */
  readonly version: string
  /** When the host was examined, RFC 3339. */
  readonly at: string
  readonly before: ContentBefore
}

/** What a step of a program does. An edit of JSON is the whole file by now, as no tool that edits JSON can be counted on. */
export type Action = Exclude<Step, JsonStep | ManualStep | ReloginStep | RebootStep>

export interface Why {
  readonly finding: string
  readonly message: string
}
export interface Block {
  readonly action: Action
  readonly why: readonly Why[]
  /** Of a removal: the content that the file was read with. A file that holds another, such as a pid file written since, stays. */
  readonly was?: string
  /** Of a restart or reload: when it is needed. */
  readonly turn?: Turn
}
export interface Turn {
  /** Blocks, by number, after a change of which it is needed. */
  readonly after: readonly number[]
  /** It is the cure itself: some finding has no other step. */
  readonly isCure: boolean
}
export interface ByHand extends Why {
  /** What to do, in sentences. */
  readonly texts: readonly string[]
}

export interface Program {
  /** Names this plan for this host at this time; twelve hexadecimal digits. */
  readonly id: string
  readonly blocks: readonly Block[]
  readonly guards: readonly Guard[]
  /** Files that are changed in place. None may be a symbolic link that leads out of its folder. */
  readonly edited: readonly string[]
  readonly byHand: readonly ByHand[]
}

/** Why a rendering cannot express an action; null where it can. */
export type Obstacle = (action: Action) => string | null

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

/** @param obstacle a finding whose cure meets one is left to a person as a whole */
export function programOf(plan: Plan, about: About, obstacle: Obstacle = () => null): Program {
  const refused = refusals(plan.steps, about.before, obstacle)
  const drafts = new Drafts(about.before)
  const drafted: PlannedAction[] = []
  for (const { step, for: all } of plan.steps) {
    const findings = all.filter((finding) => !refused.has(finding))
    const action = findings.length > 0 ? drafts.actionOf(step) : null
    if (action === null) continue
    const same = drafted.findIndex((one) => one.key === action.key)
    const earlier = drafted[same]
    if (earlier) drafted[same] = { ...action, for: [...new Set([...earlier.for, ...findings])] }
    else drafted.push({ ...action, for: findings })
  }
  const why = whyOf(plan)
  return {
    id: sha256(JSON.stringify([about.host, about.at, plan.steps])).slice(0, 12),
    blocks: drafted.map((one, index) => ({
      action: one.action,
      why: one.for.map(why),
      ...(one.was === undefined ? {} : { was: one.was }),
      ...turnOf(one, drafted.slice(0, index)),
    })),
    guards: drafts.guards(),
    edited: drafts.edited(),
    byHand: byHandOf(plan, refused),
  }
}

interface PlannedAction extends Drafted {
  readonly for: readonly string[]
}

/** Why findings cannot be cured by a program, by finding. */
function refusals(
  steps: readonly PlannedStep[],
  before: ContentBefore,
  obstacle: Obstacle,
): Map<string, readonly string[]> {
  const drafts = new Drafts(before)
  const refused = new Map<string, string[]>()
  for (const { step, for: findings } of steps) {
    const reason = drafts.refusal(step)
    const action = reason === null ? drafts.actionOf(step) : null
    const text = reason ?? (action && obstacle(action.action))
    if (text === null) continue
    for (const finding of findings) refused.set(finding, [...(refused.get(finding) ?? []), text])
  }
  return refused
}

function turnOf(
  { action, for: findings }: PlannedAction,
  earlier: readonly PlannedAction[],
): { turn?: Turn } {
  if (!isTurn(action)) return {}
  const own = findings.map((finding) =>
    earlier.flatMap((one, index) => (one.for.includes(finding) ? [index] : [])),
  )
  const after = [...new Set(own.flat())].sort((a, b) => a - b)
  return { turn: { after, isCure: own.some((blocks) => blocks.length === 0) } }
}

function whyOf({ fixes }: Plan): (finding: string) => Why {
  const messages = new Map(fixes.map(({ finding, message }) => [finding, message]))
  return (finding) => ({ finding, message: messages.get(finding) ?? '' })
}

function byHandOf({ fixes, manual }: Plan, refused: ReadonlyMap<string, readonly string[]>): ByHand[] {
  return [...fixes, ...manual].flatMap(({ finding, message, summary, byHand }) => {
    const texts = byHand.map(inWords)
    const reasons = refused.get(finding)
    if (reasons) return [{ finding, message, texts: [`${summary}: ${reasons.join(' ')}`, ...texts] }]
    return texts.length > 0 ? [{ finding, message, texts }] : []
  })
}

/** What a person does, in a sentence. A step of another kind rests on what they did before. */
function inWords(step: Step): string {
  switch (step.kind) {
    case 'manual':
      return step.text
    case 'reboot':
      return 'Reboot the host: the change takes effect at the next boot.'
    case 'relogin':
      return `Log in again as ${step.user}: a session keeps the groups that it began with.`
    default:
      return `Then, once this is done: ${toShell(fix('', step))}`
  }
}
