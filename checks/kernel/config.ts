import { NFT_REFUSED, NO_MODULE } from '../../src/diagnose/phenomena.ts'
import { DOCKER, FAILS } from '../../src/diagnose/words.ts'
import { checkConfig, type ScriptOption } from '../../src/facts/check-config.ts'
import { isPresent, kernelFeatures } from '../../src/facts/kernel-features.ts'
import { missingOptions } from '../../src/facts/missing-options.ts'
import { settings } from '../../src/facts/settings.ts'
import type { FeatureOptions } from '../../src/kernel-config/index.ts'
import { defineCheck, fail, warn } from '../../src/model/check.ts'
import { maybe } from '../../src/model/fact.ts'
import { manualFix } from '../../src/model/fix.ts'
import { among, says, shows } from '../../src/model/symptom.ts'

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
  symptoms: () => [
    among(NO_MODULE, 0.22),
    shows(/CONFIG_[A-Z0-9_]+(?:: | is )(?:missing|not set)/, 0.85, { unless: /Optional Features:/ }),
    shows(/CONFIG_[A-Z0-9_]+: missing(?=[\s\S]{0,4000}Optional Features:)/, 0.85),
    shows(/Extension \w+ revision \d+ not supported, missing kernel module/, 0.8),
    shows(
      /(?:not found in directory|open (?:builtin|moddep) file) ?'?\/lib\/modules\/\S*(?:bbr|surface|rk\d|rockchip|sunxi|meson|x13s|tegra|WSL2|xanmod|zen\d|custom|gentoo|synology|qnap|odroid|grsec|android|perf\+|openwrt|kvm-\w+|lineage|sdm\d|joey|l4t|imx|xilinx)/i,
      0.7,
    ),
    shows(/Failed to initialize nft: Protocol not supported/, 0.42),
    shows(/kernel-modules-extra/, 0.94),
    shows(
      /kernel does not (?:have|support) (?:veth|bridge|overlay|nat)|Your kernel does not support (?:IPVS|ipvlan|macvlan|vxlan)/,
      0.7,
    ),
    says(
      [
        /\bkernel\b|内核/,
        /\bcustom|\bcompil|\bself-?built|\bbuilt|\bconfig|\boption|\bCONFIG_|\bnf_tables|\bnetfilter|\bmissing\b|\bsupport|自编译|编译/,
      ],
      0.25,
    ),
    says(
      [
        /\bandroid|\btermux|\bsynology|\bqnap|\bchromebook|\bjetson|\brockchip|\borange ?pi|\bopenwrt|\bnas\b/,
        DOCKER,
        FAILS,
      ],
      0.2,
    ),
    says(
      [
        /\brhel ?10|centos stream 10|alma(?:linux)? ?10|rocky(?: linux)? ?10|\bel10\b/,
        /iptables|network|module|kernel|NAT/,
      ],
      0.8,
    ),
    shows(/iptables table .{0,8}(?:nat|filter|mangle).{0,24}does not exist/, 0.45),
    shows(/Couldn't load match `\w+'/, 0.6),
    shows(
      /failed to create bridge[^\n]*operation not supported|could not add "\w+": operation not supported|error creating vxlan interface: operation not supported|unknown filesystem type|Protocol not available|ip_vs|IPVS/,
      0.5,
    ),
    shows(/No cpu cfs (?:quota|period) support|does not support CPU cfs/, 0.85, {
      unless: /No cpu shares support|No memory limit|CPU shares/,
    }),
    shows(/mounting mqueue[^\n]{0,300}no such device/, 0.98),
    shows(/Could not process rule: (?:Operation not supported|Not supported)/, 0.65),
    says(
      [
        /\b(?:custom|own|self-?(?:made|built|compiled)|home-?made|hand-?built|vanilla|mainline) kernel|\bkernel (?:of my own|i (?:built|compiled|made))|(?:自己|自行|自)编译/,
        DOCKER,
      ],
      0.65,
    ),
    among(NFT_REFUSED, 0.4),
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
