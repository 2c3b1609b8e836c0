import { CHAIN_GONE, NETWORK_BROKEN, NO_OUTBOUND, TIMEOUT } from '../../src/diagnose/phenomena.ts'
import { FAILS, REACH } from '../../src/diagnose/words.ts'
import { dropsForwarded } from '../../src/facts/backend-conflict.ts'
import { runningEngine } from '../../src/facts/engine.ts'
import { iptables, iptablesProgram, UNSUPPORTED } from '../../src/facts/firewall.ts'
import { packageFamily } from '../../src/facts/package-manager.ts'
import { defineCheck, fail, warn } from '../../src/model/check.ts'
import { type Known, maybe } from '../../src/model/fact.ts'
import {
  type CommandStep,
  disruptive,
  fix,
  manual,
  manualFix,
  type PackageFamily,
  reboot,
  restartEngine,
  runCommand,
  type Step,
} from '../../src/model/fix.ts'
import { among, says, shows } from '../../src/model/symptom.ts'
import { atLeast } from '../../src/versions.ts'

/**
 * The first nft releases mangled rules that the engine writes; fixed in 1.8.4.
 * @see https://bugs.debian.org/914694
 */
const isEarlyNft = (version: string): boolean => atLeast(version, '1.8.0') && !atLeast(version, '1.8.4')

const NAMES = { nft: 'iptables-nft', legacy: 'iptables-legacy' } as const

/** Only Debian and its kin set these alternatives up; the engine writes rules for IPv6 as well. @see https://wiki.debian.org/iptables */
function useBackend(other: string, family: Known<PackageFamily | null>): readonly Step[] {
  if (family.known && family.value !== 'apt') {
    const how =
      'Install it, or a newer iptables or kernel that serve each other, by the means of this distribution.'
    return [manual(`Have iptables and ip6tables lead to ${other}. ${how}`)]
  }
  const current = other === NAMES.nft ? NAMES.legacy : NAMES.nft
  return ['iptables', 'ip6tables'].map((name) => {
    const choose = (backend: string) =>
      ['update-alternatives', '--set', name, `/usr/sbin/${backend.replace('iptables', name)}`] as const
    return runCommand(choose(other), { undo: choose(current) })
  })
}

/** Policies first: flushed under a policy DROP, the rules that let this very session in would be gone. */
function emptyRules(program: string): CommandStep[] {
  const empty = (table: string, rule: string, ...words: readonly string[]): CommandStep =>
    runCommand([program, '-t', table, ...words], {
      onlyIf: ['sh', '-c', '"$1" -t "$2" -S | grep -q -e "$3"', 'sh', program, table, rule],
      undo: [`${program}-restore`],
      undoReads: [`${program}-save`],
    })
  return [
    ...['INPUT', 'OUTPUT', 'FORWARD'].map((chain) =>
      empty('filter', `^-P ${chain} DROP`, '-P', chain, 'ACCEPT'),
    ),
    ...['filter', 'nat'].map((table) => empty(table, '^-A ', '-F')),
  ]
}

export default defineCheck({
  id: 'firewall/backends',
  title: 'One iptables backend is in use',
  why: 'Rules in the other backend are applied as well, and neither iptables -S nor the engine sees them.',
  profiles: ['docker', 'swarm'],
  needs: {
    program: iptablesProgram,
    iptables: maybe(iptables),
    engine: maybe(runningEngine),
    family: maybe(packageFamily),
  },
  causedBy: ['host/prerequisites'],
  needsRoot: true,
  symptoms: () => [
    shows(/RULE_(?:APPEND|INSERT|DELETE|REPLACE) failed|CHAIN_(?:USER_)?(?:ADD|DEL) failed/, 0.8),
    shows(
      /iptables-legacy tables present|table `\w+' is incompatible, use 'nft' tool|Could not fetch rule set generation id|iptables-nft|iptables-legacy|update-alternatives[^\n]*iptables/,
      0.85,
    ),
    shows(/\(nf_tables\): +Chain '?DOCKER'? does not exist/, 0.3),
    shows(/Unable to enable SKIP DNAT rule/, 0.2),
    shows(/Failed to initialize nft: Protocol not supported/, 0.3),
    shows(/iptables v1\.8\.\d+ \(legacy\): can't initialize|can't initialize iptables table/, 0.1),
    says(
      /\biptables-(?:legacy|nft)|\bnf_tables|\bnftables|iptables (?:>=? ?)?1\.8|\blegacy\b.{0,30}iptables|iptables.{0,30}\blegacy\b/,
      0.55,
    ),
    says(
      [
        /\bbuster\b|\bdebian 1[01]|\brhel ?8|\bcentos ?8|\bhost os\b/,
        /\bpods?\b|\bcontainers?\b|\bdocker\b/,
        REACH,
        FAILS,
      ],
      0.45,
    ),
    says(
      [
        /\bpods?\b|\bcontainers?\b/,
        /\bcompletely broken|\bno traffic|\bno (?:inter-?pod )?communication|\beven between|at all\b|inter-?pod/,
        REACH,
      ],
      0.65,
    ),
    among(CHAIN_GONE, 0.1),
    among(NO_OUTBOUND, 0.06),
    among(NETWORK_BROKEN, 0.08),
    among(TIMEOUT, 0.04),
    says(
      [
        /\bcalico\b|\bflannel\b|\bcilium\b|\bkube-?proxy\b|\bweave\b|\bcni\b/,
        /\bdebian\b|\bbuster|\brhel|\bcentos|\bfedora|\braspbian|\bubuntu 2\d/,
        FAILS,
      ],
      0.55,
    ),
    says(/\bswitch(?:ed|ing)? (?:to|from) (?:nft|iptables|nftables)|\biptables version/, 0.8),
    shows(/python-nftables|nftables error|netavark[^\n]*(?:iptables|nft)/, 0.5),
    shows(/Chain 'DNAT' does not exist|Chain 'MASQUERADE' does not exist/, 0.6),
    says(
      [
        /\bbuster\b|\bbullseye\b|\bdebian (?:1[0-2]|testing|sid)/,
        /\bpods?\b|\bworker|\bnodes?\b|\bkube/,
        REACH,
        FAILS,
      ],
      0.6,
    ),
  ],
  findings: {
    unsupported: fail('this kernel does not support {active}: {reason}', {
      causedBy: ['host/virtualization', 'kernel/modules-match', 'kernel/modules', 'kernel/config'],
    }),
    mixed: fail('{other} holds rules that stop container packets ({rule}), while the engine uses {active}'),
    leftovers: warn(
      '{other} holds rules too, while the engine uses {active}; they stop no container packets now',
    ),
    earlyNft: warn('iptables {version} with nft is known to mangle rules that the engine writes'),
  },
  evaluate({ program, iptables: rules, engine, family }, report) {
    if (!program) return report.skip('iptables is not installed')
    const active = NAMES[program.backend]
    const other = NAMES[program.backend === 'nft' ? 'legacy' : 'nft']
    if (!rules.known) {
      const { reason } = rules.why
      if (!UNSUPPORTED.test(reason)) return report.unknown(rules.why)
      const cure = fix(`Use ${other}`, ...useBackend(other, family), restartEngine)
      return report('unsupported', { active, reason }, cure)
    }
    const iptables = rules.value
    const version = iptables.active?.version
    if (program.backend === 'nft' && version && isEarlyNft(version)) {
      const cure = fix(
        'Use the legacy backend; a boot rids the kernel of the rules in the other one',
        ...useBackend('iptables-legacy', family),
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
        ...emptyRules(other),
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
