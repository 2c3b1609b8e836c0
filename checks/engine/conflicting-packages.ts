import { ENGINE_DOWN, SOCKET_DENIED } from '../../src/diagnose/phenomena.ts'
import { CONTAINER, DOCKER } from '../../src/diagnose/words.ts'
import { packageConflicts } from '../../src/facts/package-conflicts.ts'
import { packageFamily } from '../../src/facts/package-manager.ts'
import { defineCheck, fail, warn } from '../../src/model/check.ts'
import { fix, manualFix, removePackages } from '../../src/model/fix.ts'
import { among, says, shows } from '../../src/model/symptom.ts'

export default defineCheck({
  id: 'engine/conflicting-packages',
  title: 'One engine is installed, and nothing in its way',
  why: 'Two engines fight over one socket and hide containers from each other; some packages keep an engine from being installed.',
  profiles: ['docker', 'swarm'],
  needs: { conflicts: packageConflicts, family: packageFamily },
  symptoms: () => [
    shows(
      /conflicts with (?:containerd(?:\.io)?|docker(?:\.io|-ce|-engine)?(?!\.service)|runc|podman\S*|moby-\S+)|(?:containerd\.io|docker-ce\S*|docker\.io|moby-engine|runc|podman-docker)[^\n]{0,80}\b[Cc]onflicts/,
      0.93,
    ),
    shows(
      /(?:docker(?:\.io|-ce|-ce-cli|-engine)?|containerd(?:\.io)?|runc|moby-\w+) ?:? (?:Depends|Conflicts|Breaks|PreDepends): /,
      0.9,
    ),
    shows(
      [
        /unmet dependencies|held broken packages|nothing provides|problem with installed package|Problem: /,
        /docker|containerd|podman|runc/,
      ],
      0.75,
    ),
    shows(/trying to overwrite '[^']*(?:docker|containerd|runc|ctr)[^']*', which is also in package/, 0.95),
    shows(/file \/\S+ from install of [^\n]*(?:docker|containerd|podman|runc)[^\n]* conflicts with/, 0.95),
    shows(/Emulate Docker CLI using podman/, 0.93),
    shows(/sudo docker[^\n]*\n[^\n]{0,20}(?:Got )?permission denied/, 0.8),
    shows(
      /(?:rpc error: code = \S+ desc = |cannot (?:stop|kill) container[^\n]{0,160}): ?permission denied|cannot (?:stop|kill) container[^\n]{0,200}permission denied/,
      0.5,
    ),
    shows(/mkdir \/var\/run\/docker\/(?:libcontainerd|containerd)\S*: file exists/, 0.7),
    says(
      [/\bsnap\b/, /\bapt\b|\bdeb\b|docker-ce|docker\.io|\brpm\b|\btwo\b|\bboth\b|\balso\b|另一个/, DOCKER],
      0.75,
    ),
    says(
      [
        /\bsudo\b|\broot\b/,
        /\bdocker (?:ps|images|info)|containers?|images?/,
        /\bdifferent|\bempty\b|\bnot (?:see|show|list)|\bonly with\b|不一样|不同/,
      ],
      0.55,
    ),
    says(
      [
        /\bcontainers?\b|\bimages?\b|容器|镜像/,
        /\bdisappear|\bgone\b|\bmissing\b|\bvanish|\bempty\b|不见|消失|没了/,
      ],
      0.5,
    ),
    says(
      [
        /\btwo\b|\bboth\b|\bduplicate|\bsecond\b|两个/,
        /\bdocker (?:daemons?|installations?|engines?|versions?)|dockerds?\b/,
      ],
      0.2,
    ),
    says([/\bconflict/, /docker(?:\.io|-ce)|containerd(?:\.io)?|podman|\bpackages?\b/], 0.65),
    says(
      [
        /\bpodman\b/,
        /\bdocker\b/,
        /\bboth\b|\bsame (?:host|machine|server|system|time)\b|\bside by side\b|\balongside\b|共存|同时/,
      ],
      0.4,
    ),
    shows(/unknown or invalid runtime name/, 0.12),
    among(SOCKET_DENIED, 0.11),
    among(ENGINE_DOWN, 0.05),
    shows(
      /unknown error after kill[^\n]*permission denied|unable to signal init: permission denied|failed to kill container[^\n]*permission denied/,
      0.5,
    ),
    says(
      [
        /\bcan(?:no|')t (?:stop|kill|remove)|\bunable to (?:stop|kill|remove)|无法(?:停止|删除)/,
        CONTAINER,
        /permission denied/,
      ],
      0.5,
    ),
    says(
      [
        /docker (?:ps|images|container ls)/,
        /\bshows? (?:nothing|no)|\bempty\b|\bno containers|\bnot listed|不显示|看不到/,
      ],
      0.6,
    ),
    shows(
      /(?:docker-ce|docker\.io|containerd\.io|docker-engine|docker-ce-cli)[^\n]{0,60}(?:but it is not (?:going to be )?install|is to be installed|obsoletes|replaces)|dpkg: error processing[^\n]*(?:docker|containerd|runc)/,
      0.55,
    ),
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
        ? manualFix(
            'Decide which of the two is wanted',
            'To remove the snap: snap remove docker. Its images and containers go with it (a snapshot of them is kept).',
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
