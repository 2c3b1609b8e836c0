import { KernelConfigError } from './error.ts'
import { type KernelOption, listedOptions, type Requirement, vsyscallOptions } from './options.ts'
import { isSet, type KernelConfig, type OptionState, optionState, parseKernelConfig } from './parse.ts'
import { inRange, requireRelease, type Version } from './release.ts'

/** The answer of `seaworthy kernel-config`: the options that moby's check-config.sh lists, with the same states. */
export interface KernelConfigAnswer {
  /** As given, else as the configuration's header says. */
  readonly release: string
  readonly options: readonly AnsweredOption[]
  /**
   * No required option is missing. The script's exit status also depends on the machine it runs on (how cgroups are
   * mounted, whether apparmor_parser is installed, kernel.keys.root_maxkeys); a file says nothing about those.
   */
  readonly ready: boolean
}

/** One option in the answer. */
export interface AnsweredOption {
  /** With `CONFIG_`. */
  readonly name: string
  readonly state: OptionState
  readonly requirement: Requirement
  readonly feature: string
}

/**
 * Answers for the text of a configuration.
 * @param release the kernel release to judge for; by default the one in the configuration's header
 * @throws KernelConfigError where the release is malformed, or neither given nor in the header
 */
export function answerKernelConfig(text: string, release?: string): KernelConfigAnswer {
  const config = parseKernelConfig(text)
  return answerConfig(config, release ?? config.release ?? noRelease())
}

/** @throws KernelConfigError where the release is malformed */
export function answerConfig(config: KernelConfig, release: string): KernelConfigAnswer {
  const options = optionsFor(config, requireRelease(release)).map((option) => answered(config, option))
  return { release, options, ready: !options.some(isMissingRequired) }
}

/** The options that moby's script would list for this configuration on this kernel, each once. */
export function optionsFor(config: KernelConfig, version: Version): KernelOption[] {
  const listed = listedOptions.filter(
    (option) => inRange(version, option) && !(option.unless !== undefined && isSet(config, option.unless)),
  )
  const vsyscall = vsyscallOptions.find(({ name }) => isSet(config, name))
  return vsyscall === undefined ? listed : [...listed, vsyscall]
}

function answered(config: KernelConfig, { name, requirement, feature }: KernelOption): AnsweredOption {
  return { name: `CONFIG_${name}`, state: optionState(config, name), requirement, feature }
}

function isMissingRequired({ state, requirement }: AnsweredOption): boolean {
  return requirement === 'required' && state === 'missing'
}

function noRelease(): never {
  throw new KernelConfigError(
    'the configuration has no header that names its kernel release: give it with --release, such as --release 5.10.0-8-amd64',
  )
}
