import { dataRootFileSystem } from '../../src/facts/data-root.ts'
import { runningEngine } from '../../src/facts/engine.ts'
import { pruneBuildCache, pruneLeftovers } from '../../src/facts/prune-steps.ts'
import { bytes } from '../../src/facts/units.ts'
import { leftoverImages, type UnusedSpace, unusedSpace } from '../../src/facts/unused-space.ts'
import { defineCheck, warn } from '../../src/model/check.ts'
import { maybe } from '../../src/model/fact.ts'
import { disruptive, type Fix, manual, manualFix } from '../../src/model/fix.ts'
import { says, shows } from '../../src/model/symptom.ts'

/** Our own choices: a tenth of a disk is worth a word; a few left-overs of builds, and small ones, are nobody's trouble. */
const SHARE_OF_DISK = 0.1
const MANY_LEFTOVERS = 5

const removeLeftovers = disruptive(
  'Remove the images that have no name and no container; what has either stays',
  pruneLeftovers,
)

const PRUNES: readonly (readonly [keyof UnusedSpace, string, string])[] = [
  ['buildCache', 'build cache', ''],
  [
    'containers',
    'stopped containers',
    'docker container prune removes every stopped container with the files in it, and its log.',
  ],
  [
    'images',
    'unused images',
    'docker image prune removes images without a name. With -a it removes every image that no container uses: those have to be pulled again, and what was only built here is lost.',
  ],
]

/** Build cache alone can be made again by itself; a person looks through the rest before it is gone. */
function prune(unused: UnusedSpace): Fix {
  const texts = PRUNES.flatMap(([kind, , text]) => (unused[kind] > 0 && kind !== 'buildCache' ? [text] : []))
  return unused.buildCache > 0
    ? disruptive(
        'Remove the build cache, and see what else nobody uses',
        pruneBuildCache,
        ...texts.map(manual),
      )
    : manualFix('See what nobody uses (docker system df -v), and remove it', ...texts)
}

export default defineCheck({
  id: 'storage/reclaimable',
  title: 'Unused images and build cache do not fill the disk',
  why: 'Builds and updates leave images, layers and containers behind, until the disk is full.',
  profiles: ['docker', 'swarm'],
  needs: {
    engine: runningEngine,
    disk: dataRootFileSystem,
    leftover: leftoverImages,
    unused: maybe(unusedSpace),
  },
  symptoms: () => [
    shows(/RECLAIMABLE\s/, 0.65),
    says(/docker system (?:df|prune)|\bunused images|\bdangling/, 0.6),
    says(
      [
        /overlay2\b|\/var\/lib\/(?:docker|containerd)|\bdisk (?:usage|space)|磁盘/,
        /\baccumulat|\bgrow(?:s|ing)\b|\bkeeps? (?:growing|increasing|filling)|越来越大|不断增长/,
      ],
      0.55,
    ),
  ],
  findings: {
    scarce: warn('{path} is {percent} % full, and {amount} of it nobody uses: {what}'),
    leftovers: warn(
      '{count} of {total} images have neither a name nor a container: builds left up to {amount} behind',
    ),
  },
  evaluate({ engine, disk, leftover, unused }, report) {
    if (engine === null) return report.skip('no engine runs that could tell')
    if (!unused.known) return report.unknown(unused.why)
    if (unused.value) {
      const amount = unused.value.images + unused.value.buildCache + unused.value.containers
      if (amount > disk.bytes.total * SHARE_OF_DISK) {
        const parts = PRUNES.map(([kind, name]) => [name, unused.value?.[kind] ?? 0] as const)
        const what = parts.flatMap(([name, size]) => (size > 0 ? [`${name} ${bytes(size)}`] : [])).join(', ')
        const { path } = disk
        const slots = { path, percent: disk.bytes.usedPercent, amount: bytes(amount), what }
        return report('scarce', slots, prune(unused.value), { ...unused.value })
      }
    }
    const { count, of } = leftover
    const isMuch = leftover.bytes > of.bytes / 2 && leftover.bytes > disk.bytes.total * SHARE_OF_DISK
    if (count >= MANY_LEFTOVERS && isMuch) {
      const slots = { count, total: of.count, amount: bytes(leftover.bytes) }
      return report('leftovers', slots, removeLeftovers, { bytes: leftover.bytes })
    }
    return report.pass()
  },
})
