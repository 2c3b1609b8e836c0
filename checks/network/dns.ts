import { NO_NAMES, NO_OUTBOUND, PULL_TIMEOUT, TIMEOUT } from '../../src/diagnose/phenomena.ts'
import { CONTAINER, FAILS } from '../../src/diagnose/words.ts'
import { daemonSettings } from '../../src/facts/daemon-config.ts'
import { resolvConf } from '../../src/facts/network.ts'
import {
  allSilent,
  containerResolvers,
  hostResolvers,
  RESOLVED,
  resolved,
  resolverAnswers,
  silentAmong,
  upstream,
} from '../../src/facts/resolvers.ts'
import { changeSetting } from '../../src/facts/setting-steps.ts'
import { defineCheck, type Found, fail, type Reporter, warn } from '../../src/model/check.ts'
import type { Values } from '../../src/model/fact.ts'
import {
  disruptive,
  type Fix,
  fix,
  manualFix,
  restartEngine,
  runCommand,
  type Step,
  service,
} from '../../src/model/fix.ts'
import { among, says, shows } from '../../src/model/symptom.ts'
import { isLoopback } from '../../src/net/cidr.ts'

const needs = {
  settings: daemonSettings,
  resolvConf,
  upstream,
  host: hostResolvers,
  containers: containerResolvers,
  answers: resolverAnswers,
  resolved,
}
type Facts = Values<typeof needs>

const findings = {
  noServer: fail('/etc/resolv.conf {state}: neither the host nor its containers have a name server'),
  loopbackInSettings: fail(
    'dns in {file} is {servers}: within a container that is the container itself, where no name server runs',
  ),
  noAnswer: fail('no name server of the host answers: {reasons}'),
  containersUnanswered: fail('no name server that {file} gives to containers answers: {reasons}'),
  fallbackBlocked: fail(
    'the host has only name servers of its own, so containers are told to ask {servers}, which do not answer',
  ),
  fallback: warn('the host has only name servers of its own, so containers are told to ask {servers}'),
  someSilent: warn('one of several name servers does not answer, which makes every lookup wait: {reasons}'),
}
type Report = Reporter<typeof findings>

const RESOLV_CONF = '/etc/resolv.conf'
/** @see https://www.freedesktop.org/software/systemd/man/systemd-resolved.service.html#/etc/resolv.conf */
const STUB = '/run/systemd/resolve/stub-resolv.conf'

const leadTo = (path: string): Step =>
  runCommand(['ln', '-sf', `..${path}`, RESOLV_CONF], {
    unless: ['test', RESOLV_CONF, '-ef', path],
    changes: [RESOLV_CONF],
  })

const startResolved: readonly Step[] = [
  service('systemd-resolved', 'enable'),
  service('systemd-resolved', 'start'),
]

/** The engine looks once whether there is a stub, when it starts. @see https://github.com/moby/moby/blob/v28.5.2/libnetwork/resolvconf/resolvconf_path.go */
function restore({ upstream, resolved }: Facts): Fix {
  if (upstream?.path !== RESOLVED || !(resolved?.runs || resolved?.isUsable))
    return manualFix('Write "nameserver ADDRESS" into /etc/resolv.conf, with a name server of your network')
  const start = resolved.runs ? [] : startResolved
  return disruptive('Let /etc/resolv.conf lead to systemd-resolved', ...start, leadTo(STUB), restartEngine)
}

/** systemd-resolved is asked alone, and silent: stopped, or told to have no stub. Who masked it meant it. */
function mendStub({ resolved, upstream, answers }: Facts): Fix | null {
  if (resolved?.isUsable && !resolved.runs) return fix('Start systemd-resolved', ...startResolved)
  const knows = resolved?.runs && upstream?.path === RESOLVED ? upstream.servers : []
  return knows.some((server) => answers.get(server)?.answers)
    ? fix('Let /etc/resolv.conf name the servers that systemd-resolved knows', leadTo(RESOLVED))
    : null
}

