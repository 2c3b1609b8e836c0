import type { Stat } from '../model/source.ts'

/** Write permission, as connecting needs. @see https://man7.org/linux/man-pages/man7/unix.7.html */
const MAY_USE = 0o2

/** As what a user may use a socket, by its permission bits alone: the first class that fits decides, as in the kernel; null: not at all. */
export function socketAccess(
  { uid, gid, mode }: Stat,
  user: number,
  groups: ReadonlySet<number>,
): 'its owner' | 'a member of its group' | 'anybody' | null {
  const granted = (shift: number): boolean => ((mode >> shift) & MAY_USE) === MAY_USE
  if (user === uid) return granted(6) ? 'its owner' : null
  if (groups.has(gid)) return granted(3) ? 'a member of its group' : null
  return granted(0) ? 'anybody' : null
}
