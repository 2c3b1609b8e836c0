import { ENGINE_DOWN, START_FAILED } from '../../src/diagnose/phenomena.ts'
import { DOCKER, FAILS } from '../../src/diagnose/words.ts'
import { dockerdProcess } from '../../src/facts/dockerd-process.ts'
import { databaseError, engineLog } from '../../src/facts/engine-log.ts'
import { engineRuns } from '../../src/facts/engine-running.ts'
import { lostLayers } from '../../src/facts/lost-layers.ts'
import { damagedDatabases } from '../../src/facts/state-databases.ts'
import { counted } from '../../src/facts/units.ts'
import { defineCheck, fail } from '../../src/model/check.ts'
import { maybe } from '../../src/model/fact.ts'
import { disruptive, fix, manualFix, movePath, removePath, service } from '../../src/model/fix.ts'
import { among, says, shows } from '../../src/model/symptom.ts'

const start = service('docker', 'start')

const fetchAgain = manualFix(
  'Remove the images that used the layers, and fetch them again',
  'docker image inspect fails for an image whose layer is gone. Remove the containers of such images (docker rm -f), then the images (docker rmi -f), then pull or build them again: while any image has the layer on record, it is not fetched anew.',
)
const moveDatabases = manualFix(
  'Move the damaged database away while the engine is stopped',
  'Most often it is network/files/local-kv.db under the data root: rename it and start the engine, which makes a new one (networks that users made are lost). If the error stays, put it back and try volumes/metadata.db, then the *.db of buildkit.',
)

export default defineCheck({
  id: 'storage/integrity',
  title: 'No damaged or left-over state keeps the engine down',
  why: 'The engine does not start with a damaged database or with the pid file of another process; images without their layers cannot run.',
  profiles: ['docker', 'swarm'],
  needs: {
    runs: engineRuns,
    process: maybe(dockerdProcess),
    log: maybe(engineLog),
    databases: damagedDatabases,
    layers: lostLayers,
  },
  needsRoot: true,
  causedBy: ['storage/space', 'storage/data-root'],
  symptoms: () => [
    shows(/container with (?:given )?id (?:already )?exists|networks have same bridge name/, 0.75),
    shows(/error creating overlay mount to [^\n]*too many levels of symbolic links/, 0.8),
    shows(
      /invalid page type|panic: (?:page|freelist|freepages|assertion failed: Page)|invalid freelist page|invalid database|local-kv\.db|volumes\/metadata\.db|meta\.db|bbolt?\.\(|boltdb|unexpected fault address|database (?:is )?corrupt/,
      0.95,
    ),
    shows(
      /pid file found, ensure docker is not running|delete \/var\/run\/docker\.pid|docker\.pid[^\n]{0,40}(?:exists|stale|found|running)|process with PID \w+ is still running/,
      0.65,
    ),
    shows(
      /layer does not exist|failed to get (?:root|layer)|unknown parent image|(?:lstat|faccessat) \S{0,120}\/(?:overlay2?|aufs|devicemapper)\/\S{1,200}: no such file|readlink \S*overlay2\/l: (?:invalid argument|no such file)|unexpected end of JSON input/,
      0.7,
    ),
    says(
      [/\bcorrupt|\bpower (?:loss|failure|outage)|\bunclean|\bcrash(?:ed)?\b|断电|损坏/, DOCKER, FAILS],
      0.7,
    ),
    says(/\bpid file|docker\.pid/, 0.85),
    among(ENGINE_DOWN, 0.04),
    among(START_FAILED, 0.05),
    shows(
      /panic: (?:assertion failed|runtime error[^\n]*bolt|.*(?:freelist|bucket|cursor|page|inode))|assertion failed:/,
      0.8,
    ),
    shows(/\/(?:committed|diff|link|lower|cache-id): no such file or directory/, 0.85),
    shows(
      /could not delete the default bridge network|volume store metadata database|local-kv|error while opening[^\n]*database/,
      0.6,
    ),
    shows(/has active endpoints/, 0.4),
    shows([/containerd is still running/, /timeout waiting for containerd to start|failed to dial/], 0.85),
    shows(/file integrity checksum failed for/, 0.9),
  ],
  findings: {
    stalePid: fail('{file} names process {pid}, which is {name} and no engine: dockerd will not start'),
    damagedDatabase: fail('{path} is damaged ({reason}): the engine cannot start with it'),
    databaseError: fail('the last start ended over a damaged database: {error}'),
    lostLayers: fail(
      '{layers} of images, such as {folder}, {verb} gone: containers of these images cannot start',
    ),
  },
  evaluate({ runs, process, log, databases, layers }, report) {
    const seen = process.known && !runs ? process.value : null
    const found = databases.map(({ path, reason, holds }) => {
      const cure = disruptive(`Move it away, and with it ${holds}`, movePath(path, `${path}.damaged`), start)
      return report('damagedDatabase', { path, reason }, cure)
    })
    const error = log.known && !runs ? databaseError(log.value) : null
    if (error && found.length === 0) found.push(report('databaseError', { error }, moveDatabases))
    if (seen?.process && !seen.isEngine && seen.process.state !== 'Z') {
      const { pid, pidFile: file } = seen
      const cure = fix('Remove the stale pid file', removePath(file), start)
      found.push(report('stalePid', { file, pid, name: seen.process.name }, cure))
    }
    const [folder] = layers
    if (folder) {
      const slots = {
        layers: counted(layers.length, 'layer'),
        folder,
        verb: layers.length > 1 ? 'are' : 'is',
      }
      found.push(report('lostLayers', slots, fetchAgain, { folders: layers.slice(0, 20) }))
    }
    return report.all(found, () => report.pass())
  },
})
