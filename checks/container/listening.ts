import { PORT_DEAD, REFUSED, TIMEOUT } from '../../src/diagnose/phenomena.ts'
import { CONTAINER, FAILS } from '../../src/diagnose/words.ts'
import {
  type ContainerListener,
  containerListeners,
  innerNetwork,
} from '../../src/facts/container-namespace.ts'
import { namedContainer } from '../../src/facts/named-container.ts'
import { NO_CONTAINER, namedWay } from '../../src/facts/named-way.ts'
import { isAnyAddress, isLoopback } from '../../src/facts/tcp-listeners.ts'
import { defineCheck, fail } from '../../src/model/check.ts'
import { maybe } from '../../src/model/fact.ts'
import { manualFix } from '../../src/model/fix.ts'
import { among, says, shows } from '../../src/model/symptom.ts'

/** Enough to see what it does instead. */
const MOST_SHOWN = 5

const shown = ({ address, port, protocol }: ContainerListener): string =>
  `${address.includes(':') ? `[${address}]` : address}:${port}/${protocol}`

/** The engine's own name server in a container, and short-lived ports of clients, are no answer. */
const EMBEDDED_DNS = '127.0.0.11'

export default defineCheck({
  id: 'container/listening',
  title: 'Its program listens where others reach it',
  why: 'A container has a loopback address of its own: what listens there is reached by nobody outside it.',
  profiles: ['docker', 'swarm'],
  needs: { named: namedContainer, way: namedWay, listeners: containerListeners, inner: maybe(innerNetwork) },
  causedBy: ['container/running'],
  symptoms: () => [
    shows(/Connection reset by peer|Empty reply from server|ECONNRESET|\(56\) Recv fail|\(52\) Empty/, 0.78, {
      unless: /docker\.io|registry|proxyconnect|x509/,
    }),
    says([/\b(?:listen|bind|bound|listening)/, /127\.0\.0\.1|\blocalhost\b|\bloopback|0\.0\.0\.0/], 0.25),
    says(
      [
        /connection refused|connection reset|empty reply|refused to connect|拒绝/,
        /\bcontainer|\bdocker\b|\bendpoint|容器/,
        /\boutside|\bhost|\bbrowser|\blocalhost|\bcurl|\baccess|\breach|宿主|浏览器|访问/,
      ],
      0.25,
      { unless: /iptables|firewall/ },
    ),
    among(PORT_DEAD, 0.25),
    says(
      [
        /\bapp\b|\bserver\b|\bwebsite|\bservice|服务/,
        /\bworks? (?:inside|in the container|in container)|inside (?:the )?container works|容器内(?:可以|正常)/,
      ],
      0.75,
    ),
    among(TIMEOUT, 0.05),
    among(REFUSED, 0.1),
    says([/\b127\.0\.0\.1:\d+|\blocalhost:\d+/, /\breach|\baccess|\bconnect|\bbrowser|访问/, FAILS], 0.25, {
      unless: /237[56]|docker\.sock|during connect|proxy|iptables|firewall/,
    }),
    says([/端口|\bport/, /映射|publish|-p\b/, /访问不|无法访问|不能访问|连接被拒|\brefused|\breset/], 0.5),
    says(
      [
        /\breact\b|\bvite\b|\bangular\b|\bvue\b|\bflask\b|\bnext\.?js|\bdjango|\brails\b|\bsinatra|\bwebpack|\bsvelte|\bnuxt|\bgatsby|\bstreamlit|\bjupyter|\buvicorn|\bfastapi|\bhugo\b|\bjekyll|\bdev(?:elopment)? server/,
        CONTAINER,
        /\baccess|\breach|\bbrowser|\bopen\b|\blocalhost|\brequests?\b|\bconnect|访问/,
        /\bnot\b|n't\b|\bcan(?:no|')?t\b|\bunable|\bno (?:request|response|answer)|\brefused|\breset|无法|不能|访问不/,
      ],
      0.55,
      { unless: /docker\.sock|daemon|database|mysql|postgres|mongo|redis/ },
    ),
    shows(/ERR_EMPTY_RESPONSE|ERR_CONNECTION_RESET|didn[’']t send any data|socket hang up/, 0.7, {
      unless: /docker\.io|registry|proxy/,
    }),
    shows(
      [
        /(?:Running on|Starting development server at|Uvicorn running on|Serving HTTP on|Listening (?:on|at)):? (?:https?:\/\/)?(?:127\.0\.0\.1|localhost)\b|Network: +use --host to expose/,
        /refused|\breset\b|empty reply|ERR_|\b(?:can(?:no|')?t|cannot|unable to) (?:reach|access|connect|open|load|visit)|\bnot (?:reach|access|work|respond|load)|n't (?:reach|work|respond|load|open)|无法|不能|访问不/,
      ],
      0.8,
      { unless: /(?:on|at):? (?:https?:\/\/)?0\.0\.0\.0|all addresses/ },
    ),
  ],
  findings: {
    nothing: fail('nothing in {name} listens on port {port}; it listens on {others}'),
    silent: fail('nothing in {name} listens on port {port}, nor on any other'),
    loopback: fail(
      '{name} listens on {address}, its own loopback, and nowhere else: nobody outside it gets there',
    ),
    elsewhere: fail('{name} listens on {address}, which is not its address {own} in the network {network}'),
  },
  evaluate({ named, way, listeners, inner }, report) {
    if (!named || !way) return report.skip(NO_CONTAINER)
    if (!listeners) return report.skip(`${way.name} does not run`)
    if (!way.port) return report.skip(`${way.name} publishes no port, and none is asked for`)
    const { port, protocol } = way.port
    if (protocol !== 'tcp' && protocol !== 'udp')
      return report.unknown(`what listens by ${protocol} is not read`)
    const text = `${port}/${protocol}`
    const ours = listeners.filter((one) => one.port === port && one.protocol === protocol)
    const { name } = way
    if (ours.length === 0) {
      const all = listeners.filter((one) => one.protocol === protocol && one.address !== EMBEDDED_DNS)
      const cure = manualFix(
        `Have its program listen on port ${port}, or publish the port that it listens on`,
        `What its program says: docker logs --tail 20 ${name}`,
      )
      if (all.length === 0) return report('silent', { name, port: text }, cure)
      const others = [...new Set(all.map(shown))].slice(0, MOST_SHOWN).join(', ')
      return report('nothing', { name, port: text, others }, cure)
    }
    const [first] = ours
    const open = ours.find(({ address }) => isAnyAddress(address))
    if (open) return report.pass(shown(open))
    const outward = ours.filter(({ address }) => !isLoopback(address))
    // On the network of the host its loopback is the host's, which the host itself does reach.
    if (outward.length === 0 && way.kind === 'host' && way.isFromHere)
      return report.pass(first && shown(first))
    const address = ours.map(shown).join(', ')
    const everywhere = manualFix(
      `Have its program listen on 0.0.0.0:${port}`,
      'It is told so by its configuration or command line: --host 0.0.0.0, bind 0.0.0.0, listen on *.',
    )
    if (outward.length === 0) return report('loopback', { name, address }, everywhere)
    const own = way.address
    const isOwn = outward.some((one) => one.address === own || one.address.includes(':'))
    if (own === null || isOwn || !inner.known || inner.value === null) return report.pass(address)
    return report('elsewhere', { name, address, own, network: way.network?.name ?? way.kind }, everywhere)
  },
})
