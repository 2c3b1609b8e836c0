/** How the repositories answer that an engine would be installed from. */
import {
  type AsReading,
  asReading,
  defineFact,
  type Fact,
  maybe,
  type OrAbsent,
  orAbsent,
} from '../model/fact.ts'
import {
  type DirectorySource,
  directory,
  type FileSource,
  file,
  type ProbeAnswer,
  type ProbeSource,
  probe,
} from '../model/source.ts'
import { engineState } from './engine.ts'
import { dockerSnap } from './engine-packages.ts'
import { osRelease } from './os-release.ts'
import { packageFamily } from './package-manager.ts'
import { engineRepositories } from './package-repositories.ts'
import { program } from './programs.ts'
import { proxyAddress } from './proxy-address.ts'
import { shellProxy } from './shell-proxy.ts'

export const OFFICIAL = 'https://download.docker.com/linux'
const TIMEOUT_MS = 5_000

/** Distributions that Docker has packages for. @see https://docs.docker.com/engine/install/ */
const SERVED: Readonly<Record<string, string>> = {
  debian: 'debian',
  ubuntu: 'ubuntu',
  fedora: 'fedora',
  rhel: 'rhel',
  centos: 'centos',
  rocky: 'centos',
  almalinux: 'centos',
  ol: 'centos',
}

const APT_FOLDER = '/etc/apt/apt.conf.d'
const CONFIGS = ['/etc/apt/apt.conf', '/etc/yum.conf', '/etc/dnf/dnf.conf'] as const
const PROXY = [/^\s*Acquire::https?::Proxy(?:::\S+)?\s+"([^"]+)"/im, /^\s*proxy\s*=\s*(\S+)/im] as const

const aptFragments: Fact<readonly string[]> = defineFact({
  name: 'aptFragments',
  about: 'The files of apt.conf.d.',
  reads: { names: orAbsent(directory(APT_FOLDER)) as OrAbsent<DirectorySource> },
  parse: ({ names }): readonly string[] =>
    (names ?? []).filter((name) => !name.endsWith('/')).map((name) => `${APT_FOLDER}/${name}`),
})

/** As it is written; null where packages are fetched directly. */
const packageProxy: Fact<string | null> = defineFact({
  name: 'packageProxy',
  about: 'The proxy that packages are fetched through; null where there is none.',
  needs: { shell: shellProxy, fragments: aptFragments },
  reads: ({ fragments }): Record<string, AsReading<FileSource>> =>
    Object.fromEntries([...CONFIGS, ...fragments].map((path) => [path, asReading(file(path))])),
  reading: `${CONFIGS.join(', ')} and ${APT_FOLDER}/*`,
  parse: (texts, { shell }): string | null => {
    const found = Object.values(texts).flatMap((reading) =>
      reading.state === 'ok' ? PROXY.flatMap((pattern) => pattern.exec(reading.value)?.[1] ?? []) : [],
    )
    const [configured] = found.filter((value) => !/^(?:DIRECT|_none_|none)$/i.test(value))
    return configured ?? shell?.value ?? null
  },
})

export interface PackageAnswer {
  readonly url: string
  readonly state: 'answers' | 'notServed' | 'silent' | 'untold'
  readonly reason: string
}

const answersOf = (
  name: string,
  about: string,
  urls: Fact<readonly string[]>,
): Fact<readonly PackageAnswer[]> =>
  defineFact({
    name,
    about,
    needs: { urls, proxy: packageProxy },
    reads: ({ urls, proxy }): Record<string, ProbeSource> =>
      Object.fromEntries(
        urls.flatMap((url) => {
          const asked = through(url, proxy)
          return asked ? [[url, probe(asked, { timeoutMs: TIMEOUT_MS })] as const] : []
        }),
      ),
    reading: about,
    parse: (answers, { urls }): readonly PackageAnswer[] => urls.map((url) => judged(url, answers[url])),
  })

/** null where the proxy is of a kind that cannot be asked. */
function through(url: string, proxy: string | null): string | null {
  if (proxy === null) return url
  const address = proxyAddress(proxy)
  return address?.scheme === 'http' ? `proxy://${address.host}:${address.port}/${url}` : null
}

function judged(url: string, answer: ProbeAnswer | undefined): PackageAnswer {
  if (!answer) return { url, state: 'untold', reason: 'it is reached through a proxy that cannot be asked' }
  const { ok, status = 0, message, code = '' } = answer
  if (!ok) return { url, state: 'silent', reason: message || code }
  if (status === 407) return { url, state: 'untold', reason: 'the proxy wants a login' }
  if (status === 404) return { url, state: 'notServed', reason: 'HTTP 404' }
  return { url, state: status < 400 ? 'answers' : 'silent', reason: `HTTP ${status}` }
}

/** Whether an engine has yet to be installed: else no repository is asked. */
export const engineIsWanted: Fact<boolean> = defineFact({
  name: 'engineIsWanted',
  about: 'No engine is installed here, and none answers in its place.',
  needs: { dockerd: program('dockerd'), snap: dockerSnap, state: maybe(engineState) },
  parse: (_, { dockerd, snap, state }): boolean =>
    dockerd === null &&
    !snap &&
    (!state.known || ['absent', 'refused', 'asleep'].includes(state.value.state)),
})

const configuredUrls: Fact<readonly string[]> = defineFact({
  name: 'configuredPackageUrls',
  about: "What is asked of the configured repositories of Docker's packages.",
  needs: { wanted: engineIsWanted, repositories: engineRepositories },
  parse: (_, { wanted, repositories }): readonly string[] => {
    const urls = wanted ? repositories.map(({ probeUrl }) => probeUrl) : []
    return [...new Set(urls.filter((url) => /^https?:\/\//i.test(url)))]
  },
})

export const configuredAnswers: Fact<readonly PackageAnswer[]> = answersOf(
  'configuredPackageAnswers',
  "each configured repository of Docker's packages",
  configuredUrls,
)

/** Asked only where no configured repository answers. */
const officialUrls: Fact<readonly string[]> = defineFact({
  name: 'officialPackageUrls',
  about: "Docker's own repository for this distribution, where no configured one answers.",
  needs: { wanted: engineIsWanted, os: osRelease, family: packageFamily, configured: configuredAnswers },
  parse: (_, { wanted, os, family, configured }): readonly string[] => {
    const name = SERVED[os?.id ?? '']
    if (!wanted || !name || !os || configured.some(({ state }) => state === 'answers')) return []
    if (family === 'apt') return os.codename ? [`${OFFICIAL}/${name}/dists/${os.codename}/InRelease`] : []
    return [`${OFFICIAL}/${name}/`]
  },
})

export const officialAnswers: Fact<readonly PackageAnswer[]> = answersOf(
  'officialPackageAnswers',
  "Docker's own repository for this distribution, where no configured one answers",
  officialUrls,
)
