/** Renders a plan as an Ansible playbook: native modules, and a second run changes nothing but what a restart alone cures. */
import { environmentFor, type Task, text } from './ansible/task.ts'
import { lookForManagers, tasksOf } from './ansible/tasks.ts'
import { data, type Yaml, yamlOf } from './ansible/yaml.ts'
import { namesIn, unfitName } from './names.ts'
import type { Plan } from './plan.ts'
import { type About, type Action, type Block, type Program, programOf, sha256, type Turn } from './program.ts'
import { comment } from './shell.ts'

/** The whole playbook, of one play. What it cannot do is told at its end, for a person. */
export function playbookOf(plan: Plan, about: About): string {
  const program = programOf(plan, about, inexpressible)
  const cures = program.blocks.flatMap((block, index) => blockTasks(block, index, program))
  const tasks = [...guards(program), ...lookForManagers(cures), ...cures, ...byHand(program)]
  const play: Yaml = {
    name: data(`Make ${oneLine(about.host)} fit to carry containers`),
    hosts: 'all',
    become: true,
    gather_facts: false,
    ...environmentFor(tasks),
    tasks,
  }
  return yamlOf([play], header(about))
}

const header = ({ host, version, at }: About): string =>
  [
    comment(
      `What seaworthy ${version} proposed for ${host} on ${at}. Read it, then run it for that host alone:`,
    ),
    '#   ansible-playbook -i HOST, playbook.yml',
    '# It needs the collections ansible.posix and community.general, which the package ansible has.',
  ].join('\n')

/** Modules put variables of the environment into paths and arguments, some of them twice, and a home in place of a `~`. */
function inexpressible(action: Action): string | null {
  const expanded =
    namesIn(action).find((name) => name.includes('$') || name.startsWith('~')) ??
    argumentsOf(action).find((word) => word.startsWith('~'))
  return expanded === undefined
    ? unfitName(action)
    : `Ansible would put something else in the place of ${JSON.stringify(expanded)}; the script of --format shell does it.`
}

/** Words that are passed on with each `$` made safe. */
function argumentsOf(action: Action): readonly string[] {
  if (action.kind === 'command') return [action.argv, action.unless ?? [], action.onlyIf ?? []].flat()
  return action.kind === 'iptables' || action.kind === 'nft' ? action.rule : []
}

const oneLine = (message: string): string => message.replace(/\s+/g, ' ').trim()

/** Before anything is touched: files that have changed since, and links that lead elsewhere. */
function guards({ guards: files, edited }: Program): Task[] {
  const links: Task[] = [
    {
      name: 'Look for symbolic links among the files that are changed',
      'ansible.builtin.stat': { path: '{{ item }}' },
      loop: edited.map(text),
      register: 'seaworthy_links',
    },
    {
      name: 'Nothing is touched where one leads out of its folder',
      'ansible.builtin.assert': {
        that: ["not item.stat.islnk | default(false) or '/' not in item.stat.lnk_target"],
        fail_msg:
          "{{ item.item }} is a symbolic link to {{ item.stat.lnk_target | default('') }}: nothing was touched",
        quiet: true,
      },
      loop: '{{ seaworthy_links.results }}',
      loop_control: { label: '{{ item.item }}' },
    },
  ]
  const contents: Task[] = [
    {
      name: 'Look at the files that were read for this plan',
      'ansible.builtin.stat': { path: '{{ item.path }}', checksum_algorithm: 'sha256', follow: true },
      loop: files.map(({ path, allowed }) => ({
        path: text(path),
        allowed: allowed.map((content) => (content === null ? 'none' : sha256(content))),
      })),
      loop_control: { label: '{{ item.path }}' },
      register: 'seaworthy_files',
    },
    {
      name: 'Nothing is touched where one has changed since',
      'ansible.builtin.assert': {
        that: ["item.stat.checksum | default('none') in item.item.allowed"],
        fail_msg:
          '{{ item.item.path }} has changed since it was read: nothing was touched; ask seaworthy for a new plan',
        quiet: true,
      },
      loop: '{{ seaworthy_files.results }}',
      loop_control: { label: '{{ item.item.path }}' },
    },
  ]
  return [...(edited.length > 0 ? links : []), ...(files.length > 0 ? contents : [])]
}

function blockTasks(block: Block, index: number, { blocks }: Program): Task[] {
  const { why, turn } = block
  const findings = why.map(({ finding }) => oneLine(finding)).join(', ')
  const again = isEndless(block, blocks.slice(0, index)) ? ' (done by each run)' : ''
  const name = data(`${findings}: ${oneLine(why[0]?.message ?? '')}${again}`)
  const isAskedFor = blocks.some((other) => other.turn?.after.includes(index))
  return registered(block, index, blocks).map(({ task, register }) => ({
    name,
    ...(isAskedFor ? withRegister(task, register) : task),
    ...(turn ? { when: [...turnedBy(turn, blocks), ...conditionsOf(task)] } : {}),
  }))
}

/** Nobody can ask the host whether it is needed still. What one run stops it starts again. */
function isEndless({ action, turn }: Block, earlier: readonly Block[]): boolean {
  if (turn) return turn.isCure
  if (action.kind === 'command') return !action.unless && !action.onlyIf
  if (action.kind !== 'service') return false
  return action.action === 'stop' || (action.action === 'start' && earlier.some(stops(action.name)))
}

const stops =
  (name: string) =>
  ({ action }: Block): boolean =>
    action.kind === 'service' && action.action === 'stop' && action.name === name

/** The tasks of a block, each with the name under which its outcome is known. */
function registered({ action, was }: Block, index: number, blocks: readonly Block[]) {
  const isReplaced =
    action.kind === 'remove' &&
    blocks.some(({ action: other }) => other.kind === 'file' && other.path === action.path)
  const removal = { isReplaced, ...(was === undefined ? {} : { was }) }
  return tasksOf(action, `step_${index}`, removal).map((task, part) => ({
    task,
    register: typeof task.register === 'string' ? task.register : `step_${index}_task_${part}`,
  }))
}

/** Of a block and its rescue the one that ran last tells. */
function withRegister(task: Task, register: string): Task {
  const inner = (part: string) => {
    const tasks = task[part]
    return Array.isArray(tasks) ? { [part]: tasks.map((one: Task) => withRegister(one, register)) } : {}
  }
  return 'block' in task ? { ...task, ...inner('block'), ...inner('rescue') } : { ...task, register }
}

const conditionsOf = ({ when }: Task): readonly Yaml[] =>
  when === undefined ? [] : Array.isArray(when) ? when : [when]

/** A service is turned after a change; always where that is the cure itself. */
function turnedBy({ after, isCure }: Turn, blocks: readonly Block[]): string[] {
  if (isCure) return []
  // What each run does anyway is no reason: it would turn the service each time.
  const telling = after.filter((index) => {
    const block = blocks[index]
    return block && !isEndless(block, blocks.slice(0, index))
  })
  const changes = (telling.length > 0 ? telling : after).flatMap((index) => {
    const block = blocks[index]
    return block ? registered(block, index, blocks).map(({ register }) => `${register} is changed`) : []
  })
  return [changes.join(' or ')]
}

const byHand = ({ byHand: left }: Program): Task[] =>
  left.map(({ finding, message, texts }) => ({
    name: data(`Left to you: ${oneLine(finding)}: ${oneLine(message)}`),
    'ansible.builtin.debug': { msg: texts.map(text) },
  }))
