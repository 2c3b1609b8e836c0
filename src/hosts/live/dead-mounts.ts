/**
 * File systems that may have died: those that live elsewhere. A system call on one whose server is gone never returns; it
 * would hang this process, beyond every time limit and even its own exit. So a program that can be left behind asks first.
 */
import { readFileSync } from 'node:fs'
import { cutShort, isCutShort, type MissingReading, missing } from '../../model/reading.ts'
import { command } from '../../model/source.ts'
import { readCommand } from './command.ts'

const REMOTE = /^(?:nfs4?|cifs|smb3|smbfs|ceph|9p|afs|lustre|gpfs|glusterfs|ocfs2|gfs2|autofs|fuse(?:\..*)?)$/
/** Local, and mounted over many files of /proc. */
const LOCAL_FUSE = 'fuse.lxcfs'

const PATIENCE_MS = 2_000

export interface DeadMounts {
  /** Why a path cannot be read: what it lies under does not answer. Nothing to wait for where the file systems above it are local. */
  of(path: string, signal: AbortSignal): Promise<MissingReading | undefined> | undefined
}

/** Null: the run ended before that was told. */
type Answers = (mountPoint: string, signal: AbortSignal) => Promise<boolean | null>

/** @param ask whether a mount point's file system answers; each is asked once */
export function deadMounts(mountinfo: () => string, ask: Answers = statfsAnswers): DeadMounts {
  let remote: readonly string[] | undefined
  const asked = new Map<string, Promise<boolean | null>>()
  const firstDead = async (
    points: readonly string[],
    signal: AbortSignal,
  ): Promise<MissingReading | undefined> => {
    for (const mount of points) {
      let answer = asked.get(mount)
      if (!answer) {
        answer = ask(mount, signal)
        asked.set(mount, answer)
      }
      const answers = await answer
      if (answers === false) return missing('timeout', `the file system at ${mount} does not answer`)
      if (answers === null) {
        // The next run has time of its own to ask.
        asked.delete(mount)
        return cutShort()
      }
    }
    return undefined
  }
  return {
    of: (path, signal) => {
      remote ??= remoteMounts(mountinfo())
      const above = remote.filter((mount) => path === mount || path.startsWith(`${mount}/`))
      return above.length === 0 ? undefined : firstDead(above, signal)
    },
  }
}

/** This process's mounts; none where they cannot be read. */
export const ownMountinfo = (): string => {
  try {
    return readFileSync('/proc/self/mountinfo', 'utf8')
  } catch {
    return ''
  }
}

/** Mount points of file systems that live elsewhere. @see proc(5), /proc/PID/mountinfo */
export function remoteMounts(mountinfo: string): string[] {
  const points = mountinfo.split('\n').flatMap((line) => {
    const [before, after] = line.split(' - ')
    const type = after?.split(' ')[0] ?? ''
    const point = before?.split(' ')[4]
    return point && type !== LOCAL_FUSE && REMOTE.test(type) ? [unescaped(point)] : []
  })
  return [...new Set(points)]
}

const unescaped = (text: string): string =>
  text.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)))

/** Where there is no program to ask with, it is taken to answer. */
async function statfsAnswers(mountPoint: string, signal: AbortSignal): Promise<boolean | null> {
  const source = command(['stat', '-f', '--', mountPoint], { timeoutMs: PATIENCE_MS })
  const reading = await readCommand(source, signal)
  if (reading.state === 'ok') return true
  return isCutShort(reading) ? null : reading.state !== 'timeout'
}
