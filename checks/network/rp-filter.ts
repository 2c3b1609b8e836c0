import { PORT_DEAD, TIMEOUT } from '../../src/diagnose/phenomena.ts'
import { runningEngine } from '../../src/facts/engine.ts'
import { filterKey, strictInterfaces } from '../../src/facts/reverse-path.ts'
import { defineCheck, warn } from '../../src/model/check.ts'
import { fix, setSysctl } from '../../src/model/fix.ts'
import { among, mentions, says, shows } from '../../src/model/symptom.ts'

/** Accepts what comes from an address that any interface leads to. @see https://datatracker.ietf.org/doc/html/rfc3704#section-2.4 */
const LOOSE = 2

export default defineCheck({
  id: 'network/rp-filter',
  title: 'Packets may come in another way than answers leave',
  why: 'A strict reverse path filter drops such packets without a word: published ports do not answer on that interface.',
  profiles: ['docker', 'swarm'],
  needs: { engine: runningEngine, strict: strictInterfaces },
  causedBy: ['engine/running'],
  symptoms: () => [
    shows(/\brp_filter\b|martian (?:source|destination)/, 0.93),
    says(/\brp_filter|reverse[- ]path|\basymmetric|\bmartian/, 0.95),
    says(
      [
        /\bmultiple networks|\btwo networks|\bsecond network|\bmore than one network|\bmultiple (?:interfaces|nics)|\btwo (?:interfaces|nics)|多网卡|双网卡/,
        /\bports?\b|\bconnect|\breach|\bhost\b|端口|访问/,
      ],
      0.7,
    ),
    among(PORT_DEAD, 0.05),
    among(TIMEOUT, 0.04),
    says(
      [
        /\btwo networks|\bmultiple networks|\bsecond network|\btwo (?:bridges|interfaces|nics)|\bmultiple (?:nics|interfaces)|\bmulti-?homed|多网卡|双网卡|两个网卡/,
        /\bpublished|\bport|\bfrom (?:the )?host|\breachable|端口/,
      ],
      0.8,
    ),
    mentions(/-m rpfilter [^\n]{0,80}--invert|nixos-fw-rpfilter/, 0.5),
    says(
      [
        /\banswers?\b|\brepl(?:y|ies)\b|\bpackets?\b|\bresponses?\b/,
        /\b(?:arriv|receiv|seen|com(?:e|es|ing) back)/,
        /\bvanish|\bsilently|\bdisappear|\bwithout (?:any )?(?:trace|counter|log)/,
      ],
      0.4,
    ),
  ],
  findings: {
    strict: warn(
      '{key} is 1, and containers answer through {other}: what reaches them from beyond through {interface} is dropped',
      { causedBy: [] },
    ),
  },
  evaluate({ engine, strict }, report) {
    if (!engine) return report.skip('no engine runs')
    const found = strict.map(({ name, answersLeaveBy: other, setBy }) => {
      const cure = fix(`Make the filter of ${name} loose`, setSysctl(filterKey(name), LOOSE))
      return report('strict', { key: filterKey(setBy), interface: name, other }, cure)
    })
    return report.all(found, () => report.pass())
  },
})
