import { dataRootFileSystem } from '../../src/facts/data-root.ts'
import { isFull, isScarce } from '../../src/facts/scarce-space.ts'
import { bytes } from '../../src/facts/units.ts'
import { defineCheck, fail, warn } from '../../src/model/check.ts'
import { manualFix } from '../../src/model/fix.ts'

const freeSpace = manualFix(
  'Free space for images and containers',
  'See what takes the space: docker system df; du -xsh /var/lib/docker/* | sort -h',
  'Then remove what nobody needs: docker system prune (stopped containers, unused networks, dangling images), or enlarge the disk.',
)

export default defineCheck({
  id: 'storage/space',
  title: 'The data root has space left',
  why: 'On a full disk images cannot be pulled, containers cannot start and running ones fail to write.',
  profiles: ['docker', 'swarm', 'rootless'],
  needs: { fileSystem: dataRootFileSystem },
  symptoms: [/no space left on device/i],
  findings: {
    full: fail('{path} is full: {available} left, {percent} % used'),
    nearlyFull: warn('{path} is nearly full: {available} left, {percent} % used'),
  },
  evaluate({ fileSystem }, report) {
    const { available, total, usedPercent } = fileSystem.bytes
    const data = { path: fileSystem.path, availableBytes: available, totalBytes: total, usedPercent }
    const slots = { path: fileSystem.path, available: bytes(available), percent: usedPercent }
    if (total === 0) return report.unknown(`${fileSystem.path}: the file system tells no size`)
    if (isFull(fileSystem)) return report('full', slots, freeSpace, data)
    if (isScarce(fileSystem)) return report('nearlyFull', slots, freeSpace, data)
    return report.pass(`${bytes(available)} left in ${fileSystem.path}`, data)
  },
})
