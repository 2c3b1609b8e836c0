import { dropsForwarded } from '../../src/facts/backend-conflict.ts'
import { runningEngine } from '../../src/facts/engine.ts'
import { iptables, iptablesProgram, UNSUPPORTED } from '../../src/facts/firewall.ts'
import { defineCheck, fail, warn } from '../../src/model/check.ts'
import { maybe } from '../../src/model/fact.ts'
import { disruptive, fix, manual, manualFix, reboot, restartEngine, runCommand } from '../../src/model/fix.ts'
import { atLeast } from '../../src/versions.ts'

/**
 * The first nft releases mangled rules that the engine writes; fixed in 1.8.4.
 * @see https://bugs.debian.org/914694
 */
const isEarlyNft = (version: string): boolean => atLeast(version, '1.8.0') && !atLeast(version, '1.8.4')

const NAMES = { nft: 'iptables-nft', legacy: 'iptables-legacy' } as const

export default defineCheck({
  id: 'firewall/backends',
  title: 'One iptables backend is in use',
  why: 'Rules in the other backend are applied as well, and neither iptables -S nor the engine sees them.',
  profiles: ['docker', 'swarm'],
  needs: { program: iptablesProgram, iptables: maybe(iptables), engine: maybe(runningEngine) },
  causedBy: ['host/prerequisites'],
  symptoms: [
    /# Warning: iptables-legacy tables present/i,
    /Failed to initialize nft: Protocol not supported/i,
    /can't initialize iptables table/i,
  ],
  needsRoot: true,
  findings: {
    unsupported: fail('this kernel does not support {active}: {reason}'),
    mixed: fail('{other} holds rules that stop container packets ({rule}), while the engine uses {active}'),
    leftovers: warn(
      '{other} holds rules too, while the engine uses {active}; they stop no container packets now',
    ),
    earlyNft: warn('iptables {version} with nft is known to mangle rules that the engine writes'),
  },
  evaluate({ program, iptables: rules, engine }, report) {
    if (!program) return report.skip('iptables is not installed')
    const active = NAMES[program.backend]
    const other = NAMES[program.backend === 'nft' ? 'legacy' : 'nft']
    if (!rules.known) {
      const { reason } = rules.why
      if (!UNSUPPORTED.test(reason)) return report.unknown(rules.why)
      const use = runCommand(['update-alternatives', '--set', 'iptables', `/usr/sbin/${other}`])
      return report('unsupported', { active, reason }, disruptive(`Use ${other}`, use, restartEngine))
    }
    const iptables = rules.value
    const version = iptables.active?.version
    if (program.backend === 'nft' && version && isEarlyNft(version)) {
      const cure = fix(
        'Use the legacy backend; a boot rids the kernel of the rules in the other one',
        runCommand(['update-alternatives', '--set', 'iptables', '/usr/sbin/iptables-legacy']),
        reboot,
      )
      return report('earlyNft', { version }, cure)
    }
    if (!iptables.other) return report.pass(version ? `${active} ${version}` : active)
    const blocking = dropsForwarded(iptables.other)
    const runs = engine.known && engine.value !== null
    if (blocking && runs) {
      const flush = disruptive(
        `Flush the rules of ${other}, then have the engine write its own again`,
        // Policies first: flushed under a policy DROP, the rules that let this very session in would be gone.
        ...['INPUT', 'OUTPUT', 'FORWARD'].map((chain) => runCommand([other, '-P', chain, 'ACCEPT'])),
        runCommand([other, '-F']),
        runCommand([other, '-t', 'nat', '-F']),
        restartEngine,
        manual(`Find what loads them at boot, and have it use ${active}.`),
      )
      return report('mixed', { other, active, rule: blocking }, flush)
    }
    const cure = manualFix(
      `Move the rules of ${other} to ${active}`,
      `See them with ${other}-save, write them with ${active}, then flush them: ${other} -F`,
    )
    return report('leftovers', { other, active }, cure)
  },
})
