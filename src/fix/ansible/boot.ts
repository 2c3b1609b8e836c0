/** Arguments of the kernel, by the boot loader that is found. */
import type { KernelArgumentStep } from '../../model/fix.ts'
import { ask, command, failed, held, type Task, text } from './task.ts'

const LINES = ['/boot/firmware/cmdline.txt', '/boot/cmdline.txt']
const GRUB_DEFAULTS = '/etc/default/grub'
/** Each makes GRUB's menu on some distributions. */
const MENUS = [
  { file: '/usr/sbin/update-grub', argv: ['update-grub'] },
  { file: '/boot/grub2/grub.cfg', argv: ['grub2-mkconfig', '-o', '/boot/grub2/grub.cfg'] },
  { file: '/usr/bin/grub-mkconfig', argv: ['grub-mkconfig', '-o', '/boot/grub/grub.cfg'] },
]

const existing = ['line_0', 'line_1', 'grub_0']

export const bootTasks = (step: KernelArgumentStep, id: string): Task[] => [
  ...grubby(step, id),
  ...edited(LINES, linePatterns(step), id, 'line'),
  ...edited([GRUB_DEFAULTS], grubPatterns(step), id, 'grub'),
  ...MENUS.map(({ file, argv }) => ({
    'ansible.builtin.command': { argv, removes: file },
    when: `${id}_grub is changed`,
  })),
  ...menuTells(step, id),
  {
    'ansible.builtin.debug': {
      msg: `No boot loader is known here: ${step.remove ? 'remove' : 'add'} the kernel argument ${step.argument} by hand.`,
    },
    when: [failed(id), ...existing.map((name) => `not ${id}_${name}.stat.exists`)],
  },
]

interface Patterns {
  readonly regexp: string
  readonly replace: string
}

const word = (argument: string): string => argument.replace(/[.+]/g, '\\$&')

function grubby({ argument, remove }: KernelArgumentStep, id: string): Task[] {
  const isIn = `(^|[\\s"])${word(argument)}($|[\\s"])`
  const lines = `${id}.stdout_lines | default([]) | select('match', '^args=')`
  const wrong = remove ? `${lines} | select('search', pattern)` : `${lines} | reject('search', pattern)`
  return [
    ask(['grubby', '--info=ALL'], id),
    command(['grubby', '--update-kernel=ALL', `${remove ? '--remove-args' : '--args'}=${argument}`], {
      vars: { pattern: text(isIn) },
      when: [held(id), `${wrong} | list | length > 0`],
    }),
  ]
}

/** Of each of these files that is there; not where grubby does it. */
function edited(paths: readonly string[], patterns: readonly Patterns[], id: string, name: string): Task[] {
  return paths.flatMap((path, at) => [
    { 'ansible.builtin.stat': { path }, register: `${id}_${name}_${at}` },
    ...patterns.map(({ regexp, replace }) => ({
      'ansible.builtin.replace': { path, regexp: text(regexp), replace: text(replace) },
      when: [failed(id), `${id}_${name}_${at}.stat.exists`],
      register: `${id}_${name}`,
    })),
  ])
}

/** The first line holds them all. */
const linePatterns = ({ argument, remove }: KernelArgumentStep): Patterns[] => {
  const whole = `${word(argument)}(?!\\S)`
  return remove
    ? [{ regexp: `[ \\t]+${whole}|\\A${whole}[ \\t]*`, replace: '' }]
    : [{ regexp: `\\A(?!(?:.*\\s)?${whole})([^\\n]*\\S)`, replace: `\\g<1> ${argument}` }]
}

const ASSIGNED = '[ \\t]*(?:export[ \\t]+)?GRUB_CMDLINE_LINUX'
/** A value in quotes that holds none and no escape, or a bare word; and what may stand behind it. */
const PLAIN = '(?:(["\'])([^"\'\\\\$`\\n]*)\\2|([\\w.,:/@%+=-]*))([ \\t]*|[ \\t]+#.*)$'

/** `GRUB_CMDLINE_LINUX="quiet splash"`; written where it is missing. What is not written plainly stays: the menu tells. */
function grubPatterns({ argument, remove }: KernelArgumentStep): Patterns[] {
  const whole = `${word(argument)}(?![^\\s"'])`
  if (remove) {
    const settings = `^(${ASSIGNED}(?:_DEFAULT)?=.*?)`
    return [{ regexp: `${settings}(?:[ \\t]+${whole}|(?<=["'=])${whole}[ \\t]*)`, replace: '\\g<1>' }]
  }
  return [
    { regexp: `\\A(?![\\s\\S]*^${ASSIGNED}=)`, replace: 'GRUB_CMDLINE_LINUX=""\n' },
    {
      regexp: `^(${ASSIGNED}=)(?!(?:.*[ \\t"'=])?${whole})${PLAIN}`,
      replace: `\\g<1>"\\g<3>\\g<4> ${argument}"\\g<5>`,
    },
  ]
}

/** Another file may set the arguments once more, and a value may be of a form that is left alone. */
function menuTells({ argument, remove }: KernelArgumentStep, id: string): Task[] {
  const line = `^[[:space:]]*linux.*[[:space:]]${word(argument)}([[:space:]]|$)`
  const menu = `${id}_menu`
  const [has, by] = remove ? ['still has', 'Remove it'] : ['lacks', 'Add it']
  return [
    ask(['grep', '-qsE', '-e', line, '/boot/grub/grub.cfg', '/boot/grub2/grub.cfg'], menu),
    {
      'ansible.builtin.debug': {
        msg: `Left to you: GRUB's menu ${has} the kernel argument ${argument}. ${by} by hand.`,
      },
      when: [failed(id), `${id}_grub_0.stat.exists`, remove ? held(menu) : failed(menu)],
    },
  ]
}
