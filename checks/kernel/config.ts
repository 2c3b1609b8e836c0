import { checkConfig, type ScriptOption } from '../../src/facts/check-config.ts'
import { isPresent, kernelFeatures } from '../../src/facts/kernel-features.ts'
import { missingOptions } from '../../src/facts/missing-options.ts'
import { settings } from '../../src/facts/settings.ts'
import type { FeatureOptions } from '../../src/kernel-config/index.ts'
import { defineCheck, fail, warn } from '../../src/model/check.ts'
import { maybe } from '../../src/model/fact.ts'
import { manualFix } from '../../src/model/fix.ts'

/** What a swarm's networks between hosts are made of: https://docs.docker.com/engine/network/drivers/overlay/ */
const FOR_SWARM = ['overlay networks', 'swarm load balancing']

/** What the script fails for, and wrongly so. */
const isDisputed = ({ requirement, difference }: ScriptOption): boolean =>
  requirement === 'required' && difference !== undefined

const words = (missing: readonly FeatureOptions[]) => ({
  features: missing.map(({ feature }) => feature).join(', '),
  options: missing.flatMap(({ options }) => options).join(' '),
})

export default defineCheck({
  id: 'kernel/config',
  title: 'The kernel is built with what the engine needs',
  why: 'What the kernel is built without, no module and no setting can add.',
  profiles: ['docker', 'rootless', 'swarm', 'check-config'],
  needs: { missing: maybe(missingOptions), features: kernelFeatures, script: maybe(checkConfig), settings },
  causedBy: ['host/virtualization'],
  symptoms: [
    /Table does not exist \(do you need to insmod\?\)/i,
    /iptables or your kernel needs to be upgraded/i,
  ],
  findings: {
    missing: fail('this kernel is built without {features}: {path} lacks {options}'),
    scriptDiffers: warn(
      'check-config.sh calls this kernel unfit for {options}, none of which this host needs',
    ),
    missingForSwarm: warn('this kernel is built without {features}: {path} lacks {options}'),
  },
  unfixable: {
    scriptDiffers: 'nothing is wrong with the host: the script asks for options that it can do without',
  },
  evaluate({ missing, features, script, settings }, report) {
    const options = missing.known ? missing.value : null
    if (!options) {
      const lacking = features.filter(
        (each) => !isPresent(each) && each.state !== 'loadable' && !each.optional,
      )
      if (lacking.length === 0) return report.pass('no configuration to read, and everything needed is there')
      return report.unknown(
        missing.known ? 'the configuration of this kernel is nowhere to be found' : missing.why,
      )
    }
    const { path, required, optional } = options
    const answer = script.known ? script.value : null
    const data = {
      required,
      optional,
      ...(answer ? { options: answer.options, scriptReady: answer.ready } : {}),
    }
    const another = manualFix(
      "Boot the distribution's own kernel, or build this one with the options named.",
      'Where only the legacy iptables tables are missing, switch iptables to its nf_tables variant instead: update-alternatives --config iptables.',
    )
    if (required.length > 0) return report('missing', { path, ...words(required) }, another, data)
    const swarm = optional.filter(({ feature }) => FOR_SWARM.includes(feature))
    if (settings.profile === 'swarm' && swarm.length > 0) {
      return report('missingForSwarm', { path, ...words(swarm) }, another, data)
    }
    const disputed = (answer?.options ?? []).filter(isDisputed).map(({ name }) => name)
    if (disputed.length > 0) return report('scriptDiffers', { options: disputed.join(' ') }, null, data)
    return report.pass(`${path} has everything required`, data)
  },
})
