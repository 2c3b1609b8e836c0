/** Arguments of the kernel, by the boot loader that is found. */
import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import type { KernelArgumentStep } from '../../model/fix.ts'
import type { Argv } from './deed.ts'
import { fileDeeds } from './path-deeds.ts'
import { type Prepared, programDeed } from './prepared.ts'
import { isInstalled, runProgram } from './program.ts'
import { Refused } from './refused.ts'

export const GRUB_DEFAULTS = '/etc/default/grub'
const ENTRIES = '/boot/loader/entries'
/** @see https://www.raspberrypi.com/documentation/computers/configuration.html#kernel-command-line-cmdline-txt */
export const FIRMWARE_LINES = ['/boot/firmware/cmdline.txt', '/boot/cmdline.txt']
/** The menus that GRUB's configuration is made into. */
const MENUS = ['/boot/grub/grub.cfg', '/boot/grub2/grub.cfg']

/** @throws {Refused} where no boot loader is known here, as in a container */
export async function kernelArgumentDeeds(step: KernelArgumentStep, root: string): Promise<Prepared[]> {
  if (await isInstalled('grubby')) return grubby(step)
  const line = FIRMWARE_LINES.find((path) => existsSync(root + path))
  if (line) return fileDeeds(line, (text) => (text === null ? null : inFirmwareLine(text, step)), { root })
  if (!existsSync(root + GRUB_DEFAULTS))
    throw new Refused(
      `no boot loader is known here: ${step.remove ? 'remove' : 'add'} the kernel argument ${step.argument} by hand`,
    )
  const written = await fileDeeds(
    GRUB_DEFAULTS,
    (text) => (text === null ? null : inGrubDefaults(text, step)),
    { root },
  )
  return written.length === 0 ? [] : [...written, await makeMenu()]
}

async function grubby(step: KernelArgumentStep): Promise<Prepared[]> {
  const { exit, output } = await runProgram(['grubby', '--info=ALL'])
  if (exit === 0 && bootsSo(output, step)) return []
  const { argument, remove } = step
  const entries = await readdir(ENTRIES).catch(() => [])
  const changes = [
    GRUB_DEFAULTS,
    '/etc/kernel/cmdline',
    '/boot/grub2/grubenv',
    ...MENUS,
    ...entries.map((name) => `${ENTRIES}/${name}`),
  ]
  return [
    await programDeed(
      ['grubby', '--update-kernel=ALL', `${remove ? '--remove-args' : '--args'}=${argument}`],
      {
        changes: changes.filter((path) => existsSync(path)),
      },
    ),
  ]
}

/** Whether every kernel that `grubby --info=ALL` lists is given the argument, or none. */
export function bootsSo(listing: string, { argument, remove }: KernelArgumentStep): boolean {
  const kernels = [...listing.matchAll(/^args="?(.*?)"?$/gm)].map(([, args = '']) => args.split(/\s+/))
  return kernels.length > 0 && kernels.every((args) => args.includes(argument) !== (remove === true))
}

async function makeMenu(): Promise<Prepared> {
  const menu = MENUS.find((path) => existsSync(path))
  const changes = menu ? [menu] : []
  if (await isInstalled('update-grub')) return programDeed(['update-grub'], { changes })
  const program = (await isInstalled('grub2-mkconfig')) ? 'grub2-mkconfig' : 'grub-mkconfig'
  const argv: Argv = [program, '-o', menu ?? '/boot/grub/grub.cfg']
  return programDeed(argv, { changes })
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

/** `GRUB_CMDLINE_LINUX="quiet splash"`; written where it is missing. What is taken out may stand in the defaults of ordinary boots, too. */
export function inGrubDefaults(text: string, step: KernelArgumentStep): string {
  const setting = step.remove
    ? /^([ \t]*GRUB_CMDLINE_LINUX(?:_DEFAULT)?=)(["']?)(.*?)\2([ \t]*)$/gm
    : /^([ \t]*GRUB_CMDLINE_LINUX=)(["']?)(.*?)\2([ \t]*)$/m
  const written = text.replace(setting, (whole, name: string, quote: string, value: string, end: string) => {
    const after = changed(value, step)
    return after === value ? whole : `${name}${quote || '"'}${after}${quote || '"'}${end}`
  })
  if (step.remove || setting.test(text)) return written
  return `${text}${text === '' || text.endsWith('\n') ? '' : '\n'}GRUB_CMDLINE_LINUX="${step.argument}"\n`
}
