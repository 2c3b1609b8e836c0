/** What the kernel gives only so many of to the whole host, and how many are taken. */
import { defineFact, type Fact, orAbsent, Unavailable } from '../model/fact.ts'
import { file } from '../model/source.ts'
import { persistedSysctl, type Setting, sysctl } from './sysctl.ts'
import { virtualization } from './virtualization.ts'

export interface Limit {
  /** Lower than what the kernel takes by itself on its smallest machines: so low only on purpose. */
  readonly least: number
  readonly better: number
  readonly effect: string
}

const FORK = 'fork fails with "Resource temporarily unavailable"'
const LIMITS = {
  /** @see https://github.com/torvalds/linux/blob/v6.12/include/linux/fs.h (NR_FILE) */
  'fs.file-max': {
    least: 8192,
    better: 1_048_576,
    effect: 'programs fail with "Too many open files in system"',
  },
  /** Our own choice: a machine with 128 MiB has some 900. */
  'kernel.threads-max': { least: 512, better: 32_768, effect: FORK },
  /** @see https://github.com/torvalds/linux/blob/v6.12/include/linux/threads.h (PID_MAX_DEFAULT) */
  'kernel.pid_max': { least: 4096, better: 32_768, effect: FORK },
  /**
   * @see https://github.com/torvalds/linux/blob/v6.12/fs/notify/inotify/inotify_user.c
   * @see https://kind.sigs.k8s.io/docs/user/known-issues/#pod-errors-due-to-too-many-open-files
   */
  'fs.inotify.max_user_instances': {
    least: 128,
    better: 512,
    effect: 'programs that watch files fail with "too many open files"',
  },
  'fs.inotify.max_user_watches': {
    least: 8192,
    better: 524_288,
    effect: 'programs that watch files fail with "no space left on device"',
  },
} as const satisfies Record<string, Limit>

export interface KernelLimit extends Limit {
  readonly key: string
  /** null where this kernel has no such parameter. */
  readonly value: number | null
  /** What decides it at the next boot; null where no file sets it. */
  readonly persisted: Setting | null
}

const kernelLimit = (key: string, limit: Limit): Fact<KernelLimit> =>
  defineFact({
    name: `kernelLimit(${key})`,
    about: `${key} now and at the next boot.`,
    needs: { running: sysctl(key), persisted: persistedSysctl(key) },
    parse: (_, { running, persisted }) => {
      if (running !== null && !/^\d+$/.test(running))
        throw new Unavailable({ source: key, state: 'failed', reason: `${running} is no number` })
      return { ...limit, key, value: running === null ? null : Number(running), persisted }
    },
  })

export const kernelLimits: Fact<readonly KernelLimit[]> = defineFact({
  name: 'kernelLimits',
  about: 'The limits that the kernel sets to the whole host, now and at the next boot.',
  needs: Object.fromEntries(Object.entries(LIMITS).map(([key, limit]) => [key, kernelLimit(key, limit)])),
  parse: (_, limits): readonly KernelLimit[] => Object.values(limits),
})

export interface Use {
  /** The parameter that sets the limit. */
  readonly key: string
  readonly used: number
  readonly most: number
  /** How many of them are not given out. */
  readonly reserved: number
}

/** After the first round none of these is given out again. @see https://github.com/torvalds/linux/blob/v6.12/kernel/pid.c (RESERVED_PIDS) */
const RESERVED_IDS = 300

/** Handles that are allocated and not free. @see https://docs.kernel.org/admin-guide/sysctl/fs.html#file-max-file-nr */
export function parseFileNr(text: string): number | null {
  const [, allocated, free] = /^(\d{1,19})\s+(\d{1,19})\s+\d{1,19}\s*$/.exec(text) ?? []
  return allocated === undefined ? null : Number(allocated) - Number(free)
}

/** All processes and threads there are. @see https://man7.org/linux/man-pages/man5/proc_loadavg.5.html */
export function parseTasks(text: string): number | null {
  const count = /^(?:[\d.]{1,20}\s+){3}\d{1,10}\/(\d{1,10})\s/.exec(text)?.[1]
  return count === undefined ? null : Number(count)
}

export const hostUse: Fact<readonly Use[]> = defineFact({
  name: 'hostUse',
  about: 'The open files, processes and threads of the whole host, and how many there may be.',
  needs: { limits: kernelLimits, where: virtualization },
  reads: { files: file('/proc/sys/fs/file-nr'), load: file('/proc/loadavg') },
  parse: ({ files, load }, { limits, where }): readonly Use[] => {
    const [open, tasks] = [parseFileNr(files), parseTasks(load)]
    if (open === null || tasks === null)
      throw new Unavailable({
        source: '/proc/sys/fs/file-nr, /proc/loadavg',
        state: 'failed',
        reason: 'one of them tells no numbers',
      })
    const mostOf = (key: string): number | null => limits.find((limit) => limit.key === key)?.value ?? null
    const use = (key: string, used: number, reserved = 0): readonly Use[] => {
      const most = mostOf(key)
      return most === null ? [] : [{ key, used, most, reserved }]
    }
    // /proc/loadavg counts the tasks of the machine: a namespace with process ids (since 6.14 with a limit) of its own has fewer.
    const ownIds = where.container !== null || tasks > (mostOf('kernel.pid_max') ?? tasks)
    return [
      ...use('fs.file-max', open),
      ...use('kernel.threads-max', tasks),
      ...(ownIds ? [] : use('kernel.pid_max', tasks, RESERVED_IDS)),
    ]
  },
})

export interface KeyUse extends Use {
  readonly uid: number
}

/** Parses /proc/key-users. @see https://man7.org/linux/man-pages/man5/proc_key-users.5.html */
export function parseKeyUsers(text: string): readonly KeyUse[] {
  const rows = text.matchAll(/^\s*(\d{1,10}):\s+\d+\s+\d+\/\d+\s+(\d{1,15})\/(\d{1,15})\s+\d+\/\d+\s*$/gm)
  return [...rows].map(([, uid, used, most]) => ({
    uid: Number(uid),
    key: uid === '0' ? 'kernel.keys.root_maxkeys' : 'kernel.keys.maxkeys',
    used: Number(used),
    most: Number(most),
    reserved: 0,
  }))
}

/** Each container takes a keyring of the quota of whom it is started by. */
export const keyUse: Fact<readonly KeyUse[]> = defineFact({
  name: 'keyUse',
  about: 'How many keys of how many each user has in the kernel; empty where it does not count them.',
  reads: { text: orAbsent(file('/proc/key-users')) },
  parse: ({ text }) => parseKeyUsers(text ?? ''),
})
