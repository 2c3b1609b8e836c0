import { dataset } from '../../src/data/dataset.ts'
import { PULL_TIMEOUT, TLS_STALLS } from '../../src/diagnose/phenomena.ts'
import { PULL } from '../../src/diagnose/words.ts'
import { daemonSettings } from '../../src/facts/daemon-config.ts'
import { engineVersion } from '../../src/facts/engine-version.ts'
import { mirrorUrlProblem } from '../../src/facts/mirror-url.ts'
import {
  apiUrl,
  engineProxy,
  HUB,
  hubAnswers,
  insecureRegistries,
  mirrorAnswers,
  mirrorRepositories,
  registryHost,
  registryMirrors,
} from '../../src/facts/registries.ts'
import { registryHealth } from '../../src/facts/registry-answer.ts'
import { defineCheck, type Found, fail, type Reporter, warn } from '../../src/model/check.ts'
import { maybe, type Values } from '../../src/model/fact.ts'
import {
  disruptive,
  type Fix,
  fix,
  manualFix,
  restartEngine,
  type Step,
  service,
  setJson,
} from '../../src/model/fix.ts'
import { among, says, shows } from '../../src/model/symptom.ts'

const KEY = ['registry-mirrors']
/** Slower than this to answer `/v2/`, a mirror delays every pull for nothing. */
const SLOW_MS = 3_000

const needs = {
  mirrors: registryMirrors,
  settings: daemonSettings,
  version: engineVersion,
  insecure: insecureRegistries,
  proxy: engineProxy,
  answers: maybe(mirrorAnswers),
  repositories: maybe(mirrorRepositories),
  hub: maybe(hubAnswers),
  known: dataset('public-mirrors'),
}
type Facts = Values<typeof needs>

const findings = {
  badUrl: fail('registry mirror {mirror}: {reason}; the engine does not start with it'),
  dead: fail('no registry mirror works: {mirror}: {reason}'),
  wrongScheme: fail('registry mirror {mirror} is written with {written}, and the port speaks {spoken}'),
  untrusted: fail('the certificate of registry mirror {mirror} is not trusted: {reason}', {
    causedBy: ['registry/tls'],
  }),
  lacksImages: fail(
    'registry mirror {mirror} holds no image of Docker Hub, and Docker Hub cannot be reached from here',
  ),
  oneDead: warn('registry mirror {mirror} does not work: {reason}; each pull waits for it first'),
  slow: warn('registry mirror {mirror} took {seconds} s to answer'),
}
type Report = Reporter<typeof findings>

/** Whether a host has the name, or one beneath `*.name`. */
const isNamed = (host: string, name: string): boolean =>
  name.startsWith('*.') ? host.endsWith(name.slice(1)) : host === name

/** A reload is enough for mirrors. @see https://docs.docker.com/reference/cli/dockerd/#configuration-reload-behavior */
function without({ settings }: Facts, mirror: string, then: Step = service('docker', 'reload')): Fix {
  const left = settings.list('registry-mirrors').filter((one) => one !== mirror)
  if (settings.file.state !== 'present' || left.length === settings.list('registry-mirrors').length) {
    return manualFix(`Take ${mirror} out of the engine's --registry-mirror flags, and restart it`)
  }
  return fix('Take it out of daemon.json', setJson(settings.file.path, KEY, left), then)
}

const rewritten = ({ settings }: Facts, mirror: string, better: string): Fix => {
  const list = settings.list('registry-mirrors').map((one) => (one === mirror ? better : one))
  return disruptive(`Write ${better}`, setJson(settings.file.path, KEY, list), restartEngine)
}

function judgeMirror(facts: Facts, mirror: string, alone: boolean, report: Report): Found | null {
  const bad = mirrorUrlProblem(mirror, facts.version)
  if (bad) return report('badUrl', { mirror, reason: bad }, without(facts, mirror, restartEngine))
  const answer = facts.answers.known ? facts.answers.value.get(apiUrl(mirror)) : undefined
  if (!answer) return null
  const health = registryHealth(answer)
  const host = registryHost(mirror) ?? mirror
  const dead = (reason: string): Found => {
    const closed = facts.known.closed.find((mirror) => isNamed(host, mirror.host))
    const said = closed ? `${reason}; it is ${closed.state}` : reason
    return report(alone ? 'dead' : 'oneDead', { mirror, reason: said }, without(facts, mirror))
  }
  switch (health.state) {
    case 'healthy':
      if (health.milliseconds < SLOW_MS) return null
      return report(
        'slow',
        { mirror, seconds: Math.round(health.milliseconds / 1000) },
        without(facts, mirror),
      )
    case 'speaksTls':
      return report(
        'wrongScheme',
        { mirror, written: 'http://', spoken: 'TLS' },
        rewritten(facts, mirror, mirror.replace(/^http:/i, 'https:')),
      )
    case 'speaksHttp':
      if (facts.insecure.includes(host)) return null
      return report(
        'wrongScheme',
        { mirror, written: 'https://', spoken: 'plain HTTP' },
        rewritten(facts, mirror, mirror.replace(/^https:/i, 'http:')),
      )
    case 'untrusted': {
      if (facts.insecure.includes(host)) return null
      const cure = manualFix(
        "Trust the mirror's authority",
        `Put the certificate of its authority at /etc/docker/certs.d/${host}/ca.crt (no restart needed), or have the mirror's certificate renewed.`,
      )
      return report('untrusted', { mirror, reason: health.reason }, cure)
    }
    default:
      return dead(health.reason)
  }
}

