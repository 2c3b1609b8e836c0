/** The kubelet, where this host is a Kubernetes node. */
import { type AsReading, asReading, defineFact, type Fact } from '../model/fact.ts'
import { type CommandSource, command, file } from '../model/source.ts'
import { program } from './programs.ts'

export interface Kubelet {
  /** e.g. `1.28.4`; empty where it does not say. */
  readonly version: string
  /** As written, which may be misspelt; null where nothing is configured. */
  readonly cgroupDriver: string | null
  /** Where {@link cgroupDriver} is written. */
  readonly cgroupDriverFile: string
  /** The line that says it; empty where none does. */
  readonly cgroupDriverLine: string
  /** e.g. `unix:///run/containerd/containerd.sock`; empty where it is not told. */
  readonly runtimeEndpoint: string
  /** Told to run on cgroup v1 all the same (`failCgroupV1: false`). */
  readonly allowsCgroupV1: boolean
}

/** @see https://kubernetes.io/docs/reference/config-api/kubelet-config.v1beta1/ */
const CONFIG = '/var/lib/kubelet/config.yaml'
const FLAG_FILES = [
  '/var/lib/kubelet/kubeadm-flags.env',
  '/etc/default/kubelet',
  '/etc/sysconfig/kubelet',
  '/etc/systemd/system/kubelet.service.d/10-kubeadm.conf',
  '/usr/lib/systemd/system/kubelet.service.d/10-kubeadm.conf',
] as const

const settings = defineFact({
  name: 'kubeletFiles',
  about: 'The text of the files that configure the kubelet, by path; those that cannot be read are empty.',
  reads: Object.fromEntries([...FLAG_FILES, CONFIG].map((path) => [path, asReading(file(path))])),
  parse: (readings): ReadonlyMap<string, string> =>
    new Map(
      Object.entries(readings).map(([path, reading]) => [path, reading.state === 'ok' ? reading.value : '']),
    ),
})

export const kubelet: Fact<Kubelet | null> = defineFact({
  name: 'kubelet',
  about: 'The version and the settings of the kubelet that matter to the engine; null where there is none.',
  needs: { path: program('kubelet'), files: settings },
  reads: ({ path }): Record<string, AsReading<CommandSource>> =>
    path ? { version: asReading(command(['kubelet', '--version'])) } : {},
  reading: '$ kubelet --version (where there is one)',
  parse: ({ version }, { path, files }) => {
    if (path === null) return null
    const said = version?.state === 'ok' ? version.value.stdout : ''
    return parseKubelet(said, files)
  },
})

/** Puts together what `kubelet --version` and the files say: the configuration file goes before flags only where they are silent. */
export function parseKubelet(version: string, files: ReadonlyMap<string, string>): Kubelet {
  const config = files.get(CONFIG) ?? ''
  const flag = (name: string): [value: string, file: string, line: string] | null => {
    for (const path of FLAG_FILES) {
      const [line, value] = new RegExp(`^.*--${name}[= ]([^\\s"]+).*$`, 'm').exec(files.get(path) ?? '') ?? []
      if (line !== undefined && value !== undefined) return [value, path, line]
    }
    return null
  }
  const written = (name: string) => new RegExp(`^${name}:[ \\t]*(\\S+).*$`, 'm').exec(config)
  const key = (name: string): string | null => written(name)?.[1] ?? null
  const driver = flag('cgroup-driver')
  return {
    version: /v(\d+\.\d+(?:\.\d+)?)/.exec(version)?.[1] ?? '',
    cgroupDriver: driver?.[0] ?? unquoted(key('cgroupDriver')),
    cgroupDriverFile: driver?.[1] ?? CONFIG,
    cgroupDriverLine: driver?.[2] ?? written('cgroupDriver')?.[0] ?? '',
    runtimeEndpoint:
      flag('container-runtime-endpoint')?.[0] ?? unquoted(key('containerRuntimeEndpoint')) ?? '',
    allowsCgroupV1: key('failCgroupV1') === 'false',
  }
}

/** YAML takes quotes off; flags do not. */
const unquoted = (value: string | null): string | null => value?.replace(/^(["'])(.*)\1$/, '$2') ?? null
