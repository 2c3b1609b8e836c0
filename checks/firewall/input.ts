import { INTRUDED, NO_NAMES, PORT_DEAD, REFUSED, TIMEOUT, UNREACHABLE } from '../../src/diagnose/phenomena.ts'
import { CONTAINER, FAILS, HOST } from '../../src/diagnose/words.ts'
import { runningEngine } from '../../src/facts/engine.ts'
import { type HostCall, hostCalls } from '../../src/facts/host-calls.ts'
import { type HostNetworkPorts, hostNetworkPorts } from '../../src/facts/host-network-ports.ts'
import { type Bypass, type InputFilter, inputFilter } from '../../src/facts/input-rules.ts'
import { holderText, type Listener, listeners } from '../../src/facts/listeners.ts'
import { openPorts, openToOthers, ruleInWords } from '../../src/facts/open-port.ts'
import { containerResolvers } from '../../src/facts/resolvers.ts'
import { defineCheck, type Found, fail, type Reporter, warn } from '../../src/model/check.ts'
import { maybe, type Values } from '../../src/model/fact.ts'
import { fix, manualFix } from '../../src/model/fix.ts'
import { among, mentions, says, shows } from '../../src/model/symptom.ts'
import { isLoopback } from '../../src/net/cidr.ts'
import type { Trace } from '../../src/net/path/trace.ts'

const needs = {
  engine: runningEngine,
  input: inputFilter,
  calls: maybe(hostCalls),
  hostPorts: maybe(hostNetworkPorts),
  listeners: maybe(listeners),
  resolvers: maybe(containerResolvers),
}
type Facts = Values<typeof needs>

const findings = {
  resolverBlocked: fail(
    'containers are told to ask {server}, an address of this host, for names, and their queries from {bridge} are stopped by {rule}',
  ),
  serviceBlocked: warn(
    'the container {container} is told by {variable} to use {address} of this host, and what it sends there is stopped by {rule}',
  ),
  onLoopback: warn(
    'the container {container} is told by {variable} to use {address} of this host, where {holder} listens on 127.0.0.1 alone',
    { causedBy: [] },
  ),
  hostPortsClosed: warn(
    'nobody but this host reaches the container {container}, which is on its network and listens on {ports}: {rule}',
  ),
  bypassed: warn(
    'port {port} of the container {container} is open to all, although INPUT closes it ({rule}): published ports do not pass INPUT',
    { causedBy: [] },
  ),
}
type Report = Reporter<typeof findings>

/** Databases and the like that ask for no password, or a well-known one, when they are new. An own choice. */
const DATABASE_PORTS: ReadonlySet<number> = new Set([
  1433, 1521, 2379, 3306, 5432, 5984, 6379, 7474, 8086, 8529, 9042, 9200, 11_211, 27_017, 28_015, 50_000,
])

const comingFrom = ({ name, subnet, zone }: InputFilter['bridges'][number]) => ({ from: name, subnet, zone })

function judgeResolvers({ input, resolvers }: Facts, report: Report): readonly Found[] {
  if (!resolvers.known || resolvers.value.from === null) return []
  const own = [...input.outer, ...input.bridges].map(({ address }) => address)
  const { servers } = resolvers.value
  // As long as one other server is named, names are found, if slowly.
  if (!servers.every((server) => own.includes(server))) return []
  return servers.slice(0, 1).flatMap((server) =>
    input.bridges.flatMap((bridge): Found[] => {
      const stopped = servers.map((dst) => input.stops({ iif: bridge.name, dst, proto: 'udp', dport: 53 }))
      const [trace] = stopped
      if (!trace || stopped.includes(null)) return []
      const opened = { protocol: 'udp', port: 53, ...comingFrom(bridge) }
      const cure = fix(
        `Let DNS queries from ${bridge.name} in`,
        ...openPorts(input.keeper, [opened, { ...opened, protocol: 'tcp' }], trace),
      )
      return [report('resolverBlocked', { server, bridge: bridge.name, rule: ruleInWords(trace) }, cure)]
    }),
  )
}

const serves = ({ protocol, address }: Listener, dst: string): boolean =>
  protocol === 'tcp' && (address === '' || address === dst)

