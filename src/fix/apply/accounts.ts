/** Groups and their members. */
import type { GroupStep, MembershipStep } from '../../model/fix.ts'
import { type Prepared, programDeed } from './prepared.ts'
import { isInstalled, runProgram, succeeds } from './program.ts'
import { Refused } from './refused.ts'

/** What the programs for accounts write, with the copies that they leave. */
const FILES = ['/etc/group', '/etc/gshadow', '/etc/group-', '/etc/gshadow-']

/** A name's number, by whatever the host looks names up with. A number stands for itself. */
export async function idOf(database: 'passwd' | 'group', name: string): Promise<number> {
  if (/^\d+$/.test(name)) return Number(name)
  const { exit, output } = await runProgram(['getent', database, name])
  const id = output.split(':')[2]
  if (exit !== 0 || id === undefined || !/^\d+$/.test(id)) {
    throw new Refused(`there is no ${database === 'group' ? 'group' : 'user'} ${name}`)
  }
  return Number(id)
}

export async function groupDeeds({ name }: GroupStep): Promise<Prepared[]> {
  if (await succeeds(['getent', 'group', name])) return []
  // Alpine has BusyBox's own.
  const argv = (await isInstalled('groupadd'))
    ? (['groupadd', '--system', '--', name] as const)
    : (['addgroup', '-S', name] as const)
  return [await programDeed(argv, { changes: FILES })]
}

export async function membershipDeeds({ user, group }: MembershipStep): Promise<Prepared[]> {
  const { output } = await runProgram(['getent', 'group', group])
  const members = output.split(':')[3]?.split(',') ?? []
  if (members.includes(user)) return []
  const argv = (await isInstalled('usermod'))
    ? (['usermod', '-aG', group, '--', user] as const)
    : (['addgroup', user, group] as const)
  return [await programDeed(argv, { changes: FILES })]
}
