/** AppArmor: whether it is on, whether the engine's profile is loaded, and what it denied the engine. */
import { type AsReading, asReading, defineFact, type Fact, maybe, orAbsent } from '../model/fact.ts'
import { type CommandSource, command, type FileSource, file, fileEnd } from '../model/source.ts'
import { now } from './clock.ts'
import { engineState } from './engine.ts'
import { type LogSources, logOf, logText } from './engine-log.ts'
import { serviceManager } from './service-manager.ts'

export type AppArmorState = 'on' | 'off' | 'unsupported'

export const appArmor: Fact<AppArmorState> = defineFact({
  name: 'appArmor',
  about: 'Whether the running kernel enforces AppArmor profiles.',
  reads: { enabled: orAbsent(file('/sys/module/apparmor/parameters/enabled')) },
  parse: ({ enabled }): AppArmorState =>
    enabled === null ? 'unsupported' : enabled.trim() === 'Y' ? 'on' : 'off',
})

/** The engine's own, which it makes anew at each start. @see https://docs.docker.com/engine/security/apparmor/ */
const PROFILE = 'docker-default'

/** Whether the profile is loaded; null where only root may see it, or AppArmor is not on. */
const profileLoaded: Fact<boolean | null> = defineFact({
  name: 'engineProfileLoaded',
  about: `Whether the AppArmor profile ${PROFILE} is loaded; null where this user may not see it.`,
  needs: { appArmor },
  reads: ({ appArmor }): Record<string, AsReading<FileSource>> =>
    appArmor === 'on' ? { profiles: asReading(file('/sys/kernel/security/apparmor/profiles')) } : {},
  reading: '/sys/kernel/security/apparmor/profiles (where AppArmor is on)',
  parse: ({ profiles }): boolean | null =>
    profiles?.state === 'ok' ? new RegExp(`^${PROFILE} \\(`, 'm').test(profiles.value) : null,
})

/**
 * Why the engine could not load its profile; null where it is loaded, or nothing in the log tells. A profile that is only missing says
 * little: the engine loads it again for the next container.
 */
export const profileError: Fact<string | null> = defineFact({
  name: 'engineProfileError',
  about: `What the engine's log says of loading ${PROFILE}, where it is not loaded.`,
  needs: { loaded: profileLoaded, services: serviceManager, engine: engineState },
  reads: ({ loaded, services, engine }): LogSources =>
    loaded === false && engine.state !== 'absent' && engine.state !== 'asleep' ? logOf(services) : {},
  reading: "the end of the engine's log (where AppArmor is on, and the engine's profile is not loaded)",
  parse: (outputs): string | null => parseProfileError(logText(outputs)),
})

