/** Arguments of the kernel, by the boot loader that is found. */
import { existsSync, readFileSync, statSync } from 'node:fs'
import { readdir, realpath } from 'node:fs/promises'
import { COMMAND_LINE_FILES } from '../../facts/kernel-command-line.ts'
import type { KernelArgumentStep } from '../../model/fix.ts'
import type { Argv } from './deed.ts'
import { fileDeeds } from './path-deeds.ts'
import { type Prepared, programDeed } from './prepared.ts'
import { isInstalled, runProgram, TIMEOUTS_MS } from './program.ts'
import { Refused } from './refused.ts'

export const GRUB_DEFAULTS = '/etc/default/grub'
const ENTRIES = '/boot/loader/entries'
const GRUB_MORE = '/etc/default/grub.d'
/** The menus that GRUB's configuration is made into. */
const MENUS = ['/boot/grub/grub.cfg', '/boot/grub2/grub.cfg']

/** @throws {Refused} where no boot loader is known here, as in a container */
export async function kernelArgumentDeeds(step: KernelArgumentStep, root: string): Promise<Prepared[]> {
  if (await isInstalled('grubby')) return grubby(step)
  const line = COMMAND_LINE_FILES.find((path) => existsSync(root + path))
  if (line) return fileDeeds(line, (text) => (text === null ? null : inFirmwareLine(text, step)), { root })
  if (!existsSync(root + GRUB_DEFAULTS)) throw byHand(step, 'no boot loader is known here')
  const written = await grubDeeds(step, root)
  return written.length === 0 ? [] : [...written, await makeMenu(root)]
}

const byHand = ({ argument, remove }: KernelArgumentStep, why: string): Refused =>
  new Refused(`${why}: ${remove ? 'remove' : 'add'} the kernel argument ${argument} by hand`)

/** What counts is what is set last: on Debian, and on what comes from it, often in a file of its own. An argument is taken out of all of them. */
async function grubDeeds(step: KernelArgumentStep, root: string): Promise<Prepared[]> {
  const names = await readdir(root + GRUB_MORE).catch(() => [])
  const more = names.filter((name) => name.endsWith('.cfg')).sort()
  // A link that leads nowhere is passed over by GRUB, too.
  const files = [GRUB_DEFAULTS, ...more.map((name) => `${GRUB_MORE}/${name}`)].filter((path) =>
    statSync(root + path, { throwIfNoEntry: false })?.isFile(),
  )
  const setting = files.filter((path) => setsArguments(readFileSync(root + path, 'utf8')))
  const meant = step.remove ? files : [setting.at(-1) ?? GRUB_DEFAULTS]
  const edited = (path: string) => (text: string | null) => {
    const after = text === null ? null : inGrubDefaults(text, step)
    if (text !== null && after === null)
      throw byHand(step, `the arguments in ${path} are not written plainly`)
    return after
  }
  return (await Promise.all(meant.map((path) => fileDeeds(path, edited(path), { root })))).flat()
}

async function grubby(step: KernelArgumentStep): Promise<Prepared[]> {
  const { exit, output } = await runProgram(['grubby', '--info=ALL'])
  if (exit === 0 && bootsSo(output, step)) return []
  const { argument, remove } = step
  const argv: Argv = ['grubby', '--update-kernel=ALL', `${remove ? '--remove-args' : '--args'}=${argument}`]
  return [await programDeed(argv, { changes: await grubbysFiles() })]
}

/** Some are links to the partition of the firmware: their targets are what is changed. */
async function grubbysFiles(): Promise<string[]> {
  const entries = await readdir(ENTRIES).catch(() => [])
  const paths = [
    GRUB_DEFAULTS,
    '/etc/kernel/cmdline',
    '/etc/grub2-efi.cfg',
    '/boot/grub2/grubenv',
    ...MENUS,
    ...entries.map((name) => `${ENTRIES}/${name}`),
  ]
  const real = await Promise.all(paths.map((path) => realpath(path).catch(() => [])))
  return [...new Set(real.flat())]
}

/** Whether every kernel that `grubby --info=ALL` lists is given the argument, or none. */
export function bootsSo(listing: string, { argument, remove }: KernelArgumentStep): boolean {
  const kernels = [...listing.matchAll(/^args="?(.*?)"?$/gm)].map(([, args = '']) => args.split(/\s+/))
  return kernels.length > 0 && kernels.every((args) => args.includes(argument) !== (remove === true))
}

async function makeMenu(root: string): Promise<Prepared> {
  const menu = MENUS.find((path) => existsSync(root + path)) ?? '/boot/grub/grub.cfg'
  const running = { changes: [menu], timeoutMs: TIMEOUTS_MS.service }
  if (await isInstalled('update-grub')) return programDeed(['update-grub'], running)
  const program = (await isInstalled('grub2-mkconfig')) ? 'grub2-mkconfig' : 'grub-mkconfig'
  return programDeed([program, '-o', menu], running)
}

/** The arguments of a line, with one added at its end or taken out. */
function changed(line: string, { argument, remove }: KernelArgumentStep): string {
  const words = line.split(/\s+/).filter(Boolean)
  if (words.includes(argument) !== (remove === true)) return line
  return remove ? words.filter((word) => word !== argument).join(' ') : [...words, argument].join(' ')
}

export function inFirmwareLine(text: string, step: KernelArgumentStep): string {
  const [first = '', ...rest] = text.split('\n')
  const line = changed(first, step)
  return [line === first.trim() ? first : line, ...rest].join('\n')
}

/** A line of GRUB's defaults, which are a script for a shell: what stands before the value, the variable, and the rest. */
const SETTING = /^([ \t]*(?:export[ \t]+)?(GRUB_CMDLINE_LINUX(?:_DEFAULT)?)=)(.*)$/
/** A value that is one word, in quotes of either kind or none, and what may stand behind it. */
const VALUE = /^(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|([\w.,:/@%+=-]*))([ \t]*|[ \t]+#.*)$/

const setsAll = (line: string): boolean => SETTING.exec(line)?.[2] === 'GRUB_CMDLINE_LINUX'
const setsArguments = (text: string): boolean => text.split('\n').some(setsAll)

/**
 * `GRUB_CMDLINE_LINUX="quiet splash"`, where it is set last; written where it is missing. What is taken out may stand in the defaults of ordinary boots, too.
 * Null where a value is not written plainly: over several lines, or of several words.
 */
export function inGrubDefaults(text: string, step: KernelArgumentStep): string | null {
  const lines = text.split('\n')
  const last = lines.findLastIndex(setsAll)
  if (!step.remove && last < 0)
    return `${text}${text === '' || text.endsWith('\n') ? '' : '\n'}GRUB_CMDLINE_LINUX="${step.argument}"\n`
  const edited = lines.map((line, index) => (step.remove || index === last ? inSetting(line, step) : line))
  return edited.includes(null) ? null : edited.join('\n')
}

function inSetting(line: string, step: KernelArgumentStep): string | null {
  const [, before = '', , rest = ''] = SETTING.exec(line) ?? []
  if (before === '') return line
  const [whole, double, single, bare = '', behind = ''] = VALUE.exec(rest) ?? []
  if (whole === undefined) return null
  const value = double ?? single ?? bare
  const after = changed(value, step)
  const quote = single === undefined ? '"' : "'"
  return after === value ? line : `${before}${quote}${after}${quote}${behind}`
}
