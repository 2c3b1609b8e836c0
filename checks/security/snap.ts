import { SOCKET_DENIED } from '../../src/diagnose/phenomena.ts'
import { DOCKER, FAILS } from '../../src/diagnose/words.ts'
import {
  ignoredBySnap,
  SNAP_CONFIG,
  snapIsEngine,
  unseenBinds,
  unseenDataRoot,
} from '../../src/facts/docker-snap.ts'
import { runningEngine } from '../../src/facts/engine.ts'
import { dockerSnap } from '../../src/facts/engine-packages.ts'
import { defineCheck, type Found, fail, warn } from '../../src/model/check.ts'
import { maybe } from '../../src/model/fact.ts'
import { disruptive, manualFix, service, setJson } from '../../src/model/fix.ts'
import { among, says, shows } from '../../src/model/symptom.ts'

const restartSnap = service('snap.docker.dockerd', 'restart')

const replace =
  "To be rid of the confinement: save volumes, sudo snap remove docker, and install the engine from Docker's or the distribution's packages. The snap's images and containers stay behind."

export default defineCheck({
  id: 'security/snap',
  title: 'The engine is not confined to what a snap may see',
  why: 'The docker snap sees home folders and little else of the host: what it is given beyond that is read-only, empty or missing.',
  profiles: ['docker', 'swarm'],
  needs: {
    snap: dockerSnap,
    isEngine: snapIsEngine,
    engine: maybe(runningEngine),
    binds: unseenBinds,
    dataRoot: unseenDataRoot,
    ignored: ignoredBySnap,
  },
  symptoms: () => [
    shows(/snap\.docker|\/var\/snap\/docker|\/snap\/(?:bin\/)?docker|profile="snap/, 0.5),
    shows(
      /mkdir \/temp-docker-extract\d*: permission denied|(?:ApplyLayer|register layer)[^\n]{0,120}: permission denied/,
      0.8,
    ),
    shows(/error while creating mount source path[^\n]{0,200}read-only file system/, 0.8),
    shows(/error while creating mount source path/, 0.55),
    shows(/mkdir \S+: (?:file exists|read-only file system)/, 0.5),
    shows(/(?:open|lstat|stat|read) \/(?:tmp|mnt|media|opt|srv|home)\/\S+: no such file or directory/, 0.2),
    shows(/docker-entrypoint\.sh[^\n]{0,20}permission denied/, 0.6),
    says([/\bsnap\b|\bsnapd\b/, DOCKER], 0.4),
    says([/ubuntu server/, DOCKER], 0.15),
    says(
      [
        /docker (?:build|run|compose)/,
        /\bcan(?:no|')t (?:find|see|read)|no such file|does not exist|\bempty\b/,
        /\/tmp|\/mnt|\/media|\bhidden|\bsymlink|outside \/?home/,
      ],
      0.75,
    ),
    among(SOCKET_DENIED, 0.02),
    shows(
      /Can't add file \S+ to tar: open|error (?:checking context|from sender)[^\n]*(?:can't stat|permission denied|no permission)/,
      0.55,
    ),
    shows(
      /(?:open|lstat|stat|mkdir) \/(?:root|tmp|mnt|media|opt|srv|home|data|usr|var\/www)\/\S*: (?:permission denied|read-only file system)/,
      0.35,
    ),
    says(
      [
        /\bsymlink|\bhidden (?:folder|dir|file)|\/media\b|\/mnt\b|outside (?:of )?(?:my |the )?\/?home|\bnon-?home/,
        DOCKER,
        FAILS,
      ],
      0.4,
    ),
    says(
      [/\bmkdir\b/, /read-only file ?system|file exists/, /docker run|\bvolume|\bmount|\bsource path|-v\b/],
      0.75,
    ),
    shows(/bind source path does not exist: \/|invalid mount config for type "bind"/, 0.3),
    shows(/unable to prepare context: path "?\/|cannot open path of the current working directory/, 0.6),
    shows(
      /FileNotFoundError: \[Errno 2\][^\n]*docker-compose|\.(?:IOError|FileNotFoundError)|Couldn't find env file|open \/dev\/[^\n]*permission denied/,
      0.3,
    ),
  ],
  findings: {
    bindOutside: fail('{container} mounts {path}, which the docker snap cannot see: it cannot start'),
    dataRootOutside: fail(
      'the docker snap is to keep its data in {path}, which it cannot see: it does not start',
    ),
    configIgnored: warn('{paths} is not read: the engine is the docker snap, whose own is {own}'),
    confined: warn(
      'the engine is the docker snap: of this host it sees home folders (nothing hidden in them) and little else',
    ),
  },
  evaluate({ snap, isEngine, engine, binds, dataRoot, ignored }, report) {
    if (!snap) return report.pass('the docker snap is not installed')
    if (!isEngine) return report.pass('the docker snap is installed, and another engine is in use')
    const found: Found[] = []
    const [bind] = binds
    if (bind) {
      const move = manualFix(
        'Put the folder under /home and mount it from there, or install the engine from a package',
        'Under a home folder, and not a hidden one. For /media and /mnt: sudo snap connect docker:removable-media.',
        replace,
      )
      found.push(report('bindOutside', { container: bind.container, path: bind.path }, move, { binds }))
    }
    const runs = engine.known && engine.value !== null
    if (dataRoot && !runs) {
      const cure = disruptive(
        'Go back to the data root that the snap has of its own',
        setJson(SNAP_CONFIG, ['data-root'], undefined),
        restartSnap,
      )
      found.push(report('dataRootOutside', { path: dataRoot }, cure))
    }
    if (ignored.length > 0) {
      const own = '/var/snap/docker/current/config/daemon.json and /var/snap/docker/common/etc/certs.d'
      const cure = manualFix(`Take over what is wanted into ${own}, then: sudo snap restart docker.dockerd`)
      found.push(report('configIgnored', { paths: ignored.join(' and '), own }, cure))
    }
    found.push(
      report(
        'confined',
        {},
        manualFix('Keep to home folders, or install the engine from a package', replace),
      ),
    )
    return report.all(found, () => report.pass())
  },
})
