import { installAnew } from '../../src/facts/engine-install.ts'
import { damagedPackage, engineTools } from '../../src/facts/engine-tools.ts'
import { install, packageFamily } from '../../src/facts/package-manager.ts'
import { defineCheck, fail, warn } from '../../src/model/check.ts'
import { maybe } from '../../src/model/fact.ts'
import { fix, restartEngine } from '../../src/model/fix.ts'
import { says, shows } from '../../src/model/symptom.ts'

const PACKAGES = {
  // EL8 and openEuler have a package of that name; EL9 and Fedora have iptables-nft, which provides it.
  iptables: { default: ['iptables'] },
  nft: { default: ['nftables'] },
  curl: { default: ['curl', 'ca-certificates'] },
} as const
/** Single commands need them (docker top, images packed with xz, builds from git): said, not held against the host. */
const NICE_TO_HAVE = ['ps', 'xz', 'git', 'modprobe', 'ip', 'ip6tables']

export default defineCheck({
  id: 'host/prerequisites',
  title: 'The programs that the engine runs are installed',
  why: 'The engine writes its rules through the firewall program of the host and does not start without it.',
  profiles: ['docker', 'rootless', 'swarm'],
  needs: { tools: engineTools, family: maybe(packageFamily), damaged: maybe(damagedPackage) },
  symptoms: () => [
    shows(
      /Iptables not found|exec: "?(?:ip6?tables|xz|unpigz|ps|git|modprobe|mount|ip)"?: executable file not found|iptables: (?:command )?not found|failed to find iptables/i,
      0.96,
    ),
    says([/\biptables\b/, /\bnot (?:found|installed)|\bmissing|没有安装/], 0.4),
  ],
  findings: {
    missing: fail('{tool} is not installed: the engine cannot write its rules and does not start'),
    missingForInstall: warn(
      'neither curl nor wget is installed: the engine cannot be fetched from its repository',
    ),
  },
  evaluate({ tools, family, damaged }, report) {
    const { paths, installed, running, firewallTool } = tools
    const has = (name: string): boolean => (paths.get(name) ?? null) !== null
    const lacking = NICE_TO_HAVE.filter((name) => !has(name))
    const data = { present: [...paths.keys()].filter(has), absent: lacking }
    const known = family.known ? family.value : null
    if (!installed) {
      if (running) return report.pass('the engine that answers brings its own', data)
      if (has('curl') || has('wget')) return report.pass('what an installation needs is there', data)
      return report('missingForInstall', {}, fix('Install curl', install(known, PACKAGES.curl)), data)
    }
    if (firewallTool && !has(firewallTool)) {
      const anew = damaged.known ? damaged.value : null
      const cure =
        known && anew
          ? fix(
              `Install ${anew} anew: ${firewallTool} is gone`,
              installAnew(known, anew, firewallTool),
              restartEngine,
            )
          : fix(`Install ${firewallTool}`, install(known, PACKAGES[firewallTool]), restartEngine)
      return report('missing', { tool: firewallTool }, cure, data)
    }
    const found = firewallTool ? `${paths.get(firewallTool)}` : 'the engine writes no rules'
    return report.pass(lacking.length > 0 ? `${found}; not installed: ${lacking.join(', ')}` : found, data)
  },
})
