import { containerd } from '../../src/facts/containerd-process.ts'
import { engineState } from '../../src/facts/engine.ts'
import { copies } from '../../src/facts/engine-binaries.ts'
import { defineCheck, fail } from '../../src/model/check.ts'
import { fix, runCommand, service } from '../../src/model/fix.ts'

export default defineCheck({
  id: 'engine/containerd',
  title: 'containerd runs',
  why: 'The engine starts every container through containerd, and does not start itself without it.',
  profiles: ['docker', 'swarm'],
  needs: { containerd, engine: engineState, programs: copies('containerd') },
  causedBy: ['engine/installed'],
  symptoms: [
    /failed to dial .*containerd\.sock/i,
    /timeout waiting for containerd/i,
    /containerd.*context deadline exceeded/i,
  ],
  findings: {
    stopped: fail('containerd does not run: {socket}, which dockerd is told to use, does not exist'),
    hung: fail('containerd, process {pid}, is stopped (SIGSTOP): containers can neither start nor stop'),
  },
  evaluate({ containerd: { socket, socketExists, pid, process }, engine, programs }, report) {
    if (process?.state === 'T' && /^containerd/.test(process.name))
      return report(
        'hung',
        { pid: pid ?? 0 },
        fix('Let the process go on', runCommand(['kill', '-CONT', String(pid)])),
      )
    if (socket !== null && socketExists === false && programs.length > 0)
      return report('stopped', { socket }, fix('Start containerd', service('containerd', 'start')))
    if (process) return report.pass(`process ${pid}`)
    if (engine.state === 'answers')
      return report.pass('the engine answers, and it would not without containerd')
    if (engine.state === 'denied' || engine.state === 'hung')
      return report.unknown("containerd's process cannot be seen by this user; run it as root")
    return socketExists
      ? report.pass(socket ?? '')
      : report.skip('the engine does not run, and would start it')
  },
})
