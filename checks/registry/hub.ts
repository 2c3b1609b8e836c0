import { PULL_TIMEOUT } from '../../src/diagnose/phenomena.ts'
import { PULL } from '../../src/diagnose/words.ts'
import { standInMirror } from '../../src/facts/mirror-stands-in.ts'
import { hubThroughProxy } from '../../src/facts/proxy-reach.ts'
import { HUB, hubAnswers } from '../../src/facts/registries.ts'
import { registryHealth } from '../../src/facts/registry-answer.ts'
import { defineCheck, fail, warn } from '../../src/model/check.ts'
import { manualFix } from '../../src/model/fix.ts'
import { among, says, shows } from '../../src/model/symptom.ts'

const useMirror = manualFix(
  'Use a registry mirror that answers',
  'Add "registry-mirrors": ["https://MIRROR"] to /etc/docker/daemon.json and restart the engine (or systemctl reload docker), or give the engine a proxy (HTTPS_PROXY in the environment of its service; "proxies" in daemon.json from Docker 23 on).',
)

export default defineCheck({
  id: 'registry/hub',
  title: 'Docker Hub answers, or a mirror stands in',
  why: 'Without either no image of Docker Hub can be pulled.',
  profiles: ['docker', 'swarm', 'rootless'],
  needs: { hub: hubAnswers, mirror: standInMirror, through: hubThroughProxy },
  causedBy: [
    'registry/mirrors',
    'registry/tls#intercepted',
    'registry/proxy#unreachable',
    'registry/proxy#notSet',
    'registry/proxy#badValue',
    'registry/proxy#speaksPlain',
    'host/clock#behind',
    'host/clock#ahead',
    'network/dns',
    'network/default-route',
  ],
  symptoms: () => [
    among(PULL_TIMEOUT, 0.36),
    shows(
      /dial tcp \[(?!::1\])[0-9a-f:]+\]:\d+: (?:connect: )?(?:network is unreachable|cannot assign requested address|no route to host|i\/o timeout|connection refused)/,
      0.94,
    ),
    shows(
      /short read: expected|unexpected EOF|filesystem layer verification failed|error copying image|unauthorized: incorrect/,
      0.7,
    ),
    shows(/production\.cloudflare\.docker\.com|cloudfront\.docker/, 0.45),
    says(
      [
        /国内|\bchina\b|\bgfw\b|\bblocked\b|\biran\b|\brussia\b|墙|被封/,
        /\bpull|\bdocker ?hub|拉取|镜像|\bimage/,
      ],
      0.82,
    ),
    says([/\bipv6\b/, PULL], 0.85),
    says([/\bcnames?\b|\bvirtualbox\b/, /\bdns\b|docker\.io/], 0.85),
    says([/\bpull/, /\binterrupt|\bretry|\bslow|\bstuck|\bcorrupt|中断/], 0.45),
    says(
      /\bpull\b.{0,40}\b(?:slow|hang|stuck|timeout|time out|fail|超时)|docker ?hub.{0,40}(?:timeout|unreachable|blocked|down|slow)|\bpull\b.{0,30}(?:超时|失败|慢)|拉取.{0,30}(?:超时|失败|慢)/,
      0.5,
    ),
    shows(/docker\.(?:io|com)[^\n]*(?:EOF|connection reset by peer|tls: )/, 0.2),
    says(/\bshort read|unexpected EOF|layer (?:verification|download)/, 0.7),
    shows(/registry-1\.docker\.io|docker\.io\/v2/, 0.1),
  ],
  findings: {
    unreachable: fail('Docker Hub does not answer ({reason}), and no mirror stands in'),
    tokenBlocked: fail(
      'Docker Hub answers and its token service does not ({reason}): every pull ends unauthorized',
    ),
    ipv6Broken: warn('Docker Hub answers over IPv4 only: {reason}; pulls wait for IPv6 first'),
  },
  evaluate({ hub, mirror, through }, report) {
    const registry = hub.get(HUB.registry)
    const auth = hub.get(HUB.auth)
    if (!registry || !auth) return report.unknown('Docker Hub was not asked')
    const health = registryHealth(registry)
    if (through === 'reached') return report.pass("the engine's proxy gets there")
    if ((through || health.state !== 'healthy' || !auth.ok) && mirror) {
      return report.pass(`Docker Hub is out of reach; the mirror ${mirror} stands in`)
    }
    if (through === 'untold')
      return report.unknown("the engine's proxy does not say whether it gets to Docker Hub")
    if (through)
      return report('unreachable', { reason: `through the engine's proxy: ${through.refused}` }, useMirror)
    if (health.state !== 'healthy') {
      const reason = 'reason' in health ? health.reason : health.state
      return report('unreachable', { reason }, useMirror)
    }
    if (!auth.ok) return report('tokenBlocked', { reason: `${auth.stage}: ${auth.code}` }, useMirror)
    const six = registry.failures?.find(({ address }) => address.includes(':'))
    if (six) {
      const cure = manualFix(
        'Mend IPv6, or take it from this host',
        'Either give the host a working IPv6 route, or disable it: sysctl -w net.ipv6.conf.all.disable_ipv6=1',
      )
      return report('ipv6Broken', { reason: six.code }, cure)
    }
    return report.pass(`answers in ${health.milliseconds} ms`)
  },
})
