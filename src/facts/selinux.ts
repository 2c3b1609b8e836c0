/** SELinux: the mode now, the mode at the next boot, the policy for containers, and labels. */
import { type AsReading, asReading, defineFact, type Fact, maybe, orAbsent } from '../model/fact.ts'
import { type CommandSource, command, file, stat } from '../model/source.ts'
import { dataRoot } from './data-root.ts'
import { containers } from './engine.ts'
import { kernelFileSystems } from './storage-drivers.ts'

export type SelinuxMode = 'enforcing' | 'permissive' | 'disabled'

/** The mode now; `unsupported` where the kernel has no SELinux. */
export const selinuxMode: Fact<SelinuxMode | 'unsupported'> = defineFact({
  name: 'selinuxMode',
  about: "SELinux's mode now.",
  needs: { kernelFileSystems },
  reads: { enforce: orAbsent(file('/sys/fs/selinux/enforce')) },
  parse: ({ enforce }, { kernelFileSystems }) => {
    if (enforce !== null) return enforce.trim() === '1' ? 'enforcing' : 'permissive'
    return kernelFileSystems.has('selinuxfs') ? 'disabled' : 'unsupported'
  },
})

export const SELINUX_CONFIG = '/etc/selinux/config'

export interface SelinuxConfig {
  readonly mode: SelinuxMode
  /** The line as it stands. */
  readonly text: string
  /** 1-based. */
  readonly line: number
}

/** The mode at the next boot; null where nothing is configured. */
export const selinuxConfig: Fact<SelinuxConfig | null> = defineFact({
  name: 'selinuxConfig',
  about: "SELinux's mode at the next boot (/etc/selinux/config); null where nothing is configured.",
  reads: { text: orAbsent(file(SELINUX_CONFIG)) },
  parse: ({ text }) => parseSelinuxConfig(text ?? ''),
})

/** Finds `SELINUX=enforcing`; null where there is none. Never throws. */
export function parseSelinuxConfig(text: string): SelinuxConfig | null {
  const lines = text.split('\n')
  const index = lines.findLastIndex((line) => /^\s*SELINUX\s*=/.test(line))
  const mode = /=\s*(enforcing|permissive|disabled)\b/.exec(lines[index] ?? '')?.[1] as
    | SelinuxMode
    | undefined
  return mode ? { mode, text: lines[index] ?? '', line: index + 1 } : null
}

/** Files of the package container-selinux, which hold the policy for containers. */
const POLICY_FILES = [
  '/usr/share/selinux/packages/container.pp.bz2',
  '/usr/share/selinux/packages/container.pp',
  '/usr/share/selinux/targeted/container.pp.bz2',
  '/usr/share/selinux/targeted/docker.pp.bz2',
] as const

export const containerPolicy: Fact<boolean> = defineFact({
  name: 'containerPolicy',
  about: 'Whether the SELinux policy for containers (container-selinux) is installed.',
  reads: Object.fromEntries(POLICY_FILES.map((path) => [path, orAbsent(stat(path))])),
  parse: (files) => Object.values(files).some((meta) => meta !== null),
})

const labelOf = (path: string): CommandSource => command(['stat', '-c', '%C', path])

/** The type in a label such as `system_u:object_r:container_var_lib_t:s0`; null where it has none. */
export const labelType = (label: string): string | null => label.trim().split(':')[2] ?? null

const typeFrom = (
  reading: { state: string; value?: { stdout: string; exit: number } } | undefined,
): string | null =>
  reading?.state === 'ok' && reading.value?.exit === 0 ? labelType(reading.value.stdout) : null

/** The SELinux type of the data root; null where SELinux is off, or the folder does not exist. */
export const dataRootLabel: Fact<string | null> = defineFact({
  name: 'dataRootLabel',
  about: 'The SELinux type of the data root; null where it has none.',
  needs: { dataRoot, mode: selinuxMode },
  reads: ({ dataRoot, mode }): Record<string, AsReading<CommandSource>> =>
    mode === 'enforcing' ? { label: asReading(labelOf(dataRoot)) } : {},
  reading: '$ stat -c %C of the data root (where SELinux enforces)',
  parse: ({ label }) => typeFrom(label),
})

export interface MountLabel {
  readonly container: string
  readonly path: string
  readonly type: string
}

const MOST_MOUNTS = 20

/** The SELinux types of the folders that running containers have mounted without asking for a label. */
export const bindLabels: Fact<readonly MountLabel[]> = defineFact({
  name: 'bindLabels',
  about: 'SELinux types of folders that containers mount without :z or :Z.',
  needs: { containers: maybe(containers), mode: selinuxMode },
  reads: ({ containers, mode }): Record<string, AsReading<CommandSource>> => {
    if (mode !== 'enforcing' || !containers.known) return {}
    const paths = containers.value.flatMap(({ binds }) =>
      binds.filter(unlabelled).map(({ source }) => source),
    )
    return Object.fromEntries(
      [...new Set(paths)].slice(0, MOST_MOUNTS).map((path) => [path, asReading(labelOf(path))]),
    )
  },
  reading: '$ stat -c %C of each folder that a container mounts (where SELinux enforces)',
  parse: (labels, { containers }): readonly MountLabel[] => {
    if (!containers.known) return []
    return containers.value.flatMap(({ name, binds }) =>
      binds.filter(unlabelled).flatMap(({ source }) => {
        const type = typeFrom(labels[source])
        return type ? [{ container: name, path: source, type }] : []
      }),
    )
  },
})

const unlabelled = ({ mode }: { readonly mode: string }): boolean => !/\bz\b/i.test(mode)
