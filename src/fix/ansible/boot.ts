/** Arguments of the kernel, by the boot loader that is found. */
import type { KernelArgumentStep } from '../../model/fix.ts'
import { ask, command, failed, held, type Task, text } from './task.ts'

/** Where the arguments are written, where there is no grubby. The first that is there counts: Raspberry Pi OS keeps a notice at the old place. */
const FILES = [
  { name: 'line_0', path: '/boot/firmware/cmdline.txt' },
  { name: 'line_1', path: '/boot/cmdline.txt' },
  { name: 'grub', path: '/etc/default/grub' },
] as const
/** Each makes GRUB's menu on some distributions. */
const MENUS = [
  { file: '/usr/sbin/update-grub', argv: ['update-grub'] },
  { file: '/boot/grub2/grub.cfg', argv: ['grub2-mkconfig', '-o', '/boot/grub2/grub.cfg'] },
  { file: '/usr/bin/grub-mkconfig', argv: ['grub-mkconfig', '-o', '/boot/grub/grub.cfg'] },
]

export const bootTasks = (step: KernelArgumentStep, id: string): Task[] => [
  ...grubby(step, id),
  ...FILES.map(({ name, path }) => ({ 'ansible.builtin.stat': { path }, register: `${id}_${name}_file` })),
  ...FILES.flatMap((file) => edited(file, step, id)),
  ...MENUS.map(({ file, argv }) => ({
    'ansible.builtin.command': { argv, removes: file },
    when: `${id}_grub is changed`,
  })),
  ...menuTells(step, id),
  {
    'ansible.builtin.debug': {
      msg: `No boot loader is known here: ${step.remove ? 'remove' : 'add'} the kernel argument ${step.argument} by hand.`,
    },
    when: [failed(id), ...FILES.map(({ name }) => `not ${id}_${name}_file.stat.exists`)],
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

type BootFile = (typeof FILES)[number]

/** It counts: not where grubby does it. */
const counts = (file: BootFile, id: string): string[] => [
  failed(id),
  `${id}_${file.name}_file.stat.exists`,
  ...FILES.slice(0, FILES.indexOf(file)).map(({ name }) => `not ${id}_${name}_file.stat.exists`),
]

const edited = (file: BootFile, step: KernelArgumentStep, id: string): Task[] =>
  (file.name === 'grub' ? grubPatterns(step) : linePatterns(step)).map(({ regexp, replace }) => ({
    'ansible.builtin.replace': { path: file.path, regexp: text(regexp), replace: text(replace) },
    when: counts(file, id),
    register: `${id}_${file.name}`,
  }))

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
      when: [...counts(FILES[2], id), remove ? held(menu) : failed(menu)],
    },
  ]
}
