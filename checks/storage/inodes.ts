import { NO_SPACE } from '../../src/diagnose/phenomena.ts'
import { dataRootFileSystem } from '../../src/facts/data-root.ts'
import { pruneLeftovers } from '../../src/facts/prune-steps.ts'
import { leftoverImages } from '../../src/facts/unused-space.ts'
import { defineCheck, fail, warn } from '../../src/model/check.ts'
import { maybe } from '../../src/model/fact.ts'
import { disruptive, type Fix, manual, manualFix } from '../../src/model/fix.ts'
import { among, mentions, says, shows } from '../../src/model/symptom.ts'

const EXHAUSTED_PERCENT = 99
const NEARLY_PERCENT = 90

const BY_HAND = [
  'Find the folders with most files: du --inodes -x /var/lib/docker | sort -n | tail',
  'Remove what nobody needs (docker system prune), or make the file system anew with more inodes (mkfs.ext4 -N), or as xfs, which has no fixed number.',
] as const

const freeInodes = (leftovers: number): Fix =>
  leftovers > 0
    ? disruptive('Remove images without a name', pruneLeftovers, ...BY_HAND.map(manual))
    : manualFix('Free inodes for images and containers', ...BY_HAND)

export default defineCheck({
  id: 'storage/inodes',
  title: 'The data root has inodes left',
  why: 'Without inodes every new file fails with "no space left on device", however much space is free.',
  profiles: ['docker', 'swarm', 'rootless'],
  needs: { fileSystem: dataRootFileSystem, leftover: maybe(leftoverImages) },
  symptoms: () => [
    among(NO_SPACE, 0.28),
    shows([/\bIUse%|\bIUsed\b|df -ih?\b/, /no space left|\bENOSPC\b|\b(?:9\d|100)%/], 0.85),
    mentions(/\bIUse%|\bIUsed\b|df -ih?\b/, 0.5),
    shows(/\b(?:mkdir|open|mknod|symlink|creat|link) \S+: no space left on device/, 0.5),
    says(/\binodes?\b/, 0.95),
    says(
      [
        /no space/,
        /\bplenty|\benough|\bfree\b|\bavailable\b|\bonly \d+ ?%|\bdf\b|\b(?:some|still|lots of) space|\bspace left(?! on)|\bdespite|还有/,
      ],
      0.65,
    ),
    shows([/no space left on device|\bENOSPC\b/, /^\/dev\/\S+ [^\n%]{0,80} [1-8]?\d% \/\s*$/], 0.6, {
      unless: /\b(?:100|9\d)% {1,20}\/|\bwrite \//,
    }),
  ],
  findings: {
    exhausted: fail('{path} has no inodes left: {free} of {total}'),
    nearlyExhausted: warn('{path} has few inodes left: {free} of {total}'),
  },
  evaluate({ fileSystem: { path, inodes }, leftover }, report) {
    const { free, total, usedPercent } = inodes
    if (total < 0) return report.unknown(`${path}: nobody told how many inodes there are`)
    if (total === 0) return report.pass('the file system has no fixed number of inodes')
    const slots = { path, free, total }
    const cure = freeInodes(leftover.known ? leftover.value.count : 0)
    if (free === 0 || usedPercent > EXHAUSTED_PERCENT) return report('exhausted', slots, cure, inodes)
    if (usedPercent > NEARLY_PERCENT) return report('nearlyExhausted', slots, cure, inodes)
    return report.pass(`${free} of ${total} inodes free in ${path}`, inodes)
  },
})
