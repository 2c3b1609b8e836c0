/** What /etc/containerd/config.toml says of the parts that a kubelet needs, and of its own format. */
import { asReading, defineFact, type Fact, unavailable } from '../model/fact.ts'
import { file } from '../model/source.ts'
import { atLeast } from '../versions.ts'
import { trial } from './engine-binaries.ts'
import { kubelet } from './kubelet.ts'
import { program } from './programs.ts'

export const CONTAINERD_CONFIG = '/etc/containerd/config.toml'

/** The whole line, to be replaced. */
export interface ConfigLine {
  readonly text: string
  readonly wanted: string
}

export interface ContainerdConfig {
  /** Of the format; 1 where the file does not say. */
  readonly version: number
  /** The line that switches off CRI; `text` is empty where it is spread over several lines. */
  readonly disablesCri: ConfigLine | null
  /** A key that the shims of today do not know, and with which CRI is not served. */
  readonly oldCgroupKey: ConfigLine | null
}

/**
 * Parses the few keys that matter, line by line. Never throws.
 * @see https://github.com/containerd/containerd/blob/main/docs/man/containerd-config.toml.5.md
 */
export function parseContainerdConfig(text: string): ContainerdConfig {
  const bare = text.replace(/^[ \t]*#.*$/gm, '')
  const version = /^[ \t]*version[ \t]*=[ \t]*(\d{1,3})\b/m.exec(bare)?.[1]
  const [list = '', names = ''] =
    /^[ \t]*disabled_plugins[ \t]*=[ \t]*\[([^\]]{0,4096})\].*$/m.exec(bare) ?? []
  const plugins = names
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean)
  const others = plugins.filter((name) => !/^["'](?:io\.containerd\.grpc\.v1\.)?cri["']$/.test(name))
  const key = /^[ \t]*systemd_cgroup[ \t]*=[ \t]*true\b.*$/m.exec(bare)?.[0]
  return {
    version: version === undefined ? 1 : Number(version),
    disablesCri:
      others.length < plugins.length
        ? { text: list.includes('\n') ? '' : list, wanted: `disabled_plugins = [${others.join(', ')}]` }
        : null,
    oldCgroupKey: key === undefined ? null : { text: key, wanted: key.replace('true', 'false') },
  }
}

export const containerdConfig: Fact<ContainerdConfig | null> = defineFact({
  name: 'containerdConfig',
  about: 'What the configuration of containerd says of CRI and of its own format; null where there is none.',
  reads: { config: asReading(file(CONTAINERD_CONFIG)) },
  parse: ({ config }) => {
    if (config.state === 'absent') return null
    return config.state === 'ok'
      ? parseContainerdConfig(config.value)
      : unavailable(CONTAINERD_CONFIG, config)
  },
})

/** The newest format that each version reads. @see https://github.com/containerd/containerd/blob/main/RELEASES.md#daemon-configuration */
const FORMATS = [
  ['2.3', 4],
  ['2.0', 3],
  ['1.3', 2],
] as const

/** The newest format that the installed containerd reads, and its version; null where it does not say. */
export const newestFormat: Fact<{ readonly containerd: string; readonly format: number } | null> = defineFact(
  {
    name: 'containerdFormat',
    about:
      'The newest format of its configuration that the installed containerd reads; null where it does not say.',
    needs: { trial: trial('containerd') },
    parse: (_, { trial }) => {
      const containerd = trial.state === 'runs' ? /\b(\d+\.\d+\.\d+)/.exec(trial.says)?.[1] : undefined
      if (containerd === undefined) return null
      return { containerd, format: FORMATS.find(([since]) => atLeast(containerd, since))?.[1] ?? 1 }
    },
  },
)

/** Whether a kubelet is to use containerd: where nothing tells, unless cri-dockerd stands between it and the engine. */
export const servesKubelet: Fact<boolean> = defineFact({
  name: 'servesKubelet',
  about: 'Whether the kubelet of this host starts its containers through containerd.',
  needs: { kubelet, shim: program('cri-dockerd') },
  parse: (_, { kubelet, shim }) =>
    kubelet !== null &&
    (kubelet.runtimeEndpoint === '' ? shim === null : kubelet.runtimeEndpoint.includes('containerd')),
})