function judgeCall(call: HostCall, { input, listeners }: Facts, report: Report): readonly Found[] {
  const { container, variable, bridge, src, dst, port } = call
  const there = listeners.known ? listeners.value.filter((one) => one.port === port) : []
  const slots = { container, variable, address: `${dst}:${port}` }
  if (there.some((one) => serves(one, dst))) {
    const trace = input.stops({ iif: bridge, src, dst, proto: 'tcp', dport: port })
    if (!trace) return []
    const way = input.bridges.find(({ name }) => name === bridge)
    const opened = { protocol: 'tcp', port, ...(way ? comingFrom(way) : { from: bridge }) }
    const cure = fix(
      `Let containers of ${bridge} in to port ${port}`,
      ...openPorts(input.keeper, [opened], trace),
    )
    return [report('serviceBlocked', { ...slots, rule: ruleInWords(trace) }, cure)]
  }
  const local = there.find(({ protocol, address }) => protocol === 'tcp' && isLoopback(address))
  if (!local) return []
  const cure = manualFix(
    `Have it listen on ${dst} as well, or on all addresses, with the port closed to others by the firewall`,
  )
  return [report('onLoopback', { ...slots, holder: holderText(local) }, cure)]
}

/** A web server of the host that others reach: it may hand on what it is asked for to a port that is closed on purpose. */
const hasOpenWebServer = ({ input, listeners }: Facts, own: HostNetworkPorts): boolean =>
  (listeners.known ? listeners.value : []).some(
    ({ protocol, port, address, pid }) =>
      protocol === 'tcp' &&
      (port === 80 || port === 443) &&
      !own.listeners.some((one) => one.pid === pid) &&
      input.outer.some(
        ({ name, address: dst }) =>
          (address === '' || address === dst) &&
          input.stops({ iif: name, dst, proto: protocol, dport: port }) === null,
      ),
  )

/** Only where each of its ports is closed to everybody: a single one may serve this host alone. */
function judgeHostPorts(one: HostNetworkPorts, facts: Facts, report: Report): readonly Found[] {
  const { input } = facts
  if (hasOpenWebServer(facts, one)) return []
  const traces = one.listeners.flatMap(({ protocol, port, address }) =>
    [...input.outer, ...input.bridges]
      .filter((way) => address === '' || way.address === address)
      .map((way) => input.stops({ iif: way.name, dst: way.address, proto: protocol, dport: port })),
  )
  const stopped = traces.filter((trace): trace is Trace => trace !== null)
  const [trace] = stopped
  if (!trace || stopped.length < traces.length) return []
  const ports = [...new Set(one.listeners.map(({ protocol, port }) => `${port}/${protocol}`))]
  const steps = openToOthers(
    input.outer.map(({ address }) => address),
    input.keeper,
    one.listeners.map(({ protocol, port }) => ({ protocol, port })),
    trace,
  )
  const cure = fix(`Open ${ports.join(', ')}, if others are to reach ${one.container}`, ...steps)
  return [
    report(
      'hostPortsClosed',
      { container: one.container, ports: ports.join(', '), rule: ruleInWords(trace) },
      cure,
    ),
  ]
}

/** A rule about this very port, or a port that nobody means to open: a mere policy of INPUT may not be meant for it. */
const isGuarded = ({ port, trace }: Bypass): boolean =>
  DATABASE_PORTS.has(port) || /\bdports?\b/.test(trace.rule?.raw ?? '')

function judgeBypass({ container, port, trace }: Bypass, report: Report): Found {
  const cure = manualFix(
    `Publish it for this host alone: -p 127.0.0.1:${port}:PORT`,
    `Make the container anew with -p 127.0.0.1:${port}:PORT, or put a rule for it into the chain DOCKER-USER.`,
  )
  return report('bypassed', { container, port, rule: ruleInWords(trace) }, cure)
}