/** With Docker Hub out of reach, a mirror must have its images; one that lists only others is a private registry. */
function lackingImages({ mirrors, repositories, hub }: Facts, report: Report): Found | null {
  const hubAnswer = hub.known ? hub.value.get(HUB.registry) : undefined
  if (!repositories.known || !hubAnswer || hubAnswer.ok) return null
  const lists = mirrors.map((mirror) => [mirror, repositories.value.get(mirror) ?? []] as const)
  const private_ = ([, names]: readonly [string, readonly string[]]): boolean =>
    names.length > 0 && !names.some((name) => name.startsWith('library/'))
  const [first] = lists
  if (!first || !lists.every(private_)) return null
  const cure = manualFix(
    'Mirror Docker Hub',
    `Run the registry as a pull-through cache (proxy.remoteurl in its configuration), push the images there as library/NAME, or configure a mirror that has them.`,
  )
  return report('lacksImages', { mirror: first[0] }, cure)
}

/** Mirrors that many have in their settings: some are gone, most are slow at times. */
const MIRROR_HOST =
  /(?:registry\.docker-cn\.com|azk8s\.cn|reg-mirror\.qiniu\.com|docker\.mirrors?\.[\w.-]+|daocloud\.io|mirror\.aliyuncs\.com|hub-mirror\.c\.163\.com|mirror\.baidubce\.com|docker\.nju\.edu\.cn|mirror\.ccs\.tencentyun\.com|dockerproxy\.\w+|docker\.1panel\S*|docker\.1ms\.run|dockerhub\.icu|hub\.rat\.dev|dockerpull\.\w+|docker\.xuanyuan\.me|mirror\.gcr\.io|huecker\.io|dockerhub\.timeweb\.cloud|docker\.anyhub\.us\.kg)/

/** One of them was asked for an image, and a program says what came of it. */
const MIRROR_ASKED = new RegExp(
  `\\b(?:Get|Head|lookup|connect\\w*|resolv\\w*|pull\\w*|fetch\\w*|from)\\b[^\\n]{0,60}${MIRROR_HOST.source}|${MIRROR_HOST.source}[^\\n]{0,40}\\/v2\\/`,
)

export default defineCheck({
  id: 'registry/mirrors',
  title: 'Every registry mirror answers the registry protocol',
  why: 'A dead mirror delays every pull by a timeout, and the error that follows names only Docker Hub.',
  profiles: ['docker', 'swarm', 'rootless'],
  needs,
  causedBy: ['network/dns', 'network/default-route'],
  symptoms: () => [
    shows(/invalid mirror: /, 0.98),
    shows(/unsupported scheme "|no scheme specified/, 0.9),
    shows(/not in the (?:allow|white)list|不在白名单|public-image-mirror/, 0.97),
    shows(MIRROR_ASKED, 0.9),
    shows(MIRROR_HOST, 0.5),
    shows(/Error getting v2 registry|registry-mirrors?|Registry Mirrors:\s+http/, 0.55),
    shows(/download failed after attempts/, 0.5),
    shows(/tlsv1 alert internal error/, 0.6),
    shows(/\bmanifest unknown|manifest for \S+ not found/, 0.35),
    says(/\bmirrors?\b|加速器|镜像(?:加速|源|站|地址)|国内源|\bproxy cache|pull[- ]through/, 0.75, {
      unless: /mirrorlist/,
    }),
    says([/forbidden|白名单|whitelist|allowlist/, /\bmirror|镜像|\.cn\b|aliyun/], 0.92),
    among(PULL_TIMEOUT, 0.2),
    among(TLS_STALLS, 0.06),
    says(
      [
        /\.cn\b|aliyun|tencent|huawei|daocloud|163\.com|ustc|tuna|qiniu|阿里|腾讯|华为|网易|中科大|清华/,
        PULL,
      ],
      0.8,
    ),
    shows(/docker\.io[^\n]*(?:403 Forbidden|denied)|unexpected status[^\n]{0,40}(?:40[34]|50\d)/, 0.35),
    says([/镜像/, /拉取|pull|下载/, /源|加速|配置|registry-mirrors/], 0.6),
    shows(/has been temporarily rate limited/, 0.9),
    says(
      [
        /(?:自建|自己搭|反代|\bcloudflare workers?\b).{0,40}(?:加速|镜像)|(?:加速|镜像).{0,40}(?:自建|自己搭|反代|\bcloudflare workers?\b)|代理站/,
        /\bdocker|\bpull|拉取/,
      ],
      0.8,
    ),
    shows(/error parsing HTTP 40[34] response body/, 0.6),
  ],
  findings,
  evaluate(facts, report) {
    const { mirrors, proxy, answers } = facts
    if (mirrors.length === 0) return report.skip('no registry mirror is configured')
    const usable = mirrors.filter((mirror) => !judgeMirror(facts, mirror, true, report))
    const found = mirrors.flatMap((mirror) => judgeMirror(facts, mirror, usable.length === 0, report) ?? [])
    const lacking = found.length === 0 ? lackingImages(facts, report) : null
    return report.all(
      lacking ? [lacking] : proxy ? found.filter(({ finding }) => finding === 'badUrl') : found,
      () => {
        if (proxy) return report.unknown('the engine goes through a proxy, behind which nothing is asked')
        return answers.known ? report.pass(`${mirrors.length} answer`) : report.unknown(answers.why)
      },
    )
  },
})
