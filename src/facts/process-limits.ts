/** Limits that the engine's processes and all containers together live under. */
import { type AsReading, asReading, defineFact, type Fact, maybe, unavailable } from '../model/fact.ts'
import { type FileSource, file } from '../model/source.ts'
import { cgroups } from './cgroups.ts'
import { containerd } from './containerd-process.ts'
import { daemonSettings } from './daemon-config.ts'
import { dockerdProcess } from './dockerd-process.ts'
import { containerdService, dockerService } from './engine-service.ts'
import { recordOf, textOf } from './json.ts'
import { type Unit, unitValues } from './systemd-unit.ts'

/** Infinity where there is none. */
export interface Limit {
  readonly soft: number
  readonly hard: number
}

const amount = (word: string | undefined): number =>
  word === undefined ? Number.NaN : word === 'unlimited' ? Number.POSITIVE_INFINITY : Number(word)

/** The limit on open files in /proc/PID/limits; null where it is none. @see https://man7.org/linux/man-pages/man5/proc_pid_limits.5.html */
export function parseOpenFiles(text: string): Limit | null {
  const [, soft, hard] = /^Max open files\s+(\d{1,19}|unlimited)\s+(\d{1,19}|unlimited)\b/m.exec(text) ?? []
  return soft === undefined ? null : { soft: amount(soft), hard: amount(hard) }
}

export interface ProcessLimit extends Limit {
  readonly program: 'dockerd' | 'containerd'
  readonly pid: number
  /** Containers are started by it, and get its limits where nobody says otherwise. */
  readonly isInherited: boolean
  /** What its unit starts containers with, where that is less than the process itself has: Go programs raise their own. */
  readonly startsWith: number | null
}

const engineProcesses: Fact<readonly Pick<ProcessLimit, 'program' | 'pid'>[]> = defineFact({
  name: 'engineProcesses',
  about: 'The processes of dockerd and containerd, where they run.',
  needs: { dockerd: maybe(dockerdProcess), containerd: maybe(containerd) },
  parse: (_, { dockerd, containerd }) => {
    const engine = dockerd.known && dockerd.value?.isEngine ? dockerd.value.pid : null
    const below = containerd.known && containerd.value.process ? containerd.value.pid : null
    return [
      ...(engine === null ? [] : [{ program: 'dockerd' as const, pid: engine }]),
      ...(below === null ? [] : [{ program: 'containerd' as const, pid: below }]),
    ]
  },
})

export const engineLimits: Fact<readonly ProcessLimit[]> = defineFact({
  name: 'engineLimits',
  about: 'How many files dockerd and containerd may open; empty where neither runs or can be seen.',
  needs: {
    processes: engineProcesses,
    dockerUnit: maybe(dockerService),
    containerdUnit: maybe(containerdService),
  },
  reads: ({ processes }): Record<string, AsReading<FileSource>> =>
    Object.fromEntries(processes.map(({ pid }) => [pid, asReading(file(`/proc/${pid}/limits`))])),
  reading: '/proc/PID/limits of dockerd and containerd',
  parse: (readings, { processes, dockerUnit, containerdUnit }): readonly ProcessLimit[] =>
    processes.flatMap(({ program, pid }) => {
      const reading = readings[pid]
      if (reading?.state === 'notRecorded') unavailable(`/proc/${pid}/limits`, reading)
      const limit = reading?.state === 'ok' ? parseOpenFiles(reading.value) : null
      if (!limit) return []
      const unit = program === 'containerd' ? containerdUnit : dockerUnit
      const isInherited = program === 'containerd' || processes.length === 1
      return [
        { program, pid, ...limit, isInherited, startsWith: unit.known ? unitSoftLimit(unit.value) : null },
      ]
    }),
})

/** `LimitNOFILE=1024:524288`: the first number. */
function unitSoftLimit(unit: Unit): number | null {
  const value = unitValues(unit, 'LimitNOFILE').at(-1)?.value
  const soft = /^(\d{1,15})/.exec(value ?? '')?.[1]
  return soft === undefined ? null : Number(soft)
}

/** A negative limit is none. */
const orEndless = (limit: number): number => (limit < 0 ? Number.POSITIVE_INFINITY : limit)

/** How many files each container may open, by daemon.json or flag; null where nothing says. */
export const containersNofile: Fact<Limit | null> = defineFact({
  name: 'containersNofile',
  about: 'The default limit on open files that the settings give containers; null where they give none.',
  needs: { settings: daemonSettings },
  parse: (_, { settings }): Limit | null => {
    const { Soft, Hard } = recordOf(recordOf(settings.get('default-ulimits')).nofile)
    if (typeof Soft === 'number' && typeof Hard === 'number')
      return { soft: orEndless(Soft), hard: orEndless(Hard) }
    const flags = (settings.commandLine?.flags ?? []).filter(({ name }) => name === 'default-ulimit')
    const given = flags.map(({ value }) => /^nofile=(\d{1,15})(?::(\d{1,15}))?$/.exec(value)).find(Boolean)
    return given ? { soft: Number(given[1]), hard: Number(given[2] ?? given[1]) } : null
  },
})

export interface TaskLimit {
  /** The control group's folder. */
  readonly group: string
  /** The systemd unit that it belongs to; null where it is the engine's own. */
  readonly unit: string | null
  readonly most: number
  readonly now: number
}

/** Groups that containers are put into, or that start them. */
const groupsOf = (parent: string): readonly string[] => [
  ...new Set([
    ...(/^\/?[\w.-]+$/.test(parent) ? [parent.replace(/^\//, '')] : []),
    'docker',
    'system.slice',
    'system.slice/docker.service',
    'system.slice/containerd.service',
  ]),
]

const taskGroups: Fact<readonly string[]> = defineFact({
  name: 'taskGroups',
  about: 'The control groups whose limits on tasks hold for containers.',
  needs: { cgroups, settings: maybe(daemonSettings) },
  parse: (_, { cgroups, settings }): readonly string[] => {
    const root = cgroups.mode === 'v2' ? '/sys/fs/cgroup' : cgroups.mountPoints.get('pids')
    const parent = settings.known ? textOf(settings.value.get('cgroup-parent')) : ''
    return root === undefined ? [] : groupsOf(parent).map((name) => `${root}/${name}`)
  },
})

export const taskLimits: Fact<readonly TaskLimit[]> = defineFact({
  name: 'taskLimits',
  about:
    'How many tasks the groups of containers and of the engine may have, and have now; those without a limit are left out.',
  needs: { groups: taskGroups },
  reads: ({ groups }): Record<string, AsReading<FileSource>> =>
    Object.fromEntries(
      groups.flatMap((group) =>
        ['pids.max', 'pids.current'].map((name) => [`${group}/${name}`, asReading(file(`${group}/${name}`))]),
      ),
    ),
  reading: "pids.max and pids.current of the groups of containers and of the engine's units",
  parse: (readings, { groups }): readonly TaskLimit[] =>
    groups.flatMap((group) => {
      const [most, now] = ['pids.max', 'pids.current'].map((name) => {
        const reading = readings[`${group}/${name}`]
        const text = reading?.state === 'ok' ? reading.value.trim() : ''
        return /^\d{1,15}$/.test(text) ? Number(text) : null
      })
      const unit = /\/([\w.-]+\.(?:service|slice))$/.exec(group)?.[1] ?? null
      return most == null || now == null ? [] : [{ group, unit, most, now }]
    }),
})
