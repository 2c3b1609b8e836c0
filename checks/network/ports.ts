import { REFUSED } from '../../src/diagnose/phenomena.ts'
import { CONTAINER } from '../../src/diagnose/words.ts'
import { type Container, containers, type PublishedPort, runningEngine } from '../../src/facts/engine.ts'
import { holderOf, holderText, listeners } from '../../src/facts/listeners.ts'
import {
  engineWishes,
  everywhere,
  type StoppedContainer,
  stoppedContainers,
  type Wish,
} from '../../src/facts/port-wishes.ts'
import { settings } from '../../src/facts/settings.ts'
import { defineCheck, type Found, fail, type Reporter, warn } from '../../src/model/check.ts'
import { maybe, type Values } from '../../src/model/fact.ts'
import { disruptive, manualFix, restartEngine } from '../../src/model/fix.ts'
import { among, mentions, says, shows } from '../../src/model/symptom.ts'

const needs = {
  engine: maybe(runningEngine),
  containers: maybe(containers),
  stopped: maybe(stoppedContainers),
  engineWishes,
  listeners,
  settings,
}
type Facts = Values<typeof needs>

const findings = {
  held: fail('port {port}, which the command asked for, is held by {holder}'),
  inUse: fail('port {port} that the container {container} publishes is taken by {holder}'),
  ghost: fail(
    'port {port} of the container {container} is taken in the books of the engine alone: nothing listens there',
  ),
  staleProxy: warn('docker-proxy still holds port {port}, which no running container publishes'),
  engineBarred: fail('port {port}, which {setting} tells the engine to listen on, is taken by {holder}', {
    causedBy: [],
  }),
}
type Report = Reporter<typeof findings>

const PROXY = 'docker-proxy'
const CONFLICT = /port is already allocated|address already in use|failed to bind/i
const ALLOCATED = /port is already allocated/i

const publishedBy = (all: readonly Container[], port: number): Container | undefined =>
  all.find(({ state, ports }) => state !== 'exited' && ports.some(({ publicPort }) => publicPort === port))

const isFor =
  ({ port, protocol, address }: Wish) =>
  (published: PublishedPort): boolean => {
    const ip = everywhere(published.ip)
    const isSame = published.publicPort === port && published.protocol === protocol
    return isSame && (ip === '' || address === '' || ip === address)
  }

/** The ports that a text says were refused: who holds them now. The container that holds one is named, rather than its docker-proxy. */
function judgeRefused({ settings, containers, listeners }: Facts, report: Report): readonly Found[] {
  const running = (containers.known ? containers.value : []).filter(({ state }) => state !== 'exited')
  return (settings.refused?.ports ?? []).flatMap((wish): Found[] => {
    const port = `${wish.port}/${wish.protocol}`
    const container = running.find(({ ports }) => ports.some(isFor(wish)))
    if (container) {
      const cure = manualFix(`Publish another port with -p, or: docker stop ${container.name}`)
      return [report('held', { port, holder: `the container ${container.name}` }, cure)]
    }
    const listener = holderOf(listeners, wish)
    const cure = manualFix(`Stop what holds port ${wish.port}, or publish another port: docker run -p`)
    return listener ? [report('held', { port, holder: holderText(listener) }, cure)] : []
  })
}

/** Of several containers for one port the engine may run one; what counts is a program of another kind in its place. */
function judgeStopped(
  one: StoppedContainer,
  { listeners, containers }: Facts,
  report: Report,
): readonly Found[] {
  const running = containers.known ? containers.value : []
  if (!one.returns && !CONFLICT.test(one.error)) return []
  return one.wishes.flatMap((wish): Found[] => {
    const { port } = wish
    if (publishedBy(running, port)) return []
    const holder = holderOf(listeners, wish)
    const slots = { port: `${port}/${wish.protocol}`, container: one.name }
    if (!holder && ALLOCATED.test(one.error) && one.error.includes(`:${port} `)) {
      const cure = disruptive('Restart the engine: it forgets the port', restartEngine)
      return [report('ghost', slots, cure)]
    }
    if (!holder) return []
    const cure = manualFix(`Stop what holds port ${port}, or publish another port: docker run -p`)
    return [report('inUse', { ...slots, holder: holderText(holder) }, cure)]
  })
}

