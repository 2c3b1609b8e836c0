import { PULL_TIMEOUT } from '../../src/diagnose/phenomena.ts'
import { PULL } from '../../src/diagnose/words.ts'
import { type EngineProxies, engineProxies, proxiesInForce } from '../../src/facts/engine-proxies.ts'
import { isOwnAddress, proxyAddress } from '../../src/facts/proxy-address.ts'
import {
  type ContainerProxy,
  containerProxies,
  proxyAnswers,
  shutOffRegistries,
} from '../../src/facts/proxy-reach.ts'
import { goDirectly, rewriteProxy, useProxy } from '../../src/facts/proxy-steps.ts'
import { registryHealth } from '../../src/facts/registry-answer.ts'
import { serviceManager } from '../../src/facts/service-manager.ts'
import { helpfulProxy } from '../../src/facts/shell-proxy.ts'
import { defineCheck, type Found, fail, type Reporter, warn } from '../../src/model/check.ts'
import { maybe, type Values } from '../../src/model/fact.ts'
import {
  disruptive,
  fix,
  manual,
  manualFix,
  reloadUnits,
  restartEngine,
  setJson,
} from '../../src/model/fix.ts'
import { among, mentions, says, shows } from '../../src/model/symptom.ts'

const needs = {
  proxies: engineProxies,
  given: maybe(containerProxies),
  answers: proxyAnswers,
  shutOff: maybe(shutOffRegistries),
  helpful: maybe(helpfulProxy),
  services: serviceManager,
}
type Facts = Values<typeof needs>

const findings = {
  notSet: fail(
    'Docker Hub is reached by the proxy {proxy} ({from}) only, and the engine has none: shells get there, pulls do not',
  ),
  badValue: fail("the engine's proxy {proxy} is no URL that it can use"),
  unreachable: fail(
    "the engine's proxy {proxy} does not answer: {reason}; what goes through it cannot be pulled",
  ),
  speaksPlain: fail("the engine's proxy {proxy} is written with https://, and does not speak TLS"),
  notBypassed: fail(
    '{registries} answers from here, but the engine asks its proxy {proxy}, which does not get there: NO_PROXY lacks it',
  ),
  notInForce: warn('{file} sets a proxy, and the running engine has none'),
  containersUnreachable: fail(
    '{file} gives every new container the proxy {proxy}, which does not answer: {reason}',
  ),
  containersLoopback: warn(
    '{file} gives every new container the proxy {proxy}: in a container that is the container itself',
  ),
}
type Report = Reporter<typeof findings>

const whereSet = ({ file }: EngineProxies): string => file ?? 'the environment of dockerd'

function judgeEngine({ proxies, answers }: Facts, proxy: string, report: Report): Found[] {
  const address = proxyAddress(proxy)
  const change = manualFix(
    'Correct the proxy, or start it',
    `Change it in ${whereSet(proxies)}, then: systemctl daemon-reload, and restart the engine.`,
  )
  if (!address) return [report('badValue', { proxy }, change)]
  const answer = answers.get(proxy)
  if (!answer || answer.ok) return []
  const health = registryHealth(answer)
  if (health.state === 'speaksHttp') {
    const plain = rewriteProxy(proxies, proxy, proxy.replace(/^https:/i, 'http:'))
    return [report('speaksPlain', { proxy }, plain ?? change)]
  }
  // Whom the engine trusts is another matter.
  if (health.state !== 'unreachable' || (answer.stage === 'tls' && answer.code !== 'TIMEOUT')) return []
  return [report('unreachable', { proxy, reason: health.reason }, change)]
}

/** Its name may be one that only containers can resolve; that it does not resolve here proves nothing. */
function judgeGiven({ answers }: Facts, { keys, value, file }: ContainerProxy, report: Report): Found[] {
  const address = proxyAddress(value)
  const keysGone = keys.map((key) => setJson(file, ['proxies', 'default', key], undefined))
  const cure = fix('Give containers no proxy', ...keysGone)
  if (!address) return []
  if (isOwnAddress(address)) return [report('containersLoopback', { file, proxy: value }, cure)]
  const answer = answers.get(value)
  const health = answer && registryHealth(answer)
  if (answer?.stage !== 'tcp' || health?.state !== 'unreachable') return []
  return [report('containersUnreachable', { file, proxy: value, reason: health.reason }, cure)]
}

