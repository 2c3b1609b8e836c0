/**
 * Fixes as data: a closed union of steps. One step is rendered as shell, simulated on a snapshot, and (later) applied and undone.
 */

/** What carrying out a fix costs: `disruptive` restarts the engine or drops containers. */
export type Risk = 'safe' | 'disruptive' | 'relogin' | 'reboot' | 'manual'

export type PackageFamily = 'apt' | 'dnf' | 'yum' | 'zypper' | 'apk' | 'pacman'

/** Where persisted kernel parameters go: sorts after every file that distributions ship. */
export const SYSCTL_FILE = '/etc/sysctl.d/99-zz-seaworthy.conf'

/** Sets a kernel parameter now and writes it to {@link SYSCTL_FILE}, or to `file`. */
export interface SysctlStep {
  readonly kind: 'sysctl'
  readonly key: string
  readonly value: string
  readonly file?: string
}
/** Makes a file have exactly this content (`mode` octal, e.g. `0o644`). */
export interface FileStep {
  readonly kind: 'file'
  readonly path: string
  readonly content: string
  readonly mode?: number
}
/** Replaces the whole line `from` by `to` (removes it where `to` is null). */
export interface LineStep {
  readonly kind: 'line'
  readonly path: string
  readonly from: string
  readonly to: string | null
}
/** Removes a file, or an empty directory that stands where a file belongs. */
export interface RemoveStep {
  readonly kind: 'remove'
  readonly path: string
}
export interface MoveStep {
  readonly kind: 'move'
  readonly from: string
  readonly to: string
}
/** Sets (or, with `value: undefined`, removes) one key of a JSON file, keeping order, indentation and all other content. */
export interface JsonStep {
  readonly kind: 'json'
  readonly path: string
  readonly key: readonly string[]
  readonly value: unknown
}
export interface ServiceStep {
  readonly kind: 'service'
  readonly name: string
  readonly action: 'start' | 'stop' | 'restart' | 'reload' | 'enable' | 'disable' | 'unmask'
}
/** Writes `/etc/systemd/system/<unit>.d/<name>.conf` and reloads systemd. */
export interface DropInStep {
  readonly kind: 'dropIn'
  readonly unit: string
  readonly name: string
  readonly content: string
}
/** Installs or removes packages; the name may differ by package manager. */
export interface PackageStep {
  readonly kind: 'package'
  readonly action: 'install' | 'remove'
  readonly manager: PackageFamily
  readonly packages: readonly string[]
  /** The lists of the repositories are fetched first, so that the newest version is found (apt; the others fetch theirs by themselves). */
  readonly refresh?: true
  /** Only versions that begin with this, epoch included where the packages have one: `5:28.`. */
  readonly within?: string
}
export interface GroupStep {
  readonly kind: 'group'
  readonly name: string
}
export interface MembershipStep {
  readonly kind: 'membership'
  readonly user: string
  readonly group: string
}
/** Loads a kernel module now and at boot. */
export interface ModuleStep {
  readonly kind: 'module'
  readonly name: string
}
/** Adds (or removes) an argument of the kernel's command line; takes effect at the next boot. */
export interface KernelArgumentStep {
  readonly kind: 'kernelArgument'
  readonly argument: string
  readonly remove?: true
}
export interface OwnershipStep {
  readonly kind: 'ownership'
  readonly path: string
  readonly owner?: string
  readonly group?: string
  readonly mode?: number
}
/** A rule of iptables: put at the head of its chain unless it stands in it, or taken out of it. */
export interface IptablesStep {
  readonly kind: 'iptables'
  readonly program: string
  readonly action: 'insert' | 'delete'
  readonly table: string
  readonly chain: string
  /** Its words, without table and chain, e.g. `-i docker0 -j ACCEPT`. */
  readonly rule: readonly string[]
}
/** A rule of nftables at the head of its chain. */
export interface NftStep {
  readonly kind: 'nft'
  readonly family: string
  readonly table: string
  readonly chain: string
  /** Its words, e.g. `iifname "docker0" accept`. */
  readonly rule: readonly string[]
}
/** Adds something to a zone of firewalld (to its default zone without one): now, for the next boot, or both where `scope` does not say. */
export interface FirewalldStep {
  readonly kind: 'firewalld'
  readonly zone?: string
  readonly scope?: 'now' | 'atBoot'
  readonly what: 'port' | 'protocol' | 'rich-rule' | 'interface' | 'masquerade'
  /** E.g. `53/udp`, `esp`, a rich rule, `docker0`; empty for masquerade. */
  readonly value: string
  /** Takes it out instead. */
  readonly remove?: true
}
/** Mounts what /etc/fstab or the step names, changes a mount's options, or takes it off. */
export interface MountStep {
  readonly kind: 'mount'
  readonly action: 'mount' | 'remount' | 'unmount'
  readonly path: string
  readonly source?: string
  readonly type?: string
  readonly options?: readonly string[]
}
/** Has the engine trust a registry by a certificate that lies on the host. No restart is needed. */
export interface CertificateStep {
  readonly kind: 'certificate'
  /** As images name it, e.g. `reg.example:5000`. */
  readonly registry: string
  /** The file with the certificate of its authority, in PEM. */
  readonly from: string
}
/**
 * A program run by argv that has a native meaning on the host (setenforce, ip, update-alternatives, …), where no other kind of step is meant for it.
 * `unless` succeeds where nothing is left to do, so that a second run changes nothing.
 */