function judgeProxies({ listeners, containers }: Facts, report: Report): readonly Found[] {
  // While a container restarts, its proxy may be seen without it.
  if (!containers.known || containers.value.some(({ state }) => state === 'restarting')) return []
  const stale = listeners.filter(
    ({ program, port }) => program === PROXY && !publishedBy(containers.value, port),
  )
  return [...new Set(stale.map(({ port }) => port))].map((port) =>
    report(
      'staleProxy',
      { port },
      disruptive('Restart the engine: it ends the proxies it left', restartEngine),
    ),
  )
}

const judgeEngine = ({ listeners, engineWishes }: Facts, report: Report): readonly Found[] =>
  engineWishes.flatMap((wish): Found[] => {
    const holder = holderOf(listeners, wish)
    if (!holder || holder.program === 'dockerd' || holder.program === '') return []
    const slots = { port: wish.port, setting: wish.setting, holder: holderText(holder) }
    return [
      report(
        'engineBarred',
        slots,
        manualFix(`Stop what holds port ${wish.port}, or change ${wish.setting}`),
      ),
    ]
  })

export default defineCheck({
  id: 'network/ports',
  title: 'Published ports are free for their containers',
  why: 'A port can be held once: a container whose port is taken does not start.',
  profiles: ['docker', 'swarm'],
  needs,
  causedBy: ['engine/running'],
  symptoms: () => [
    shows(/port is already allocated/, 0.94),
    shows(
      /bind: address already in use|listen (?:tcp|udp)\d? \S+: bind|failed to bind (?:host )?port|Ports are not available|bind: Only one usage/,
      0.92,
      { unless: /failed to allocate gateway|bind: cannot assign requested address/ },
    ),
    shows(/userland proxy[^\n]{0,80}address already in use/, 0.6),
    mentions(/docker-proxy/, 0.6),
    says([/\bport\b|端口/, /\bin use|\balready|\boccupied|\btaken|\bconflict|\ballocated|占用|冲突/], 0.9),
    says([/systemd-resolved?|\b(?:port )?53\b|\bpi-?hole|\badguard/, /\bport|\bbind|\blisten|端口/], 0.85),
    among(REFUSED, 0.03),
    says(
      [
        /\bdnsmasq\b|\bpi-?hole\b|\badguard|\bbind9\b|\bunbound\b|\btechnitium|\bdns (?:server )?container/,
        CONTAINER,
        /\b(?:re)?start(?:s|ed|ing)?\b|\bexit/,
      ],
      0.7,
      { unless: /\bresolv/ },
    ),
    says(
      /\bbind(?:ing)? (?:error|conflict)|\bport (?:is )?(?:conflict|collision|clash)|\bport \d+ (?:is )?(?:(?:being )?used by|busy|held by)|端口(?:被占|冲突)/,
      0.85,
    ),
    mentions(
      /\b(?:lsof -(?=\w{0,8}i)\w{1,8} ?\S{0,40}:|fuser (?:-\w{1,8} ){0,4})\d+|\b(?:ss|netstat) -\w+ *\| *grep ["']?:?\d{2,5}\b/,
      0.4,
    ),
  ],
  findings,
  evaluate(facts, report) {
    const { engine, stopped, containers } = facts
    const held = judgeRefused(facts, report)
    if (engine.known && !engine.value) {
      const barred = judgeEngine(facts, report)
      return report.all(barred.length > 0 ? barred : held, () =>
        report.skip('no engine runs, and its own ports are free'),
      )
    }
    const ofStopped = (stopped.known ? stopped.value : []).flatMap((one) => judgeStopped(one, facts, report))
    const found = held.length > 0 ? held : [...ofStopped, ...judgeProxies(facts, report)]
    return report.all(found, () => {
      if (!containers.known) return report.unknown(containers.why)
      if (!stopped.known) return report.unknown(stopped.why)
      const refused = [...new Set(facts.settings.refused?.ports.map(({ port }) => port))]
      return refused.length > 0
        ? report.pass(`by now nothing holds port ${refused.join(', ')}`)
        : report.pass()
    })
  },
})
