/** A plan, for people: what is to be mended, what is done for it in which order, and what is left to them. */

import type { Interruption } from '../../src/fix/interruption.ts'
import type { Plan, PlannedFix } from '../../src/fix/plan.ts'
import type { Drafts } from '../../src/fix/shell.ts'
import { toShell } from '../../src/fix/shell.ts'
import type { Step } from '../../src/model/fix.ts'
import type { Pen } from '../pen.ts'
import { pasteableLines, visible } from '../untrusted.ts'
import { count } from '../words.ts'

const INDENT = '  '

export interface PlanView {
  readonly plan: Plan
  readonly interruption: Interruption | null
  /** The content of files as they were read. */
  readonly before: (path: string) => string | undefined
}

/** One section for each thing that there is to say. */
export const planLines = (view: PlanView, pen: Pen): string[][] =>
  [
    fixesSection(view.plan, pen),
    stepsSection(view, pen),
    interruptionSection(view, pen),
    manualSection(view.plan, pen),
    leftOutSection(view.plan, pen),
    conflictSection(view.plan, pen),
  ].filter((lines) => lines.length > 0)

/** Said of a plan without steps. */
export const nothingToDo = ({ leftOut, manual, conflicts }: Plan): string =>
  leftOut.length + manual.length + conflicts.length > 0
    ? 'Nothing here can be done without you.'
    : 'Nothing is to be mended.'

function section(title: string, lines: readonly string[], pen: Pen): string[] {
  return lines.length > 0 ? [pen.paint('bold', title), ...lines] : []
}

const fixesSection = ({ fixes }: Plan, pen: Pen): string[] =>
  section(
    `To be mended: ${count(fixes.length, 'finding')}`,
    fixes.flatMap((fix) => fixLines(fix, pen)),
    pen,
  )

function fixLines({ finding, message, summary, needs }: PlannedFix, pen: Pen): string[] {
  const cost = needs === 'disruptive' ? ' (disruptive)' : ''
  return [
    ...pen.lines(visible(message), { lead: `${INDENT}- ` }),
    ...pen.lines(`${visible(finding)}: ${visible(summary)}${cost}`, { lead: INDENT.repeat(2), style: 'dim' }),
  ]
}

function stepsSection({ plan, before }: PlanView, pen: Pen): string[] {
  const drafts: Drafts = new Map()
  const groups = grouped(plan.steps.map(({ step }) => step))
  const lines = groups.flatMap((steps, index) => {
    const shell = toShell({ summary: '', risk: 'safe', steps }, before, drafts)
    const lead = `${INDENT}${String(index + 1).padStart(String(groups.length).length)}  `
    return pasteableLines(shell).map((line, at) => (at === 0 ? lead : ' '.repeat(lead.length)) + line)
  })
  return section('What is done, in this order', lines, pen)
}

/** Edits of one JSON file that follow each other are shown as their result. */
function grouped(steps: readonly Step[]): readonly (readonly Step[])[] {
  const groups: Step[][] = []
  for (const step of steps) {
    const last = groups.at(-1)
    const [other] = last ?? []
    const isSame = step.kind === 'json' && other?.kind === 'json' && other.path === step.path
    if (last && isSame) last.push(step)
    else groups.push([step])
  }
  return groups
}

function interruptionSection({ interruption }: PlanView, pen: Pen): string[] {
  if (!interruption) return []
  const { containers, liveRestore } = interruption
  if (containers === 0) return pen.lines('The engine is restarted; no container runs.')
  return pen.lines(
    liveRestore
      ? `The engine is restarted; live-restore keeps ${count(containers, 'container')} running.`
      : `The engine is restarted: ${count(containers, 'container')} that ${containers === 1 ? 'runs is' : 'run are'} stopped. Those with a restart policy start again.`,
    { lead: '! ', leadStyle: 'yellow' },
  )
}

function manualSection({ fixes, manual }: Plan, pen: Pen): string[] {
  const besides = [...fixes, ...manual].filter(({ byHand }) => byHand.length > 0)
  const lines = besides.flatMap(({ finding, message, byHand }) => [
    ...pen.lines(visible(message), { lead: `${INDENT}- ` }),
    ...pen.lines(visible(finding), { lead: INDENT.repeat(2), style: 'dim' }),
    ...byHand.flatMap((step) => pen.lines(visible(inWords(step)), { lead: INDENT.repeat(2) })),
  ])
  return section('By hand', lines, pen)
}

/** A step that a person carries out. */
function inWords(step: Step): string {
  if (step.kind === 'manual') return step.text
  if (step.kind === 'relogin') return `Log out and in again as ${step.user}.`
  if (step.kind === 'reboot') return 'Reboot.'
  return toShell({ summary: '', risk: 'manual', steps: [step] })
}

const leftOutSection = ({ leftOut }: Plan, pen: Pen): string[] =>
  section(
    'Not touched',
    leftOut.flatMap(({ finding, why }) =>
      pen.lines(`${visible(finding)}: ${visible(why)}`, { lead: `${INDENT}- ` }),
    ),
    pen,
  )

const conflictSection = ({ conflicts }: Plan, pen: Pen): string[] =>
  section(
    'Refused: two findings want different things',
    conflicts.flatMap(({ target, between: [one, other] }) =>
      pen.lines(`${visible(target)}: ${visible(one)} and ${visible(other)}. Name the one to mend.`, {
        lead: `${INDENT}- `,
      }),
    ),
    pen,
  )
