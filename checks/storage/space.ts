import { NO_SPACE } from '../../src/diagnose/phenomena.ts'
import { DOCKER } from '../../src/diagnose/words.ts'
import { dataRootFileSystem } from '../../src/facts/data-root.ts'
import { pruneBuildCache, pruneLeftovers } from '../../src/facts/prune-steps.ts'
import { isFull, isScarce } from '../../src/facts/scarce-space.ts'
import { bytes } from '../../src/facts/units.ts'
import { leftoverImages, unusedSpace } from '../../src/facts/unused-space.ts'
import { defineCheck, fail, warn } from '../../src/model/check.ts'
import { maybe, type Values } from '../../src/model/fact.ts'
import { disruptive, type Fix, manual, manualFix } from '../../src/model/fix.ts'
import { among, says, shows } from '../../src/model/symptom.ts'

const needs = {
  fileSystem: dataRootFileSystem,
  leftover: maybe(leftoverImages),
  unused: maybe(unusedSpace),
}

const BY_HAND = [
  'See what takes the space: docker system df; du -xsh /var/lib/docker/* | sort -h',
  'Then remove what nobody needs: docker system prune (stopped containers, unused networks, dangling images), or enlarge the disk.',
] as const

function freeSpace({ leftover, unused }: Values<typeof needs>): Fix {
  const prunes = [
    ...(unused.known && (unused.value?.buildCache ?? 0) > 0 ? [pruneBuildCache] : []),
    ...(leftover.known && leftover.value.count > 0 ? [pruneLeftovers] : []),
  ]
  return prunes.length > 0
    ? disruptive('Remove build cache and images without a name', ...prunes, ...BY_HAND.map(manual))
    : manualFix('Free space for images and containers', ...BY_HAND)
}

export default defineCheck({
  id: 'storage/space',
  title: 'The data root has space left',
  why: 'On a full disk images cannot be pulled, containers cannot start and running ones fail to write.',
  profiles: ['docker', 'swarm', 'rootless'],
  needs,
  symptoms: () => [
    among(NO_SPACE, 0.5),
    shows(/^(?!\/dev\/loop\d)[^\n%]*\b(?:100|9[89])% +\/(?!snap\/)/, 0.85),
    shows(/write \S+: no space left on device/, 0.3),
    says(
      [
        /\bdisk\b|\bspace\b|\bpartition|磁盘|空间/,
        /\bfull\b|\bno (?:more )?space|\bout of\b|\b100 ?%|满|不足/,
      ],
      0.75,
      { unless: /inode|plenty|enough space|space (?:is )?(?:left|available|free)|还有.{0,6}空间/ },
    ),
    shows(/Error processing tar file\(exit status 1\): *(?!.*(?:permission|no such|operation))/, 0.45),
    shows(/[Ee]rror processing tar file[^\n]*(?:unexpected EOF|no space)/, 0.4),
    says([/\bprune|reclaim|清理/, DOCKER], 0.5),
    shows(/^(?!\/dev\/loop\d)[^\n%]*\b9[0-9]% +\//, 0.4),
    says([/100 ?%/, /\bfull\b|\bused?\b|\bdisk|满/], 0.85),
    says([/\bfull\b/, /\/var\/lib\/docker|\bdisk|\bpartition|\broot ?fs/], 0.8, { unless: /inode/ }),
    shows(
      /NodeHasDiskPressure|KubeletHasDiskPressure|DiskPressure +True|had condition: \[DiskPressure|had untolerated taint \{node\.kubernetes\.io\/disk-pressure|low on resource: ephemeral-storage|failed to garbage collect required amount/,
      0.88,
    ),
    says([/\bevict(?:ed|s|ion)?\b|驱逐/, /\bpods?\b|\bk3s\b|\bcluster\b|\bkubernetes|节点/], 0.4),
    shows(
      /write \/(?:etc\/docker|var\/lib\/(?:docker|containerd))\/(?!overlay|aufs|devicemapper)\S*: no space left on device/,
      0.9,
    ),
  ],
  findings: {
    full: fail('{path} is full: {available} left, {percent} % used'),
    nearlyFull: warn('{path} is nearly full: {available} left, {percent} % used'),
  },
  evaluate(facts, report) {
    const { fileSystem } = facts
    const { available, total, usedPercent } = fileSystem.bytes
    const data = { path: fileSystem.path, availableBytes: available, totalBytes: total, usedPercent }
    const slots = { path: fileSystem.path, available: bytes(available), percent: usedPercent }
    if (total === 0) return report.unknown(`${fileSystem.path}: the file system tells no size`)
    if (isFull(fileSystem)) return report('full', slots, freeSpace(facts), data)
    if (isScarce(fileSystem)) return report('nearlyFull', slots, freeSpace(facts), data)
    return report.pass(`${bytes(available)} left in ${fileSystem.path}`, data)
  },
})
