/** Kernel modules: now, and at boot. */
import { existsSync } from 'node:fs'
import type { ModuleStep } from '../../model/fix.ts'
import { MODULES_FILE } from '../places.ts'
import { fileDeeds } from './path-deeds.ts'
import { type Prepared, programDeed } from './prepared.ts'
import { withLine } from './text-edit.ts'

export async function moduleDeeds({ name }: ModuleStep, root: string): Promise<Prepared[]> {
  // The kernel writes underscores, whatever the file is called.
  const loaded = existsSync(`/sys/module/${name.replaceAll('-', '_')}`)
  const load = loaded ? [] : [await programDeed(['modprobe', name], { undo: ['modprobe', '-r', name] })]
  return [...load, ...(await fileDeeds(MODULES_FILE, (text) => withLine(text, name), { root }))]
}
