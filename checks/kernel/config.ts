import { isPresent, kernelFeatures } from '../../src/facts/kernel-features.ts'
import { missingOptions } from '../../src/facts/missing-options.ts'
import { settings } from '../../src/facts/settings.ts'
import type { FeatureOptions } from '../../src/kernel-config/index.ts'
import { defineCheck, fail, warn } from '../../src/model/check.ts'
import { maybe } from '../../src/model/fact.ts'
import { manualFix } from '../../src/model/fix.ts'

/** What a swarm's networks between hosts are made of: https://docs.docker.com/engine/network/drivers/overlay/ */
const FOR_SWARM = ['overlay networks', 'swarm load balancing']

const words = (missing: readonly FeatureOptions[]) => ({
  features: missing.map(({ feature }) => feature).join(', '),
  options: missing.flatMap(({ options }) => options).join(' '),
})

export default defineCheck({
  id: 'kernel/config',
  title: 'The kernel is built with what the engine needs',
  why: 'What the kernel is built without, no module and no setting can add.',
  profiles: ['docker', 'rootless', 'swarm'],
  needs: { missing: maybe(missingOptions), features: kernelFeatures, settings },
  causedBy: ['host/virtualization'],
  symptoms: [
    /Table does not exist \(do you need to insmod\?\)/i,
    /iptables or your kernel needs to be upgraded/i,
  ],
  findings: {
    missing: fail('this kernel is built without {features}: {path} lacks {options}'),
    missingForSwarm: warn('this kernel is built without {features}: {path} lacks {options}'),
  },
  evaluate({ missing, features, settings }, report) {
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
    const data = { required, optional }
    const another = manualFix(
      "Boot the distribution's own kernel, or build this one with the options named.",
      'Where only the legacy iptables tables are missing, switch iptables to its nf_tables variant instead: update-alternatives --config iptables.',
    )
    if (required.length > 0) return report('missing', { path, ...words(required) }, another, data)
    const swarm = optional.filter(({ feature }) => FOR_SWARM.includes(feature))
    if (settings.profile === 'swarm' && swarm.length > 0) {
      return report('missingForSwarm', { path, ...words(swarm) }, another, data)
    }
    return report.pass(`${path} has everything required`, data)
  },
})