/** A % in a value of systemd's must be doubled. @see https://docs.docker.com/engine/daemon/proxy/#systemd-unit-file */
function judgeForce({ proxies }: Facts, report: Report): Found[] {
  const { running, configured, file } = proxies
  if (!running || !file || running.http || running.https || !(configured.http || configured.https)) return []
  if (!/\.json$|\/systemd\//.test(file)) return []
  const cure = disruptive(
    'Restart the engine',
    ...(file.includes('/systemd/') ? [reloadUnits] : []),
    restartEngine,
    manual(`If it still has none, look for a % in ${file}: systemd wants it doubled.`),
  )
  return [report('notInForce', { file }, cure)]
}

export default defineCheck({
  id: 'registry/proxy',
  title: 'Proxies of engine and containers answer',
  why: 'A wrong proxy stops every pull, and what containers are given stops whatever they fetch.',
  profiles: ['docker', 'swarm'],
  needs,
  causedBy: ['network/dns', 'network/default-route'],
  symptoms: () => [
    shows(/proxyconnect|Proxy Authentication Required|\b407\b[^\n]{0,20}[Pp]roxy/, 0.96),
    shows(/first record does not look like a TLS handshake/, 0.5),
    shows(/Retrying in \d+ seconds?|unexpected HTTP status: 503|Service Unavailable/, 0.7),
    mentions(/\b(?:https?|no|ftp|all)_proxy\b/, 0.7),
    shows(/lookup registry-1\.docker\.io on \S+:53: no such host/, 0.42),
    shows(/400 Bad Request[\s\S]{0,80}(?:proxy|<HTML>)|Unsupported method/, 0.7),
    says(/\bproxy\b|\bproxies\b|代理(?!站)/, 0.6, {
      unless: /docker-proxy|userland|reverse proxy|traefik|nginx/,
    }),
    says([/\bcompany network|\bcorporate network|\bbehind a? ?(?:corporate|company)|公司网络/, PULL], 0.6),
    among(PULL_TIMEOUT, 0.16),
    shows(
      /oversized record received|\bMethod Not Allowed\b|docker\.io[^\n]*: (?:Forbidden|Bad Gateway|Proxy|Service Unavailable|Bad Request|Gateway Time)|dial tcp :0|http: invalid proxy|invalid proxy (?:URL|address)/,
      0.8,
    ),
    says([/\bproxy\b|\bproxies\b|代理/, /docker (?:pull|build|login|run)|\bdaemon\b|\bcontainer/], 0.7, {
      unless: /docker-proxy|userland|reverse proxy|traefik/,
    }),
  ],
  findings,
  evaluate(facts, report) {
    const { proxies, given, shutOff } = facts
    const force = proxiesInForce(proxies)
    const used = [...new Set([force.https, force.http])].filter((proxy) => proxy !== '')
    const [proxy = ''] = used
    const lacking = shutOff.known ? shutOff.value : []
    const shut = { registries: lacking.join(', '), proxy }
    const help = facts.helpful.known ? facts.helpful.value : null
    const found = [
      ...(help
        ? [
            report(
              'notSet',
              { proxy: help.value, from: help.from },
              useProxy(help.value, facts.services.kind === 'systemd'),
            ),
          ]
        : []),
      ...used.flatMap((one) => judgeEngine(facts, one, report)),
      ...(lacking.length > 0 ? [report('notBypassed', shut, goDirectly(lacking, proxies))] : []),
      ...judgeForce(facts, report),
      ...(given.known ? given.value.flatMap((one) => judgeGiven(facts, one, report)) : []),
    ]
    return report.all(found, () => {
      if (used.length > 0 && !shutOff.known) return report.unknown(shutOff.why)
      if (!given.known) return report.unknown(given.why)
      return report.pass(used.length > 0 ? used.join(', ') : 'the engine uses none')
    })
  },
})
