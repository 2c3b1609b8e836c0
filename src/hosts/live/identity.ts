/** Who reads: the process's own user and groups, and who called sudo. */
import { readFileSync } from 'node:fs'
import { userInfo } from 'node:os'
import { ok, type Reading } from '../../model/reading.ts'
import type { Identity, IdentitySource } from '../../model/source.ts'

export function readIdentity(): Reading<IdentitySource> {
  const uid = process.getuid?.() ?? 0
  const sudo = caller()
  const capEff = effectiveCapabilities()
  const value: Identity = {
    uid,
    gid: process.getgid?.() ?? 0,
    user: nameOf(uid),
    groups: process.getgroups?.() ?? [],
    pid: process.pid,
    ...(sudo ? { sudo } : {}),
    ...(capEff ? { capEff } : {}),
  }
  return ok(value)
}

function nameOf(uid: number): string {
  try {
    return userInfo().username
  } catch {
    return String(uid)
  }
}

function caller(): Identity['sudo'] {
  const { SUDO_USER, SUDO_UID, SUDO_GID, DOAS_USER } = process.env
  const user = SUDO_USER ?? DOAS_USER
  if (!user || user === 'root') return undefined
  return { user, uid: idFrom(SUDO_UID), gid: idFrom(SUDO_GID) }
}

/** -1 where it is not told. */
const idFrom = (text: string | undefined): number => (text && /^\d{1,10}$/.test(text) ? Number(text) : -1)

function effectiveCapabilities(): string | undefined {
  try {
    return /^CapEff:\s*([0-9a-f]+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]
  } catch {
    return undefined
  }
}
