/** The engine's cgroup driver: the one in use, and the one that is asked for. */
import { defineFact, type Fact, maybe, unavailable } from '../model/fact.ts'
import { cgroups } from './cgroups.ts'
import { daemonSettings } from './daemon-config.ts'
import { runningEngine } from './engine.ts'
import { serviceManager } from './service-manager.ts'

export interface CgroupDriver {
  /** What the running engine says, else what is asked for, else the default: `systemd`, `cgroupfs`, `none`. */
  readonly effective: string
  /** The value of `native.cgroupdriver`; null where the engine chooses. */
  readonly asked: string | null
  /** `exec-opts` as a whole, for a fix to keep the rest of it. */
  readonly execOpts: readonly string[]
  /** daemon.json, where the value is written there; null where it comes from a flag, or from nowhere. */
  readonly file: string | null
}

const OPTION = 'native.cgroupdriver='

export const cgroupDriver: Fact<CgroupDriver> = defineFact({
  name: 'cgroupDriver',
  about: "The engine's cgroup driver, in use and asked for.",
  needs: { engine: maybe(runningEngine), settings: maybe(daemonSettings), cgroups, manager: serviceManager },
  parse: (_, { engine, settings, cgroups, manager }) => {
    const running = engine.known ? engine.value?.info.cgroupDriver : undefined
    if (!settings.known && !running)
      return unavailable(settings.why.source, { ...settings.why, durationMs: 0 })
    const execOpts = settings.known ? settings.value.list('exec-opts') : []
    const asked = execOpts.findLast((option) => option.startsWith(OPTION))?.slice(OPTION.length) ?? null
    const filed = settings.known && settings.value.file.state === 'present' ? settings.value.file : null
    // https://docs.docker.com/reference/cli/dockerd/#options-for-the-runtime
    const byDefault = cgroups.mode === 'v2' && manager.kind === 'systemd' ? 'systemd' : 'cgroupfs'
    return {
      effective: running || asked || byDefault,
      asked,
      execOpts,
      file: filed && (asked === null || 'exec-opts' in filed.value) ? filed.path : null,
    }
  },
})

/** `exec-opts` with this driver in place of any other. */
export const withDriver = (execOpts: readonly string[], driver: string): readonly string[] => [
  ...execOpts.filter((option) => !option.startsWith(OPTION)),
  `${OPTION}${driver}`,
]
