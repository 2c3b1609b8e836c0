import { FAILS } from '../../src/diagnose/words.ts'
import { installEngine } from '../../src/facts/engine-install.ts'
import { osRelease } from '../../src/facts/os-release.ts'
import {
  configuredAnswers,
  engineIsWanted,
  OFFICIAL,
  officialAnswers,
} from '../../src/facts/package-answers.ts'
import { packageFamily } from '../../src/facts/package-manager.ts'
import { engineRepositories, type Repository } from '../../src/facts/package-repositories.ts'
import { serviceManager } from '../../src/facts/service-manager.ts'
import { defineCheck, fail, warn } from '../../src/model/check.ts'
import { fix, manual, manualFix, replaceLine } from '../../src/model/fix.ts'
import { says, shows } from '../../src/model/symptom.ts'

const useMirror = manualFix(
  'Install from a repository that answers',
  `Where ${OFFICIAL} is blocked, mirrors of it may not be: mirrors.aliyun.com/docker-ce, mirrors.tuna.tsinghua.edu.cn/docker-ce, mirrors.huaweicloud.com/docker-ce (the same folders below linux/). Or give the package manager a proxy.`,
)

const useOfficial = ({ file, line, url }: Repository) =>
  fix(
    "Name Docker's own repository again",
    url.includes('/linux/')
      ? replaceLine(file, line, line.replace(url, url.replace(/^.*\/linux\//, `${OFFICIAL}/`)))
      : manual(`Write ${OFFICIAL} instead of ${url} in ${file}.`),
  )

export default defineCheck({
  id: 'registry/package-source',
  title: 'The repository of the engine’s packages answers',
  why: 'Without it the engine cannot be installed.',
  profiles: ['docker', 'swarm'],
  needs: {
    wanted: engineIsWanted,
    os: osRelease,
    family: packageFamily,
    services: serviceManager,
    repositories: engineRepositories,
    configured: configuredAnswers,
    official: officialAnswers,
  },
  causedBy: ['network/dns', 'network/default-route', 'registry/proxy'],
  symptoms: () => [
    shows(
      /download\.docker\.com|yum\.dockerproject|apt\.dockerproject|docker-ce(?:-stable)?[^\n]{0,60}(?:repomd\.xml|Failed to download metadata)/,
      0.88,
    ),
    says(
      [
        /\bapt\b|\byum\b|\bdnf\b|\brepo(?:sitory)?\b|\binstall|安装/,
        /docker-ce|download\.docker|docker repo/,
        FAILS,
      ],
      0.2,
    ),
    says(
      [
        /docker-ce|\bdocker\b.{0,20}(?:yum|apt) ?(?:源|repo)/,
        /源|\brepo|\burl\b|地址/,
        /打不开|失效|\b40[34]\b|\bchanged|\bmoved|not found|访问不/,
      ],
      0.75,
    ),
  ],
  findings: {
    unreachable: fail('{url}, which the engine would be installed from, does not answer: {reason}'),
    configuredDown: fail("{url} in {file} does not answer ({reason}), and Docker's own repository does"),
    notServed: fail('{url} in {file} has nothing for the release {suite}'),
    officialBlocked: warn(
      "Docker's repository does not answer ({reason}); the engine that this distribution packages itself can be installed",
    ),
  },
  evaluate({ wanted, os, family, services, repositories, configured, official }, report) {
    if (!wanted) return report.skip('an engine is installed, or another answers in its place')
    const all = [...configured, ...official]
    const good = all.find(({ state }) => state === 'answers')
    if (good && (configured.length === 0 || configured.includes(good))) return report.pass(good.url)
    const untold = all.find(({ state }) => state === 'untold')
    if (untold) return report.unknown(`${untold.url}: ${untold.reason}`)
    const [bad] = configured
    const repository = repositories.find(({ probeUrl }) => probeUrl === bad?.url)
    if (bad && repository) {
      const { url, file, suite } = repository
      if (bad.state === 'notServed' && suite !== '') {
        const text = `See which releases ${url}/dists/ has, and write the nearest one in ${file}.`
        return report('notServed', { url, file, suite }, manualFix('Name a release that is served', text))
      }
      const { reason } = bad
      if (good) return report('configuredDown', { url, file, reason }, useOfficial(repository))
      return report('unreachable', { url, reason }, useMirror)
    }
    const [own] = official
    if (!own || own.state === 'notServed')
      return report.skip("Docker has no packages for this release; the distribution's own repositories serve")
    const steps = installEngine(family, os, services)
    // Where it comes from Docker's repository, a command adds that first.
    const ownPackage =
      steps.some(({ kind }) => kind === 'package') && steps.every(({ kind }) => kind !== 'command')
    const { url, reason } = own
    return ownPackage
      ? report('officialBlocked', { reason }, fix("Install the distribution's engine", ...steps))
      : report('unreachable', { url, reason }, useMirror)
  },
})