export interface CommandStep {
  readonly kind: 'command'
  readonly argv: readonly [string, ...string[]]
  /** Nothing is done where this command succeeds. */
  readonly unless?: readonly [string, ...string[]]
  /** Nothing is done where this command fails. */
  readonly onlyIf?: readonly [string, ...string[]]
  /** What takes it back. Without it, it cannot be taken back, and the plan says so. */
  readonly undo?: readonly [string, ...string[]]
  /** What this prints beforehand is kept; `undo` reads it from its standard input. */
  readonly undoReads?: readonly [string, ...string[]]
  /** Files that the program changes: they are kept, and put back when it is taken back. */
  readonly changes?: readonly string[]
}
/** A reload: it is taken back by doing it once more, after the files are as they were. */
export const isOwnWayBack = ({ argv, undo }: CommandStep): boolean =>
  undo !== undefined && String(undo) === String(argv)

/** Has something that runs follow its files: needed after a change of them. */
export const isTurn = (step: Step): boolean =>
  step.kind === 'service'
    ? step.action === 'restart' || step.action === 'reload'
    : step.kind === 'command' && isOwnWayBack(step)

export interface ReloginStep {
  readonly kind: 'relogin'
  readonly user: string
  /** The group that the session lacks: `newgrp` does for one shell. Without it, something else is to be forgotten. */
  readonly group?: string
}
export interface RebootStep {
  readonly kind: 'reboot'
}
/** What only a person can do or decide, in one or two sentences. */
export interface ManualStep {
  readonly kind: 'manual'
  readonly text: string
}

export type Step =
  | SysctlStep
  | FileStep
  | LineStep
  | RemoveStep
  | MoveStep
  | JsonStep
  | ServiceStep
  | DropInStep
  | PackageStep
  | GroupStep
  | MembershipStep
  | ModuleStep
  | KernelArgumentStep
  | OwnershipStep
  | IptablesStep
  | NftStep
  | FirewalldStep
  | MountStep
  | CertificateStep
  | CommandStep
  | ReloginStep
  | RebootStep
  | ManualStep

export interface Fix {
  /** One imperative sentence. */
  readonly summary: string
  readonly risk: Risk
  readonly steps: readonly Step[]
}

const RISKS: readonly Risk[] = ['safe', 'relogin', 'disruptive', 'reboot', 'manual']

/** The least that a step costs; a fix costs as much as its dearest step. */
export function stepRisk(step: Step): Risk {
  if (step.kind === 'manual' || step.kind === 'reboot' || step.kind === 'relogin') return step.kind
  if (step.kind === 'kernelArgument') return 'reboot'
  if (step.kind === 'service') {
    return step.action === 'restart' || step.action === 'stop' ? 'disruptive' : 'safe'
  }
  if (step.kind === 'mount') return step.action === 'unmount' ? 'disruptive' : 'safe'
  return step.kind === 'package' && step.action === 'remove' ? 'disruptive' : 'safe'
}

/** A fix whose risk is that of its dearest step; `disruptive()` where the effect is worse than the steps tell. */
export const fix = (summary: string, ...steps: readonly Step[]): Fix => ({
  summary,
  steps,
  risk: steps.map(stepRisk).reduce((a, b) => (RISKS.indexOf(a) > RISKS.indexOf(b) ? a : b), 'safe'),
})
export const disruptive = (summary: string, ...steps: readonly Step[]): Fix => ({
  ...fix(summary, ...steps),
  risk: 'disruptive',
})
export const manual = (text: string): ManualStep => ({ kind: 'manual', text })
/** A fix that only a person can carry out. */
export const manualFix = (summary: string, ...texts: readonly string[]): Fix =>
  fix(summary, ...(texts.length > 0 ? texts : [summary]).map(manual))