function tellContainers({ settings, upstream }: Facts): Fix {
  if (!upstream)
    return manualFix(
      'Set dns in daemon.json to a list of name servers of your network, and restart the engine',
    )
  const servers = upstream.servers.join(', ')
  return disruptive(
    `Let containers ask ${servers}`,
    ...changeSetting(settings, 'dns', upstream.servers),
    restartEngine,
  )
}

const answersFrom = ({ answers }: Facts, servers: readonly string[]): readonly string[] =>
  servers.filter((server) => answers.get(server)?.answers === true)

const isFiled = ({ settings, containers }: Facts): boolean => containers.from === settings.file.path

/** Where the host's own name servers answer, and can be reached from a container, its own list does as well. */
function askAsTheHost(facts: Facts): Fix | null {
  const reachable = answersFrom(facts, facts.host).filter((server) => facts.upstream || !isLoopback(server))
  if (!isFiled(facts) || reachable.length === 0) return null
  const forget = changeSetting(facts.settings, 'dns', undefined)
  return disruptive('Let containers ask whom the host asks', ...forget, restartEngine)
}

/** Only the engine's own list: /etc/resolv.conf is written by others. */
function forgetSilent(facts: Facts): Fix | null {
  const { servers } = facts.containers
  const speaking = servers.filter((server) => facts.answers.get(server)?.answers !== false)
  const isHostSilent = silentAmong(facts.answers, facts.host).length > 0
  if (!isFiled(facts) || isHostSilent || speaking.length === servers.length || speaking.length === 0)
    return null
  const keep = changeSetting(facts.settings, 'dns', speaking)
  return disruptive(`Let containers ask ${speaking.join(', ')} alone`, ...keep, restartEngine)
}

function judgeHost(facts: Facts, report: Report): readonly Found[] {
  const { resolvConf, host } = facts
  if (!resolvConf || resolvConf.nameservers.length === 0) {
    const own = facts.answers.get(host[0] ?? '')
    const state = resolvConf ? 'names no server' : 'does not exist, or leads nowhere'
    return own?.answers === true ? [] : [report('noServer', { state }, restore(facts))]
  }
  if (!allSilent(facts.answers, host)) return []
  const reasons = silentAmong(facts.answers, host).join('; ')
  return [
    report(
      'noAnswer',
      { reasons },
      mendStub(facts) ?? manualFix('Start that name server, or name one that answers in /etc/resolv.conf'),
    ),
  ]
}

function judgeContainers(facts: Facts, report: Report): readonly Found[] {
  const { from, servers } = facts.containers
  const slots = { servers: servers.join(', ') }
  if (from === null) {
    const known = servers.every((server) => facts.answers.get(server)?.answers !== null)
    if (!known) return [report('fallback', slots, tellContainers(facts))]
    return allSilent(facts.answers, servers) ? [report('fallbackBlocked', slots, tellContainers(facts))] : []
  }
  const usable = servers.filter((server) => !isLoopback(server))
  if (usable.length === 0)
    return [report('loopbackInSettings', { file: from, ...slots }, tellContainers(facts))]
  if (!allSilent(facts.answers, usable)) return []
  const reasons = silentAmong(facts.answers, usable).join('; ')
  const cure = askAsTheHost(facts) ?? manualFix(`Name servers that answer: they stand in ${from}`)
  return [report('containersUnanswered', { file: from, reasons }, cure)]
}

function judgeEach(facts: Facts, report: Report): readonly Found[] {
  const all = facts.containers.from === null ? facts.host : [...facts.host, ...facts.containers.servers]
  const reasons = silentAmong(
    facts.answers,
    [...new Set(all)].filter((server) => !server.includes(':')),
  )
  const cure = forgetSilent(facts) ?? manualFix('Take it out of the list, or start it again')
  return reasons.length > 0 ? [report('someSilent', { reasons: reasons.join('; ') }, cure)] : []
}

