/** An argument of the kernel in the files of the boot loader, and on the command line of the next boot. */
import { COMMAND_LINE_FILES } from '../../facts/kernel-command-line.ts'
import type { Readings } from '../../hosts/memory.ts'
import type { KernelArgumentStep } from '../../model/fix.ts'
import { GRUB_DEFAULTS, inFirmwareLine, inGrubDefaults } from '../apply/boot.ts'
import { type Effect, opaque, textOf } from './effect.ts'

const COMMAND_LINE = '/proc/cmdline'

/** What another boot brings besides is not told. */
export function changeKernelArgument(readings: Readings, step: KernelArgumentStep): Effect {
  const changes = [
    [GRUB_DEFAULTS, inGrubDefaults],
    ...[...COMMAND_LINE_FILES, COMMAND_LINE].map((path) => [path, inFirmwareLine] as const),
  ] as const
  const changed = changes.flatMap(([path, change]) => {
    const text = textOf(readings, path)
    // What is not written plainly is left to a person.
    return text === null ? [] : [[path, change(text, step) ?? text] as const]
  })
  return opaque({ ...readings, ...Object.fromEntries(changed) })
}