export const setSysctl = (key: string, value: string | number, file?: string): SysctlStep => ({
  kind: 'sysctl',
  key,
  value: String(value),
  ...(file ? { file } : {}),
})
export const writeFile = (path: string, content: string, mode?: number): FileStep => ({
  kind: 'file',
  path,
  content,
  ...(mode === undefined ? {} : { mode }),
})
export const replaceLine = (path: string, from: string, to: string | null): LineStep => ({
  kind: 'line',
  path,
  from,
  to,
})
export const removePath = (path: string): RemoveStep => ({ kind: 'remove', path })
export const movePath = (from: string, to: string): MoveStep => ({ kind: 'move', from, to })
export const setJson = (path: string, key: readonly string[], value: unknown): JsonStep => ({
  kind: 'json',
  path,
  key,
  value,
})
export const service = (name: string, action: ServiceStep['action']): ServiceStep => ({
  kind: 'service',
  name,
  action,
})
export const restartEngine = service('docker', 'restart')
export const dropIn = (unit: string, name: string, content: string): DropInStep => ({
  kind: 'dropIn',
  unit,
  name,
  content,
})
export const installPackages = (manager: PackageFamily, ...packages: readonly string[]): PackageStep => ({
  kind: 'package',
  action: 'install',
  manager,
  packages,
})
/** Updates a package to the newest version that the repositories have now, `within` those that begin so. */
export const updatePackage = (manager: PackageFamily, name: string, within?: string): PackageStep => ({
  ...installPackages(manager, name),
  refresh: true,
  ...(within ? { within } : {}),
})
export const removePackages = (manager: PackageFamily, ...packages: readonly string[]): PackageStep => ({
  kind: 'package',
  action: 'remove',
  manager,
  packages,
})
export const addGroup = (name: string): GroupStep => ({ kind: 'group', name })
export const addMember = (user: string, group: string): MembershipStep => ({
  kind: 'membership',
  user,
  group,
})
export const loadModule = (name: string): ModuleStep => ({ kind: 'module', name })
export const kernelArgument = (argument: string): KernelArgumentStep => ({ kind: 'kernelArgument', argument })
export const removeKernelArgument = (argument: string): KernelArgumentStep => ({
  kind: 'kernelArgument',
  argument,
  remove: true,
})
export const setOwnership = (path: string, to: Omit<OwnershipStep, 'kind' | 'path'>): OwnershipStep => ({
  kind: 'ownership',
  path,
  ...to,
})
export const runCommand = (
  argv: CommandStep['argv'],
  options: Omit<CommandStep, 'kind' | 'argv'> = {},
): CommandStep => ({ kind: 'command', argv, ...options })
/** Has systemd read its units again, once they have changed and once they are as they were. */
export const reloadUnits = runCommand(['systemctl', 'daemon-reload'], {
  undo: ['systemctl', 'daemon-reload'],
})
/** @param at where the rule belongs, in the words of iptables */
export const insertRule = (at: Omit<IptablesStep, 'kind' | 'action'>): IptablesStep => ({
  kind: 'iptables',
  action: 'insert',
  ...at,
})
export const deleteRule = (at: Omit<IptablesStep, 'kind' | 'action'>): IptablesStep => ({
  kind: 'iptables',
  action: 'delete',
  ...at,
})
export const insertNftRule = (at: Omit<NftStep, 'kind'>): NftStep => ({ kind: 'nft', ...at })
export const firewalld = (change: Omit<FirewalldStep, 'kind'>): FirewalldStep => ({
  kind: 'firewalld',
  ...change,
})
export const mount = (
  action: MountStep['action'],
  path: string,
  what: Pick<MountStep, 'source' | 'type' | 'options'> = {},
): MountStep => ({ kind: 'mount', action, path, ...what })
export const trustCertificate = (registry: string, from: string): CertificateStep => ({
  kind: 'certificate',
  registry,
  from,
})
export const relogin = (user: string, group?: string): ReloginStep => ({
  kind: 'relogin',
  user,
  ...(group === undefined ? {} : { group }),
})
export const reboot: RebootStep = { kind: 'reboot' }
