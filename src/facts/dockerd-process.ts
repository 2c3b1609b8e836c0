/** dockerd's process, by its pid file. */
import { defineFact, type Fact, type OrAbsent, orAbsent } from '../model/fact.ts'
import { type FileSource, file } from '../model/source.ts'

/** The packages' own, then the snap's. @see https://github.com/canonical/docker-snap */
const PID_FILES = ['/var/run/docker.pid', '/run/snap.docker/docker.pid'] as const

interface PidFile {
  readonly path: string
  readonly pid: number
}

const pidFile: Fact<PidFile | null> = defineFact({
  name: 'dockerdPidFile',
  about: 'The pid file of dockerd and the process id in it; null where there is none.',
  reads: Object.fromEntries(PID_FILES.map((path) => [path, orAbsent(file(path))])),
  parse: (texts): PidFile | null => {
    for (const path of PID_FILES) {
      const pid = Number(/^\s*([1-9]\d{0,8})\s*$/.exec(texts[path] ?? '')?.[1] ?? 0)
      if (pid > 0) return { path, pid }
    }
    return null
  },
})

/** The process id in dockerd's pid file, whether or not such a process lives; null where there is none. */
export const dockerdPid: Fact<number | null> = defineFact({
  name: 'dockerdPid',
  about: 'The process id in the pid file of dockerd; null where there is none.',
  needs: { pidFile },
  parse: (_, { pidFile }) => pidFile?.pid ?? null,
})

export interface ProcessStatus {
  /** The name, cut to 15 characters by the kernel. */
  readonly name: string
  /** One letter: `R` runs, `S` and `D` sleep, `T` stopped, `Z` zombie. */
  readonly state: string
  readonly ppid: number
  /** Real user id. */
  readonly uid: number
  /** The primary and the supplementary groups. */
  readonly groups: readonly number[]
  /** It lives in a process namespace below the reader's: a container's. */
  readonly nested: boolean
}

/** Parses /proc/PID/status; null where it is none. @see https://man7.org/linux/man-pages/man5/proc_pid_status.5.html */
export function parseStatus(text: string): ProcessStatus | null {
  const line = (name: string): string | undefined =>
    new RegExp(`^${name}:[ \\t]*(.*)$`, 'm').exec(text)?.[1]?.trim()
  const numbers = (name: string): number[] =>
    (line(name) ?? '')
      .split(/\s+/)
      .filter((word) => /^\d+$/.test(word))
      .map(Number)
  const [uid] = numbers('Uid')
  const [gid] = numbers('Gid')
  const [ppid] = numbers('PPid')
  if (uid === undefined || gid === undefined) return null
  const state = line('State')?.[0] ?? ''
  return {
    name: line('Name') ?? '',
    state,
    ppid: ppid ?? 0,
    uid,
    groups: [...new Set([gid, ...numbers('Groups')])],
    nested: numbers('NSpid').length > 1,
  }
}

/** What dockerd's pid file leads to. */
export interface DockerdProcess {
  readonly pid: number
  readonly pidFile: string
  /** null where no such process lives. */
  readonly process: ProcessStatus | null
  /** The process is a dockerd. */
  readonly isEngine: boolean
}

export const dockerdProcess: Fact<DockerdProcess | null> = defineFact({
  name: 'dockerdProcess',
  about: "The process that dockerd's pid file names; null where there is no pid file.",
  needs: { pidFile },
  reads: ({ pidFile }): Record<string, OrAbsent<FileSource>> =>
    pidFile ? { status: orAbsent(file(`/proc/${pidFile.pid}/status`)) } : {},
  reading: "/proc/PID/status of dockerd's process",
  parse: ({ status }, { pidFile }): DockerdProcess | null => {
    if (!pidFile) return null
    const process = parseStatus(status ?? '')
    const isEngine = /^dockerd/.test(process?.name ?? '') && process?.state !== 'Z'
    return { pid: pidFile.pid, pidFile: pidFile.path, process, isEngine }
  },
})
