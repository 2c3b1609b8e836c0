import { confinement } from '../../src/facts/confinement.ts'
import { engineState } from '../../src/facts/engine.ts'
import { processorFlags } from '../../src/facts/hardware.ts'
import { virtualization } from '../../src/facts/virtualization.ts'
import { defineCheck, fail, warn } from '../../src/model/check.ts'
import { maybe } from '../../src/model/fact.ts'
import { manualFix } from '../../src/model/fix.ts'

export default defineCheck({
  id: 'host/virtualization',
  title: 'The host may run containers where it runs itself',
  why: 'Inside some containers and subsystems the kernel, or those who own it, do not let an engine work.',
  profiles: ['docker', 'rootless', 'swarm'],
  needs: {
    where: virtualization,
    confinement: maybe(confinement),
    flags: maybe(processorFlags),
    engine: maybe(engineState),
  },
  symptoms: [
    /attempted to load a profile while confined/i,
    /open sysctl net\.ipv4\.ip_unprivileged_port_start file: .*permission denied/i,
    /\d-Microsoft\b/,
    /CPU does not support x86-64-v[23]/i,
    /fork\/exec \/proc\/self\/exe: permission denied/i,
  ],
  findings: {
    wsl1: fail('this is WSL 1, which translates system calls and has no Linux kernel: no engine runs on it'),
    openvz: fail(
      'this is an OpenVZ container: its kernel offers no overlay, no bridges and no netfilter to an engine',
    ),
    noNesting: fail(
      'this is an LXC container without nesting: AppArmor and the missing mounts keep containers from starting',
    ),
    cpuMasked: warn(
      'the hypervisor hides {flags} of the processor: images built for x86-64-v2 end with "CPU does not support x86-64-v2"',
    ),
    unprivileged: warn(
      'this is a {container} container without CAP_SYS_ADMIN: an engine cannot start containers here',
    ),
  },
  evaluate({ where, confinement, flags, engine }, report) {
    const { container, machine, name } = where
    const hardware = flags.known ? flags.value.virtualization : null
    const data = { name, machine, hardwareVirtualization: hardware }
    if (container === 'wsl1')
      return report('wsl1', {}, manualFix('Convert it in Windows: wsl --set-version DISTRIBUTION 2.'), data)
    const hidden = flags.known && machine ? flags.value.lacksV2 : []
    if (hidden.length > 0 && !container) {
      const expose = manualFix(
        "Set the virtual machine's processor type to that of the machine below (host) and start it anew.",
      )
      return report('cpuMasked', { flags: hidden.join(', ') }, expose, data)
    }
    const works = engine.known && engine.value.state === 'answers'
    if (works || !container) return report.pass(described(name, container), data)
    if (container === 'openvz')
      return report('openvz', {}, manualFix('Ask the provider for a virtual machine (KVM) instead.'), data)
    if (!confinement.known) return report.unknown(confinement.why)
    const { mayAdminister, nesting, appArmor } = confinement.value
    if (container === 'lxc' && !nesting && !/unconfined/.test(appArmor)) {
      const allow =
        'On the machine outside, switch nesting on for this container and restart it: pct set ID --features nesting=1,keyctl=1, or incus config set NAME security.nesting=true.'
      return report('noNesting', {}, manualFix(allow), data)
    }
    if (!mayAdminister) {
      const privileged = manualFix(
        'Run the engine on the machine outside, or start this container with --privileged.',
      )
      return report('unprivileged', { container }, privileged, data)
    }
    return report.pass(described(name, container), data)
  },
})

const described = (name: string, container: string | null): string => {
  if (container) return `a ${container} container that may run an engine`
  return name === 'none' ? 'bare metal, or a machine that does not tell' : `a virtual machine (${name})`
}
