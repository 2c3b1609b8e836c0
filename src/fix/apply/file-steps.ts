/** Steps whose targets are files. */
import { existsSync } from 'node:fs'
import { sysctlPath } from '../../facts/sysctl.ts'
import {
  type CertificateStep,
  type MoveStep,
  type OwnershipStep,
  type RemoveStep,
  SYSCTL_FILE,
  type SysctlStep,
} from '../../model/fix.ts'
import { certificateFile } from '../places.ts'
import { idOf } from './accounts.ts'
import { fileDeeds, foldersAbove, kernelDeeds, pathDeed } from './path-deeds.ts'
import { look } from './path-state.ts'
import type { Prepared } from './prepared.ts'
import { Refused } from './refused.ts'
import { withLine } from './text-edit.ts'

export async function sysctlDeeds(
  { key, value, file = SYSCTL_FILE }: SysctlStep,
  root: string,
): Promise<Prepared[]> {
  const path = sysctlPath(key)
  if (!existsSync(path)) throw new Refused(`this kernel has no ${key} (${path})`)
  const now = await kernelDeeds(path, () => value)
  return [...now, ...(await fileDeeds(file, (text) => withLine(text, `${key} = ${value}`), { root }))]
}

/** An empty folder may stand where a file belongs. */
export async function removeDeeds({ path }: RemoveStep, root: string): Promise<Prepared[]> {
  const seen = await look(path, root)
  if (seen.state.type === 'folder' && !seen.isEmpty)
    throw new Refused(`${path} is a folder that is not empty`)
  return pathDeed(path, seen, { type: 'absent' }, null)
}

/** What lies at the new name is kept. */
export async function moveDeeds({ from, to }: MoveStep, root: string): Promise<Prepared[]> {
  const [{ state }, there] = await Promise.all([look(from, root), look(to, root)])
  if (state.type === 'absent') return []
  const { folders } = await foldersAbove(to, root)
  const clear = pathDeed(to, there, { type: 'absent' }, null)
  return [...folders, ...clear, { deed: { do: 'move', from, to, what: state }, contents: [] }]
}

export async function ownershipDeeds(
  { path, owner, group, mode }: OwnershipStep,
  root: string,
): Promise<Prepared[]> {
  const seen = await look(path, root)
  const { state } = seen
  if (state.type === 'absent') throw new Refused(`${path} is not there`)
  if (state.type === 'link') throw new Refused(`${path} is a symbolic link: it is not followed`)
  const after = {
    ...state,
    ...(owner === undefined ? {} : { uid: await idOf('passwd', owner) }),
    ...(group === undefined ? {} : { gid: await idOf('group', group) }),
    ...(mode === undefined ? {} : { mode }),
  }
  return pathDeed(path, seen, after, null)
}

export async function certificateDeeds(
  { registry, from }: CertificateStep,
  root: string,
): Promise<Prepared[]> {
  const { content } = await look(from, root)
  const text = content?.toString('utf8') ?? ''
  if (!text.includes('-----BEGIN CERTIFICATE-----')) throw new Refused(`${from} holds no certificate in PEM`)
  return fileDeeds(certificateFile(registry), () => text, { root })
}