export default defineCheck({
  id: 'firewall/input',
  title: 'INPUT lets in what containers need, and keeps databases in',
  why: "What containers ask of the host itself passes INPUT, the engine's published ports do not: both surprise.",
  profiles: ['docker', 'swarm'],
  needs,
  causedBy: ['firewall/firewalld', 'firewall/backends', 'firewall/docker-chains', 'network/docker-bridge'],
  needsRoot: true,
  symptoms: () => [
    shows([/-A INPUT [^\n]*--dport \d+[^\n]*-j (?:DROP|REJECT)/, /-> 0\.0\.0\.0:\d|0\.0\.0\.0:\d+->/], 0.75),
    shows(
      /(?:172\.\d+\.\d+\.1|192\.168\.\d+\.1)\b[^\n]{0,60}(?:No route to host|unreachable|timed? ?out)|(?:EHOSTUNREACH|ETIMEDOUT) 172\.\d+\.\d+\.1/,
      0.6,
    ),
    shows(
      /ECONNREFUSED 172\.\d+\.\d+\.1\b|172\.17\.\d+\.1[: ][^\n]{0,40}(?:Connection refused|refused)/,
      0.88,
    ),
    shows(/host\.docker\.internal/, 0.8),
    says([/\bhost\.docker\.internal|\bhost-gateway|172\.17\.0\.1|\bollama\b/, FAILS], 0.85, {
      unless: /Access denied for user|password authentication failed/,
    }),
    says(
      [
        CONTAINER,
        /\b(?:reach|access|connect|talk)\w*\b.{0,40}\b(?:to )?(?:a |the |its |my )?(?:service|server|database|mysql|postgres|redis|port)?s?.{0,20}\b(?:on|of|running on) (?:the )?(?:docker )?host\b|\bcontainer to (?:the )?host|from (?:the |a |inside )*container.{0,40}\bhost\b|访问(?:宿主|主机)/,
        FAILS,
      ],
      0.75,
    ),
    says(
      [
        /inter-?container|between containers|\bother containers?|容器(?:之)?间/,
        /public ip|host ip|\bexposed ports?|published|firewall|宿主/,
      ],
      0.8,
    ),
    says([/\bufw\b/, CONTAINER, HOST, FAILS], 0.7),
    says(/no route to host|host (?:is )?unreachable/, 0.1),
    among(UNREACHABLE, 0.34),
    among(PORT_DEAD, 0.15),
    among(NO_NAMES, 0.02),
    says(
      [
        CONTAINER,
        /\baccess|\bconnect|\breach|\bcurl|\bhttp/,
        /\bhost\b|\bdocker-host\b|\bhost's\b|\bgateway\b|宿主|主机/,
        /\brefused|\btime|\bunreach|\bno route|\bblocked|拒绝|超时/,
      ],
      0.55,
    ),
    says(
      [
        /\bservice on (?:the )?(?:docker )?host|\bhost service|\brunning on (?:the |my )?host|\bhost machine|\bhost port/,
        CONTAINER,
        FAILS,
      ],
      0.7,
    ),
    shows(/https?:\/\/(?:docker-?host|host|dockerhost|172\.17\.0\.1|172\.18\.0\.1)(?::\d+)?\b/, 0.55),
    among(TIMEOUT, 0.15),
    among(REFUSED, 0.12),
    says(
      [
        /\bcontainer\b.{0,60}\b(?:gets?|receives?|fails?|cannot|can't|unable)\b.{0,80}\b(?:access|connect|reach|call)/,
        /\bhost\b|docker-?host|\bgateway\b/,
        /refused|time|unreach|no route/,
      ],
      0.72,
    ),
    says([/容器/, /宿主机|主机|host/, /访问|连接|ping/, FAILS], 0.5),
    shows(
      [/\bhost-gateway\b/, /timed out|i\/o timeout|connection refused|unreachable|no route to host/],
      0.85,
    ),
    says(
      [
        /(?:\bname ?servers?|\bdns servers?|\bdnsmasq|\bpi-?hole|\bunbound|\bbind9?)\b.{0,40}\b(?:runs?|running|listen\w*|one|hosted) .{0,16}\b(?:on|of) (?:the |its |my )?(?:docker )?host\b|宿主机?上的? ?dns/,
        CONTAINER,
        FAILS,
      ],
      0.5,
    ),
    mentions(/hook input priority [\w -]{1,30}; policy drop/, 0.5),
    among(INTRUDED, 0.4),
    says(/\bransom|\b(?:server|host|machine|database)\b.{0,20}\bcompromised\b|勒索/, 0.4),
    says(
      [
        /\b(?:can(?:no|')?t|can not|cannot|unable to|not able to|couldn't|fails? to) ping\b.{0,30}(?:\bdocker0|\b172\.17\.0\.1\b|\bdocker'?s? gateway)|ping ?不通.{0,6}(?:docker0|网关)/,
        CONTAINER,
      ],
      0.5,
    ),
  ],
  findings,
  evaluate(facts, report) {
    const { engine, input, calls, hostPorts } = facts
    if (!engine) return report.skip('the engine is not running')
    // Where ufw is on, its own check says of every port what gets past it.
    const exposed = input.keeper === 'ufw' ? [] : input.bypassed
    const meant = new Map(exposed.filter(isGuarded).map((one) => [one.port, one]))
    const found = [
      ...judgeResolvers(facts, report),
      ...(calls.known ? calls.value : []).flatMap((call) => judgeCall(call, facts, report)),
      ...(hostPorts.known ? hostPorts.value : []).flatMap((one) => judgeHostPorts(one, facts, report)),
      ...[...meant.values()].map((one) => judgeBypass(one, report)),
    ]
    return report.all(found, () => report.pass())
  },
})