export default defineCheck({
  id: 'network/dns',
  title: 'Host and containers have name servers that answer',
  why: 'Without name resolution no image can be pulled, and containers find nobody by name.',
  profiles: ['docker', 'swarm'],
  needs,
  causedBy: ['network/default-route', 'network/policy-routing', 'network/conntrack'],
  symptoms: () => [
    among(NO_NAMES, 0.75, { unless: /(?:registry|auth|index)[\w.-]*docker\.io|download\.docker\.com/ }),
    shows(/No non-localhost DNS nameservers/, 0.97),
    shows(/lookup \S+ on \S+:53: read udp[^\n]*(?:i\/o timeout|connection refused)/, 0.62),
    shows(/lookup \S+ on (?:127\.\S+|\[::1\]):53/, 0.3),
    shows(/lookup \S+ on \[::1\]:53|server misbehaving/, 0.85),
    shows(/lookup \S+: (?:no such host|Temporary failure)|lookup \S+ on \S+:53: no such host/, 0.3),
    shows(/127\.0\.0\.11:53|nameserver 127\./, 0.5),
    shows(/resolv\.conf[^\n]{0,60}(?:no such file|dangling|missing)/, 0.9),
    says(
      [
        /\bby (?:the )?name\b|through the name|\bcontainer names?|\bservice names?|主机名|容器名|服务名/,
        FAILS,
      ],
      0.7,
    ),
    says([/8\.8\.8\.8|resolv\.conf|systemd-resolved|\bdnsmasq\b|127\.0\.0\.53/, CONTAINER], 0.8),
    says(
      [/\bsplit[- ]horizon|\bsearch domain|\binternal (?:dns|domain|names)|\bcorporate dns|内网域名/, FAILS],
      0.85,
    ),
    among(NO_OUTBOUND, 0.06),
    among(PULL_TIMEOUT, 0.06),
    says(
      [
        /\bping|\bresolv|\bconnect|\breach|\baccess/,
        /\bbut\b.{0,60}\b(?:by |via |using |with |through )?(?:the |its |their )?ip(?: address(?:es)?)?\b|\bip(?: address)?\b.{0,40}\b(?:works?|fine|ok)\b|可以 ?ping ?通? ?ip|ip ?可以/,
        FAILS,
      ],
      0.78,
    ),
    says(
      [
        /\blinked? containers?|\blinks?\b|\bservice discovery|\balias/,
        FAILS,
        /\bname|\bresolv|\breach|\bping/,
      ],
      0.6,
    ),
    among(TIMEOUT, 0.03),
    says(
      [
        /\binternal|\bprivate|\bcorporate|\bcompany|\bvpn|\bintranet/,
        /\bnames?\b|\bdns\b|\bdomains?\b|\bhostnames?\b|\bresolv/,
        FAILS,
      ],
      0.75,
      { unless: /\bcertificate|\bx509/ },
    ),
    says(
      [
        /docker build|\bbuild (?:fails|step)|\bapt(?:-get)? update|\bnpm install|\bpip install|\bapk add|\byum install/,
        /\bresolv|\bdns\b|could not resolve|name resolution|temporary failure/,
      ],
      0.88,
    ),
    says(
      [
        /\b(?:mov|switch|chang|roam)\w*.{0,20}\b(?:networks?|wi-?fi|locations?)\b|换(?:了)?(?:个)?网络/,
        CONTAINER,
        /\binternet\b|\bdns\b|\bresolv|外网|解析/,
        FAILS,
      ],
      0.45,
    ),
    shows([/could(?: not|n't) resolve host/, /download\.docker\.com/], 0.65),
  ],
  findings,
  evaluate(facts, report) {
    const host = judgeHost(facts, report)
    const { servers, from } = facts.containers
    const containers =
      host.length > 0 && from !== facts.settings.file.path ? [] : judgeContainers(facts, report)
    const found = [...host, ...containers]
    return report.all(found.length > 0 ? found : judgeEach(facts, report), () => {
      for (const answer of facts.answers.values())
        if (answer.answers === null) return report.unknown(answer.why)
      return report.pass(`containers ask ${servers.join(', ')}, from ${from ?? "the engine's own list"}`)
    })
  },
})
