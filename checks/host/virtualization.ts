import { NO_MODULE } from '../../src/diagnose/phenomena.ts'
import { DOCKER, FAILS } from '../../src/diagnose/words.ts'
import { confinement } from '../../src/facts/confinement.ts'
import { engineState } from '../../src/facts/engine.ts'
import { processorFlags } from '../../src/facts/hardware.ts'
import { virtualization } from '../../src/facts/virtualization.ts'
import { defineCheck, fail, warn } from '../../src/model/check.ts'
import { maybe } from '../../src/model/fact.ts'
import { manualFix } from '../../src/model/fix.ts'
import { among, says, shows } from '../../src/model/symptom.ts'

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
  symptoms: () => [
    shows(/running exec setns process for init caused \\*"exit status 23/, 0.85),
    shows(/Unable to replace "docker-default"|while confined\?/, 0.94),
    shows(/open sysctl \S+ file: reopen fd \d+: permission denied|ip_unprivileged_port_start file/, 0.95),
    shows(/4\.4\.0-\d+-Microsoft|could not be found in this WSL 1 distro/, 0.95),
    shows(
      /2\.6\.32-\S*(?:stab|openvz|pve|vz)|\buser_beancounters|3\.10\.0-\S*(?:\.vz7|ovz)|042stab|\bopenvz\b/i,
      0.98,
    ),
    shows(
      [
        /not found as a supported filesystem on this host/,
        /does not support (?:oom control|memory swappiness)|mountpoint for \w+ not found|Unable to find \w+ cgroup/,
      ],
      0.85,
    ),
    shows(/Running modprobe [\w ]{1,60} failed with message: ?(?:``)?,? ?,? error: exit status 1/, 0.45, {
      unless: /not found in directory|moddep|default "bridge" network/,
    }),
    shows(/iptables v1\.\d\.\d+ \(legacy\): can't initialize iptables table `filter'/, 0.25),
    shows(/CPU does not support x86-64-v\d|Fatal glibc error: CPU|Illegal instruction|cpu-features/, 0.9),
    shows(/fork\/exec \/proc\/self\/exe: permission denied/, 0.55),
    shows(
      /(?:mount|remount)[^\n]{0,60}(?:proc|cgroup|sysfs)[^\n]{0,40}(?:operation not permitted|permission denied)/,
      0.4,
    ),
    says([/\blxc\b|\blxd\b|\bproxmox|\bopenvz|\bvirtuozzo|\bunprivileged container|\bincus\b/, DOCKER], 0.5),
    says(/\bwsl ?1\b|\bwsl\b.{0,20}version 1/, 0.93),
    says(
      [
        /inside (?:a |the |an )?(?:docker )?container|docker in docker|\bdind\b|\bnested|\bkubernetes pod|容器(?:内|里)/,
        /\brootless|\bdockerd\b|\bdaemon|\bpodman|\bbuildah|\bbuildkit/,
      ],
      0.35,
    ),
    says([/\bvps\b/, DOCKER, FAILS], 0.5),
    among(NO_MODULE, 0.1),
    says([/\bkernel\b/, /\bvps\b|\bcontainer based|\bvirtuozzo|\bhosting/, DOCKER], 0.6),
    shows(
      /\bnot (?:supported|permitted|allowed) (?:in|inside) (?:an? )?(?:lxc|container|openvz)|container=lxc|\/dev\/\.lxc/,
      0.8,
    ),
    says(/\blxc\b|\bproxmox\b|\bincus\b|\blxd\b/, 0.7, { unless: /breaks?|libvirt/ }),
    shows(/ip_unprivileged_port_start[^\n]{0,60}permission denied/, 0.9),
    shows(
      /iptables[^\n]{0,60}Permission denied \(you must be root\)|cannot mount proc|mounting "(?:proc|sysfs|cgroup)"[^\n]*(?:permission denied|operation not permitted)/,
      0.6,
    ),
    shows(/open \/proc\/sys\/net\/\S+: read-only file system/, 0.65),
    shows(/oom_score_adj: permission denied/, 0.55),
    shows(/devices cgroup doesn't match target mode/, 0.65),
    shows(/cgroup\.procs: permission denied/, 0.5),
    says(
      [/\bsubsystem for (?:linux|windows)|\blinux subsystem|\bbash on (?:ubuntu on )?windows/, DOCKER, FAILS],
      0.5,
    ),
    // A virtual processor without what x86-64-v2 asks for.
    shows(
      [
        /^flags\s{0,20}: ?(?![^\n]{0,3000}\bsse4_2\b)[^\n]{0,3000}\bhypervisor\b/,
        /x86-64-v2|illegal instruction|SIGILL|\b132\b|CPU does not support/,
      ],
      0.9,
    ),
    shows(/(?:not found in directory|open (?:builtin|moddep) file) ?'?\/lib\/modules\/\S*-pve\b/, 0.75),
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
