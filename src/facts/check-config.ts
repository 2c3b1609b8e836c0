/** What moby's contrib/check-config.sh says of the running kernel, and where it is known to be wrong. */
import { type AnsweredOption, answerConfig, listedOptions, type Use } from '../kernel-config/index.ts'
import { defineFact, type Fact } from '../model/fact.ts'
import { kernelConfig } from './kernel-config.ts'
import { kernelRelease } from './kernel-release.ts'
import { type MissingOptions, missingOptions } from './missing-options.ts'
import { settings } from './settings.ts'

export interface ScriptOption extends AnsweredOption {
  /** Why the script is wrong to call it missing. */
  readonly difference?: string
}
export interface ScriptAnswer {
  readonly path: string
  readonly options: readonly ScriptOption[]
  /** Whether the script itself misses none that it calls necessary. */
  readonly ready: boolean
}

/** Where an option is dispensable because the host does not use what needs it. */
const UNUSED: Readonly<Record<Use, string>> = {
  'cgroup-v1': 'only cgroup v1 uses it, and this host has v2',
  'cgroup-v2': 'only cgroup v2 uses it, and this host has v1',
  ipv6: 'only containers with IPv6 use it',
  swarm: 'only swarm uses it',
}

export const checkConfig: Fact<ScriptAnswer | null> = defineFact({
  name: 'checkConfig',
  about:
    "The answer of moby's check-config.sh, with its known errors; null in other profiles, and where no configuration is found.",
  needs: { settings, found: kernelConfig, release: kernelRelease, ours: missingOptions },
  parse: (_, { settings, found, release, ours }) => {
    if (settings.profile !== 'check-config' || !found || !ours) return null
    const { options, ready } = answerConfig(found.config, release)
    return { path: found.path, options: options.map((option) => compared(option, ours)), ready }
  },
})

function compared(option: AnsweredOption, { required, optional, standIns }: MissingOptions): ScriptOption {
  const missedByUs = [...required, ...optional].some(({ options }) => options.includes(option.name))
  const isRequired = required.some(({ options }) => options.includes(option.name))
  if (option.state !== 'missing' || isRequired) return option
  const standIn = standIns.find((each) => each.option === option.name)
  if (standIn) return { ...option, difference: standIn.why }
  const { onlyFor } = listedOptions.find(({ name }) => `CONFIG_${name}` === option.name) ?? {}
  if (onlyFor && (option.requirement === 'required' || !missedByUs)) {
    return { ...option, difference: UNUSED[onlyFor] }
  }
  return missedByUs ? option : { ...option, difference: 'what it is for is seen to work on this host' }
}
