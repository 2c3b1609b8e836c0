/** Tasks of a playbook. */
import { data, type Yaml } from './yaml.ts'

/** One module and its arguments, and when it is needed. It has no name yet. */
export interface Task {
  readonly [word: string]: Yaml
}

/** A path or name is a text that no module may take for something else. */
export const text = data

/** The word that stands for a `$`: the command module puts variables of the environment into its arguments. */
const DOLLAR = 'SEAWORTHY_DOLLAR'
/** What tasks need in their environment. */
export const environmentFor = (tasks: readonly Task[]): Task =>
  JSON.stringify(tasks).includes(DOLLAR) ? { environment: { [DOLLAR]: '$' } } : {}

export const argvOf = (argv: readonly string[]): Yaml =>
  argv.map((word) => data(word.replaceAll('$', `\${${DOLLAR}}`)))

export const command = (argv: readonly string[], more: Task = {}): Task => ({
  'ansible.builtin.command': { argv: argvOf(argv) },
  ...more,
})

/** Looks and changes nothing: `register.rc` tells. */
export const ask = (argv: readonly string[], register: string): Task =>
  command(argv, { register, changed_when: false, failed_when: false, check_mode: false })

/** What was asked: it succeeded, or not. */
export const held = (register: string): string => `${register}.rc | default(1) == 0`
export const failed = (register: string): string => `${register}.rc | default(1) != 0`
