import { packageConflicts } from '../../src/facts/package-conflicts.ts'
import { packageFamily } from '../../src/facts/package-manager.ts'
import { defineCheck, fail, warn } from '../../src/model/check.ts'
import { disruptive, fix, manualFix, removePackages, runCommand } from '../../src/model/fix.ts'

export default defineCheck({
  id: 'engine/conflicting-packages',
  title: 'One engine is installed, and nothing in its way',
  why: 'Two engines fight over one socket and hide containers from each other; some packages keep an engine from being installed.',
  profiles: ['docker', 'swarm'],
  needs: { conflicts: packageConflicts, family: packageFamily },
  symptoms: [
    /conflicts with (?:runc|containerd|docker)/i,
    /held broken packages/i,
    /Emulate Docker CLI using podman/i,
  ],
  findings: {
    twoEngines: fail('{first} and {second} are both installed, and fight over one socket'),
    standIn: fail(
      'podman-docker is installed beside {engine}: which of the two the docker command is, is chance',
    ),
    inTheWay: warn('{packages} must be removed before docker-ce can be installed'),
  },
  evaluate({ conflicts: { engines, hasStandIn, inTheWay }, family }, report) {
    const [first, second] = engines
    if (first && second) {
      const remove = second.includes('snap')
        ? disruptive(
            'Remove the snap: its images and containers go with it (a snapshot of them is kept)',
            runCommand(['snap', 'remove', 'docker'], { unless: ['test', '!', '-e', '/snap/docker/current'] }),
          )
        : manualFix(`Decide which of the two is wanted, and remove the other with the package manager`)
      return report('twoEngines', { first, second }, remove)
    }
    if (first && hasStandIn) {
      const remove = family
        ? fix("Remove podman's stand-in; podman itself stays", removePackages(family, 'podman-docker'))
        : manualFix('Remove podman-docker; podman itself may stay')
      return report('standIn', { engine: first }, remove)
    }
    if (!first && inTheWay.length > 0) {
      const packages = inTheWay.join(', ')
      const remove = family
        ? fix('Remove them first', removePackages(family, ...inTheWay))
        : manualFix('Remove them with the package manager')
      return report('inTheWay', { packages }, remove)
    }
    return report.pass(first ? `${first} alone` : 'no package of an engine is installed', { engines })
  },
})
