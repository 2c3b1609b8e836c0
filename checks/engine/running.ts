import { ENGINE_STOPPERS } from '../../src/data/engine-stoppers.ts'
import { ENGINE_DOWN, START_FAILED, START_PROSE, TIMEOUT } from '../../src/diagnose/phenomena.ts'
import { DOCKER, FAILS } from '../../src/diagnose/words.ts'
import { clientReach } from '../../src/facts/client-reach.ts'
import { dockerdProcess } from '../../src/facts/dockerd-process.ts'
import { ENGINE_SOCKET, engineState } from '../../src/facts/engine.ts'
import { engineLog, meaningOf, startError } from '../../src/facts/engine-log.ts'
import { engineGroup, engineGroupName } from '../../src/facts/engine-socket.ts'
import { program } from '../../src/facts/programs.ts'
import { defineCheck, fail } from '../../src/model/check.ts'
import { maybe } from '../../src/model/fact.ts'
import {
  addGroup,
  fix,
  manualFix,
  removePath,
  restartEngine,
  runCommand,
  service,
} from '../../src/model/fix.ts'
import { among, says, shows } from '../../src/model/symptom.ts'

const start = service('docker', 'start')

export default defineCheck({
  id: 'engine/running',
  title: 'The engine answers',
  why: 'Without it no container can be started, stopped or looked at.',
  profiles: ['docker', 'swarm'],
  needs: {
    engine: engineState,
    process: maybe(dockerdProcess),
    dockerd: maybe(program('dockerd')),
    client: maybe(clientReach),
    groupName: maybe(engineGroupName),
    group: maybe(engineGroup),
    log: maybe(engineLog),
  },
  causedBy: ENGINE_STOPPERS,
  symptoms: () => [
    among(ENGINE_DOWN, 0.42),
    among(START_FAILED, 0.2),
    shows(
      [
        /docker\.service - [\s\S]{0,400}Active: inactive \(dead\)/,
        /connect to (?:the )?docker (?:daemon|API)|docker\.sock/,
      ],
      0.75,
      { unless: /\bmasked\b|\bfailed\b|\berror\b(?!s)|\binvalid\b/ },
    ),
    shows(/Active: (?:inactive|failed)|docker\.service[^\n]{0,40}(?:inactive|failed)/, 0.35),
    shows(
      /another (?:dockerd|docker daemon)|docker is (?:already|not) running|process with PID \d+ is still running/,
      0.5,
    ),
    says(
      [
        /docker (?:daemon|service)|dockerd/,
        /\bnot running|\bnot start|\bhang|\bhung|won't start|没有(?:启动|运行)|未(?:启动|运行)|启动不了|启动失败/,
      ],
      0.2,
    ),
    says([DOCKER, /\bstart\b|\bstarting\b|\brestart|\bstarted\b|启动/, FAILS], 0.1),
    among(START_PROSE, 0.2),
    among(TIMEOUT, 0.05),
    shows(
      /can't create unix socket [^\n]*address already in use|failed to load listeners: [^\n]*address already in use/,
      0.8,
    ),
    shows(/Connection aborted[^\n]{0,60}(?:FileNotFoundError|ConnectionRefusedError|No such file)/, 0.5),
    shows(/volume store metadata database: timeout/, 0.4),
    shows(/dial unix \S*\/docker\.sock: (?:connect: )?(?:no such file|connection refused)/, 0.6),
  ],
  findings: {
    startFailed: fail('the engine does not run; its last start ended with: {error}{meaning}'),
    noGroup: fail(
      'the engine does not run, and the group {group}, which its socket is given to, does not exist',
      {
        causedBy: ['security/docker-group', ...ENGINE_STOPPERS],
      },
    ),
    stopped: fail('the engine does not run'),
    died: fail('the engine does not run: process {pid} is gone, but its socket and pid file are still there'),
    stalePid: fail(
      'the engine does not run: {file} names process {pid}, which is {name}, so dockerd will not start',
    ),
    notListening: fail(`dockerd runs as process {pid}, but nothing answers on ${ENGINE_SOCKET}`),
    hung: fail('the engine does not answer in time{detail}'),
    refuses: fail('the engine does not answer as it should: {reason}'),
  },
  evaluate({ engine, process, dockerd, client, groupName, group, log }, report) {
    if (engine.state === 'answers') return report.pass(`version ${engine.engine.version.version} answers`)
    if (engine.state === 'elsewhere') return report.skip(`${engine.product} answers in the engine's place`)
    if (engine.state === 'asleep') return report.pass('systemd starts it on the first call (docker.socket)')
    const seen = process.known ? process.value : null
    const alive = seen?.isEngine ? seen : null
    const stoppedBySignal = alive?.process?.state === 'T'
    if (engine.state === 'hung' || stoppedBySignal) {
      const detail = stoppedBySignal ? `: process ${alive?.pid} is stopped (SIGSTOP)` : ''
      const wake = fix('Let the process go on', runCommand(['kill', '-CONT', String(alive?.pid)]))
      return report('hung', { detail }, stoppedBySignal ? wake : fix('Restart the engine', restartEngine))
    }
    if (engine.state === 'denied') {
      return alive
        ? report.pass(`dockerd runs as process ${alive.pid}; this user may not ask it`)
        : report.unknown(`${ENGINE_SOCKET}: permission denied, and no process of dockerd can be seen`)
    }
    if (engine.state === 'failed')
      return report(
        'refuses',
        { reason: engine.reason },
        manualFix('See what listens on the socket: sudo ss -xlp'),
      )
    if (alive) return report('notListening', { pid: alive.pid }, fix('Restart the engine', restartEngine))
    if (client.known && client.value.leads === 'other')
      return report.skip(
        `docker commands go to ${client.value.endpoint.host}, not to an engine of the system`,
      )
    if (engine.state === 'absent' && dockerd.known && dockerd.value === null)
      return report.skip('no engine is installed here')

    const cure = fix('Start the engine', start)
    if (seen?.process && seen.process.state !== 'Z') {
      const { pid, pidFile: file } = seen
      const steps = [removePath(file), start]
      return report(
        'stalePid',
        { file, pid, name: seen.process.name },
        fix('Remove the stale pid file', ...steps),
      )
    }
    const name = groupName.known ? groupName.value : ''
    const error = log.known ? startError(log.value) : null
    const meaning = error ? meaningOf(error) : null
    if (error)
      return report(
        'startFailed',
        { error, meaning: meaning ? ` (${meaning})` : '' },
        manualFix('Cure what that line says, as the engine will end the same way again; then start it'),
      )
    if (name !== '' && group.known && group.value === null)
      return report(
        'noGroup',
        { group: name },
        fix('Make the group and start the engine', addGroup(name), start),
      )
    if (engine.state === 'refused' && seen) return report('died', { pid: seen.pid }, cure)
    return report('stopped', {}, cure)
  },
})
