import { CONTAINER } from '../../src/diagnose/words.ts'
import { type NamedContainer, namedContainer } from '../../src/facts/named-container.ts'
import { NO_CONTAINER } from '../../src/facts/named-way.ts'
import { defineCheck, fail, warn } from '../../src/model/check.ts'
import { fix, manual, manualFix, runCommand } from '../../src/model/fix.ts'
import { says, shows } from '../../src/model/symptom.ts'

/** Fewer may be a service that waited for another one. Our own choice. */
const LOOPS_FROM = 3
/** Ended as it was told to, or by itself with success: https://docs.docker.com/reference/cli/docker/container/run/#exit-status */
const ENDED_ORDERLY: ReadonlySet<number> = new Set([0, 130, 137, 143])

export default defineCheck({
  id: 'container/running',
  title: 'The container runs',
  why: 'Nobody answers in a container that has ended, is paused, or ends again and again.',
  profiles: ['docker', 'swarm'],
  needs: { named: namedContainer },
  causedBy: ['engine/running', 'engine/containers', 'network/ports', 'network/docker-bridge'],
  symptoms: () => [
    says([CONTAINER, /\bnot running|\bexited|\bstopped\b/], 0.12),
    says([CONTAINER, /\bunhealthy/], 0.35),
    shows(
      /\(unhealthy\)|"Status": ?"unhealthy"|dependency failed to start: container \S+ is unhealthy/,
      0.35,
    ),
  ],
  findings: {
    cannotStart: fail('{name} could not be started: {error}'),
    oomKilled: fail('{name} does not run: the kernel killed it for want of memory'),
    loops: fail('{name} ends again and again: started anew {restarts} times, {ended}'),
    ended: fail('{name} does not run: it ended with status {status} ({when})'),
    neverStarted: fail('{name} was created and never started'),
    paused: fail('{name} is paused: connections to it are taken, and nobody answers'),
    unhealthy: warn('{name} runs, and its own health check fails'),
  },
  evaluate({ named }, report) {
    if (!named) return report.skip(NO_CONTAINER)
    const { container, state, error, restarts, exitCode: status } = named
    const { name } = container
    const logs = manual(`What its program said last: docker logs --tail 20 ${name}`)
    const isUp = [
      'sh',
      '-c',
      'docker inspect -f "{{.State.Running}}" "$1" | grep -q true',
      'sh',
      name,
    ] as const
    const start = runCommand(['docker', 'start', name], { unless: isUp })
    if (state === 'paused')
      return report(
        'paused',
        { name },
        fix(
          'Let it go on',
          runCommand(['docker', 'unpause', name], {
            onlyIf: ['sh', '-c', 'docker inspect -f "{{.State.Paused}}" "$1" | grep -q true', 'sh', name],
          }),
        ),
      )
    if (isLooping(named))
      return report(
        'loops',
        // Of one that runs at this moment the engine tells 0.
        {
          name,
          restarts,
          ended: state === 'running' ? 'and runs for a moment' : `last ended with status ${status}`,
        },
        manualFix('Cure what its program ends of', `It says so itself: docker logs --tail 20 ${name}`),
      )
    if (state === 'running')
      return named.health === 'unhealthy'
        ? report(
            'unhealthy',
            { name },
            manualFix('See what its health check says', `docker inspect -f '{{json .State.Health}}' ${name}`),
          )
        : report.pass(container.status)
    if (error !== '') return report('cannotStart', { name, error }, fix('Start it once that is cured', start))
    if (named.oomKilled)
      return report(
        'oomKilled',
        { name },
        manualFix('Give it more memory (docker update --memory), then start it', `docker start ${name}`),
      )
    if (state === 'created') return report('neverStarted', { name }, fix('Start it', start))
    const cure = ENDED_ORDERLY.has(status)
      ? fix('Start it', start)
      : fix('See what its program said, then start it', logs, start)
    return report('ended', { name, status, when: container.status || state }, cure)
  },
})

/** The engine counts in seconds for a minute: `Up 3 seconds`. */
const JUST_UP = /^Up (?:Less than a second|\d+ seconds?)/

/** Listed and inspected a moment apart, it may have been started in between. */
const isLooping = ({ state, restarts, container }: NamedContainer): boolean =>
  state === 'restarting' ||
  (state === 'running' &&
    restarts >= LOOPS_FROM &&
    (container.state === 'restarting' || JUST_UP.test(container.status)))