/** The last complaint in a log about loading the profile: what the parser said. Never throws. */
export function parseProfileError(log: string): string | null {
  const said = [
    ...log.matchAll(
      /AppArmor enabled on system but the \S{1,80} profile could not be loaded: ([^\n]{1,2000})/g,
    ),
  ]
  const last = said.at(-1)?.[1]
  if (last === undefined) return null
  const [, output = last] = /failed with output: (?:\\n)?\s*(.*)$/.exec(last) ?? []
  return (
    output
      .replace(/\\"/g, '"')
      .replace(/(?:\\n|")+\s*$/, '')
      .trim() || last
  )
}

export interface Denial {
  /** Seconds since the epoch. */
  readonly at: number
  readonly operation: string
  readonly profile: string
  /** The program that was denied something. */
  readonly program: string
  /** The profile of the other process, of signals and ptrace; else empty. */
  readonly peer: string
  /** What the other process's profile was asked for: `receive` where it refuses a signal. */
  readonly asked: string
  /** The path, where there is one. */
  readonly path: string
}

/** Parses denials out of a kernel log or audit log: lines with `apparmor="DENIED"`. Never throws. */
export function parseDenials(log: string): Denial[] {
  return log.split('\n').flatMap((line) => {
    if (!line.includes('apparmor="DENIED"')) return []
    const field = (name: string): string => new RegExp(` ${name}="([^"]{0,400})"`).exec(line)?.[1] ?? ''
    const at = Number(/audit\((\d{1,12})\.\d{1,6}:\d{1,12}\)/.exec(line)?.[1] ?? 0)
    const profile = field('profile')
    if (at === 0 || profile === '') return []
    const denial = {
      at,
      operation: field('operation'),
      profile,
      program: field('comm'),
      peer: field('peer'),
      asked: field('denied_mask'),
      path: field('name'),
    }
    return [denial]
  })
}

const LOGS = ['/var/log/audit/audit.log', '/var/log/kern.log'] as const
const LOG_END = 128 * 1024
/** What the kernel still remembers; asked only where no file has it, as on Debian 12. */
const DMESG = command(['dmesg'])

const logFiles: Fact<string | null> = defineFact({
  name: 'kernelLogFiles',
  about: 'The end of the kernel log and of the audit log; null where there are no such files.',
  needs: { appArmor },
  reads: ({ appArmor }): Record<string, AsReading<FileSource>> =>
    appArmor === 'on'
      ? Object.fromEntries(LOGS.map((path) => [path, asReading(fileEnd(path, LOG_END))]))
      : {},
  reading: `the end of ${LOGS.join(' and ')} (where AppArmor is on)`,
  parse: (readings): string | null => {
    const all = Object.values(readings)
    return all.some(({ state }) => state !== 'absent')
      ? all.map((reading) => (reading.state === 'ok' ? reading.value : '')).join('\n')
      : null
  },
})

/** The parts of an engine, as the kernel cuts their names. */
const ENGINE_PROGRAMS =
  /^(?:dockerd|docker|containerd|containerd-shim|runc|crun|docker-init|docker-proxy|exe)(?::|$|-)/
/** Own choice: an older denial may be cured by now. */
const RECENT_S = 3600

/**
 * Profiles of containers and guests, whoever made them: what programs in there are denied is what the profile is for. `unprivileged_userns` is
 * what Ubuntu gives the sandboxes of ordinary users' programs.
 * @see https://github.com/containerd/containerd/blob/main/contrib/apparmor/template.go
 * @see https://github.com/containers/common/blob/main/pkg/apparmor/apparmor.go
 */
const OF_CONTAINERS =
  /^(?:docker-default|cri-containerd|containers-default|nerdctl-default|crio-default|snap\.|lxc|lxd-|incus-|unprivileged_userns)/

/** Looking at processes (ptrace) is denied all the time without harm; a signal that a container does not take is the engine's matter in any case. */
const concernsEngine = ({ program, operation, profile, asked }: Denial): boolean =>
  ENGINE_PROGRAMS.test(program) &&
  operation !== 'ptrace' &&
  (OF_CONTAINERS.test(profile) ? operation === 'signal' && asked === 'receive' : true)

export const engineDenials: Fact<readonly Denial[]> = defineFact({
  name: 'engineDenials',
  about: "What AppArmor denied the engine's programs within the last hour.",
  needs: { appArmor, files: logFiles, now: maybe(now), engine: engineState },
  reads: ({ appArmor, files, engine }): Record<string, AsReading<CommandSource>> =>
    appArmor === 'on' && files === null && engine.state !== 'absent' ? { dmesg: asReading(DMESG) } : {},
  reading: '$ dmesg (where AppArmor is on and no file has the kernel log)',
  parse: ({ dmesg }, { files, now, engine }): readonly Denial[] => {
    if (engine.state === 'absent' || !now.known) return []
    const log = files ?? (dmesg?.state === 'ok' ? dmesg.value.stdout : '')
    const since = Date.parse(now.value) / 1000 - RECENT_S
    return parseDenials(log).filter((denial) => denial.at >= since && concernsEngine(denial))
  },
})
