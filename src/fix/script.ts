/** Renders a plan as a script for a POSIX shell, to review and run: a second run changes nothing. */
import { unfitName } from './names.ts'
import type { Plan } from './plan.ts'
import { type About, type Action, type Block, type Program, programOf, sha256 } from './program.ts'
import { type Guarded, guarded } from './script/guarded.ts'
import { helpersFor } from './script/helpers.ts'
import { comment, quote } from './shell.ts'

/** The whole script. What it cannot do is told at its end, for a person. */
export function scriptOf(plan: Plan, about: About): string {
  const program = programOf(plan, about, unfitName)
  const body = [
    guardsOf(program),
    ...program.blocks.map((block, index) => blockOf(block, index, program)),
    byHandOf(program),
  ].filter((part) => part !== '')
  const text = body.join('\n\n')
  return `${[header(about), prelude(program, text), helpersFor(text), text].filter(Boolean).join('\n\n')}\n`
}

const header = ({ host, at, version }: About): string =>
  [
    '#!/bin/sh',
    comment(`Makes ${host} fit to carry containers: what seaworthy ${version} proposed on ${at}.`),
    '# Read it, then run it as root. A second run changes nothing.',
    '# What stands in single quotes is data.',
    '# shellcheck disable=SC2016',
    'set -eu',
    'umask 022',
    'export LC_ALL=C',
    'PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin',
  ].join('\n')

function prelude({ id }: Program, body: string): string {
  const fail = `fail() {\n    echo "$0: $1" >&2\n    exit 1\n}`
  const root = `[ "$(id -u)" = 0 ] || fail 'run this as root'`
  const state = `# What this very plan has done already, until the next boot.\nstate=/run/seaworthy-${id}\nmkdir -p "$state"`
  const scratch = `scratch=$(mktemp)\ntrap 'rm -f "$scratch"' EXIT`
  return [
    fail,
    root,
    body.includes('apt-get') ? 'export DEBIAN_FRONTEND=noninteractive' : '',
    body.includes('"$state/') ? state : '',
    /^ *(replace_line|drop_line|append_line|set_boot) /m.test(body) ? scratch : '',
  ]
    .filter(Boolean)
    .join('\n')
}

/** Before anything is touched: files that have changed since, and links that lead elsewhere. */
function guardsOf({ guards, edited }: Program): string {
  const own = edited.map((path) => `is_own ${quote(path)}`)
  const same = guards.map(({ path, allowed }) => {
    const hashes = allowed.map((content) => (content === null ? 'none' : sha256(content)))
    return `is_as_read ${[path, ...hashes].map(quote).join(' ')}`
  })
  const lines = [...own, ...same]
  return lines.length > 0
    ? `# Nothing is touched where one of these is not as it was.\n${lines.join('\n')}`
    : ''
}

function blockOf(block: Block, index: number, program: Program): string {
  const why = block.why.map(({ finding, message }) => comment(`${finding}: ${message}`))
  return [...why, ...stepsOf(block, index, program)].join('\n')
}

const BRINGS_ANEW: ReadonlySet<Action['kind']> = new Set(['remove', 'move'])

/**
 * What cannot be asked is done once; so is what takes a file away, as the cure may bring a new one of the same name. Turns of services that a change of this block asks for are noted before it, so that no failure can lose them.
 */
function stepsOf({ action, turn, was }: Block, index: number, { blocks }: Program): string[] {
  const notes = blocks.flatMap((other, at) =>
    other.turn?.after.includes(index) ? [`: >"$state/turn-${at}"`] : [],
  )
  return guarded(action, was).map((one, part) => {
    if (turn) return turned({ ...one, act: [...notes, ...one.act] }, index, turn.isCure)
    const marker = `"$state/done-${index}-${part}"`
    const isOnce = one.done === null || BRINGS_ANEW.has(action.kind)
    const done = [one.done, isOnce ? `[ -e ${marker} ]` : null].filter((condition) => condition !== null)
    return unless(done.join(' || '), [...notes, ...one.act, ...(isOnce ? [`: >${marker}`] : [])])
  })
}

/** A restart or reload: after a change, or once where it is the cure itself. */
function turned({ done, act: acts }: Guarded, index: number, isCure: boolean): string {
  const act = done === null ? acts : unless(done, acts).split('\n')
  const wanted = `[ -e "$state/turn-${index}" ]`
  const end = `rm -f "$state/turn-${index}"`
  if (!isCure) return when(wanted, [...act, end])
  const once = `# It is the cure itself: done once, until the next boot.\n`
  return `${once}${when(`${wanted} || [ ! -e "$state/cure-${index}" ]`, [...act, end, `: >"$state/cure-${index}"`])}`
}

const indented = (commands: readonly string[]): string =>
  commands.map((command) => `    ${command}`).join('\n')
const when = (condition: string, commands: readonly string[]): string =>
  `if ${condition}; then\n${indented(commands)}\nfi`
const unless = (done: string, commands: readonly string[]): string =>
  when(/ (&&|\|\|) /.test(done) ? `! { ${done}; }` : negated(done), commands)
const negated = (condition: string): string =>
  condition.startsWith('! ') ? condition.slice(2) : `! ${condition}`

function byHandOf({ byHand }: Program): string {
  const lines = byHand.flatMap(({ finding, message, texts }) => [
    `${finding}: ${message}`,
    ...texts.map((text) => `  ${text}`),
  ])
  if (lines.length === 0) return ''
  return `# What is left to a person.\nprintf '%s\\n' 'Left to you:' \\\n${lines.map((line) => `    ${quote(line)}`).join(' \\\n')}`
}
