/** Settings of daemon.json that the running engine does not have: it was not restarted, or not reloaded, since. */
import { defineFact, type Fact } from '../model/fact.ts'
import { daemonSettings } from './daemon-config.ts'
import { type EngineInfo, type EngineState, engineState } from './engine.ts'

export interface NotLoaded {
  readonly key: string
  readonly wanted: string
  /** A reload is enough. @see https://docs.docker.com/reference/cli/dockerd/#configuration-reload-behavior */
  readonly reloadable: boolean
}

const bare = (url: string): string => url.trim().toLowerCase().replace(/\/+$/, '')
/** The engine cuts a scheme off. */
const registryOf = (entry: string): string => bare(entry).replace(/^https?:\/\//, '')

/** What the engine says of itself, by key, for the settings where it says it plainly. */
const IN_EFFECT: readonly (readonly [
  key: string,
  reloadable: boolean,
  has: (info: EngineInfo, value: unknown) => boolean,
])[] = [
  [
    'registry-mirrors',
    true,
    (info, value) => isList(value, (one) => info.mirrors.map(bare).includes(bare(one))),
  ],
  [
    'insecure-registries',
    true,
    (info, value) =>
      isList(value, (one) =>
        one.includes('/') && !one.includes('://')
          ? true
          : info.insecureHosts.map(bare).includes(registryOf(one)),
      ),
  ],
  ['log-driver', false, (info, value) => info.loggingDriver === '' || info.loggingDriver === value],
  ['live-restore', true, (info, value) => typeof value !== 'boolean' || info.liveRestore === value],
  ['default-runtime', true, (info, value) => info.defaultRuntime === '' || info.defaultRuntime === value],
]

const isList = (value: unknown, each: (one: string) => boolean): boolean =>
  !Array.isArray(value) || value.every((one) => typeof one !== 'string' || each(one))

/** Compares values, not times: a file that was only touched is in effect. Empty where the engine cannot be asked. */
export const notLoadedSettings: Fact<readonly NotLoaded[]> = defineFact({
  name: 'notLoadedSettings',
  about: 'Settings of daemon.json that the running engine does not have.',
  needs: { settings: daemonSettings, state: engineState },
  parse: (_, { settings: { file }, state }): readonly NotLoaded[] => {
    const info = infoOf(state)
    if (!info || file.state !== 'present') return []
    return IN_EFFECT.flatMap(([key, reloadable, has]) => {
      const value = file.value[key]
      return value === undefined || value === '' || has(info, value)
        ? []
        : [{ key, wanted: JSON.stringify(value).slice(0, 120), reloadable }]
    })
  },
})

const infoOf = (state: EngineState): EngineInfo | null =>
  state.state === 'answers' ? state.engine.info : null
