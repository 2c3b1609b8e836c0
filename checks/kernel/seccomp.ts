import { FORBIDDEN_INSIDE } from '../../src/diagnose/phenomena.ts'
import { CONTAINER, FAILS } from '../../src/diagnose/words.ts'
import { runningEngine } from '../../src/facts/engine.ts'
import { trial } from '../../src/facts/engine-binaries.ts'
import { enginePackages } from '../../src/facts/engine-packages.ts'
import { updatePart } from '../../src/facts/engine-updates.ts'
import { install, packageFamily } from '../../src/facts/package-manager.ts'
import { libseccompVersion, refusesNewCalls, seccompFilter } from '../../src/facts/seccomp.ts'
import { defineCheck, fail, warn } from '../../src/model/check.ts'
import { maybe } from '../../src/model/fact.ts'
import { fix } from '../../src/model/fix.ts'
import { among, says, shows } from '../../src/model/symptom.ts'
import { atLeast, compareVersions } from '../../src/versions.ts'

/** The first whose profile answers clone3 with ENOSYS. @see https://docs.docker.com/engine/release-notes/20.10/#201010 */
const KNOWS_CLONE3 = '20.10.10'
/** @see https://github.com/opencontainers/runc/releases/tag/v1.0.0-rc93 */
const ANSWERS_ENOSYS = '1.0.0-rc93'
/** @see https://wiki.alpinelinux.org/wiki/Release_Notes_for_Alpine_3.14.0#faccessat2 */
const KNOWS_FACCESSAT2 = '2.4.4'

export default defineCheck({
  id: 'kernel/seccomp',
  title: 'System calls of containers are filtered, and new ones known',
  why: 'An old filter answers system calls that it does not know with "operation not permitted", and newer images fail.',
  profiles: ['docker', 'swarm'],
  needs: {
    filter: seccompFilter,
    library: maybe(libseccompVersion),
    engine: maybe(runningEngine),
    runc: maybe(trial('runc')),
    family: packageFamily,
    packages: maybe(enginePackages),
  },
  symptoms: () => [
    shows(/error getting time:(?:\.\.\/)*crypto\/asn1|ASN1_TIME_adj/, 0.93),
    shows(/undefined symbol: seccomp|symbol lookup error[^\n]{0,40}(?:runc|seccomp)|libseccomp\.so/, 0.96),
    shows(/runc did not terminate success?fully: exit status 127/, 0.55),
    shows(/At least one invalid signature was encountered/, 0.75),
    shows(
      /error adding seccomp (?:filter )?rule|seccomp_(?:load|rule_add|api)|unable to init seccomp|requires libseccomp|seccomp profiles are not supported/,
      0.3,
    ),
    shows(
      /pthread_create failed: Operation not permitted|can't start new thread|pthread_create\(\)? (?:failed|returned)[^\n]{0,40}(?:EPERM|not permitted)|clone3/,
      0.6,
    ),
    shows(
      /(?:make|sh|bash|apt|apk|npm|node|date|time|touch|configure)\S{0,40}: [^\n]{0,80}Operation not permitted/,
      0.4,
    ),
    among(FORBIDDEN_INSIDE, 0.5, {
      unless: /rootlesskit|uid_map|newuidmap|userns|chown|fork\/exec|unshare|mount|sysctl|lsetxattr|setcap/,
    }),
    says([/\bseccomp\b|\blibseccomp|\bclone3\b|\bfaccessat2|\bstatx\b/, FAILS], 0.85),
    says(
      [
        /\bbookworm|\bjammy|\b22\.04|\bbullseye|\balpine 3\.1[3-9]|\bfedora 3\d|\bglibc 2\.3\d|\bdebian 12/,
        CONTAINER,
        FAILS,
      ],
      0.1,
    ),
    says(/operation not permitted|不允许的操作/, 0.4),
    shows(/\b1 00:00:00 UTC 1970|Jan +1 [^\n]{0,20}1970/, 0.8),
    shows(
      /uv_thread_create|unable to create native thread|GetThread|can't initialize time|Couldn't execute \/usr\/bin\/apt-key|Problem executing scripts (?:APT|DPkg)|Sub-process \S+ returned an error code \(|thread[^\n]{0,40}Operation not permitted/,
      0.65,
    ),
    shows(/Cannot change mode to [rwx-]+: Operation not permitted|\[Errno 1\] Operation not permitted/, 0.6),
    says(
      [
        /\bbookworm|\btrixie|\bjammy|\bnoble|\bfocal|\b2[024]\.04|\bbullseye|alpine:? ?(?:linux )?3\.1\d|alpine:? ?3\.2\d|\bfedora:? ?3\d|\bglibc:? ?2\.3\d|\bdebian:? ?1[123]/,
        FAILS,
        /\bimages?\b|\bbuild|\bcontainers?\b|\bpip\b|\bapt|\bnode\b|\bgcc|\barm|镜像/,
      ],
      0.15,
    ),
    says([/\bslim\b|\balpine\b|\bbullseye|\bbookworm/, /armv?[67]|armhf|raspberry|\bpi\b/], 0.7),
    says(
      [
        /\bimages?\b|镜像/,
        /\bolder? (?:docker|host|engine|version)|\bnewer (?:base )?images?|老版本|旧版本|低版本/,
        FAILS,
      ],
      0.6,
    ),
    shows(/error loading seccomp filter|seccomp/, 0.35),
    shows(/getaddrinfo\(\) thread failed to start/, 0.9),
    shows(/failed to retrieve (?:docker-)?runc version: exit status 127/, 0.75),
    says([/\b1970\b/, /\btime|\bdate|\bclock|时间/], 0.8, { unless: /\bcreated\b|\bbazel\b|reproducib/ }),
    says(
      [
        /armv?7|armhf|\barm32|\braspberry|\braspbian/,
        /\b(?:time|date) (?:is|was|in|inside|shows?)\b|\b(?:wrong|incorrect) (?:time|date)\b|\bclock\b/,
        /\bimages?\b|\bcontainers?\b/,
      ],
      0.65,
      { unless: /\btime ?zone/ },
    ),
    says(
      [
        /\bbullseye|\bbookworm|\btrixie|\bjammy|\bnoble|\b2[24]\.04|glibc 2\.3\d|alpine:? ?3\.1[4-9]/,
        /\bimages?\b/,
        /\bprivileged\b/,
      ],
      0.7,
    ),
    shows(/\bBad system call\b|\bexit(?:ed)?(?: with)?(?: code| status) 159\b/, 0.6),
  ],
  findings: {
    tooOldForRunc: fail('libseccomp is too old for {path}, which does not start: it lacks {symbol}'),
    oldRunc: warn(
      'runc {runc} refuses system calls that libseccomp {library} does not know: images with Alpine 3.14 or later fail',
    ),
    oldEngine: warn(
      `engine {version} is older than ${KNOWS_CLONE3}: images with glibc 2.34 or later (Ubuntu 22.04, Debian 12) fail`,
    ),
    noFilter: warn('this kernel cannot filter system calls: containers may use all of them'),
  },
  unfixable: { noFilter: 'another kernel is needed' },
  evaluate({ filter, library, engine, runc, family, packages }, report) {
    const names = { default: ['libseccomp'], apt: ['libseccomp2'], zypper: ['libseccomp2'] }
    const trial = runc.known ? runc.value : null
    const symbol = trial?.state === 'broken' ? /\bseccomp_\w+/.exec(trial.reason)?.[0] : undefined
    if (trial?.state === 'broken' && symbol) {
      const library = install(family, names)
      const renew = fix(
        'Install the newest libseccomp',
        library.kind === 'package' ? { ...library, refresh: true } : library,
      )
      return report('tooOldForRunc', { path: trial.path, symbol }, renew)
    }
    if (filter === false) return report('noFilter', {}, null)
    const running = engine.known ? engine.value : null
    const about = running?.version
    // Filters that nobody uses refuse nothing.
    const filters = running?.info.securityOptions.some((option) => option.startsWith('name=seccomp')) ?? false
    const version = about?.version ?? ''
    const runcVersion = about?.components.get('runc') ?? ''
    const known = library.known ? library.value : null
    const installed = packages.known ? packages.value : null
    if (
      filters &&
      known !== null &&
      refusesNewCalls(runcVersion) &&
      compareVersions(known, KNOWS_FACCESSAT2) < 0
    ) {
      const upgrade = updatePart('runc', { from: runcVersion, to: ANSWERS_ENOSYS }, installed, family)
      return report('oldRunc', { runc: runcVersion, library: known }, upgrade)
    }
    // Distributions put the newer profile into older versions.
    const upstream = /Community/.test(about?.platform ?? '')
    if (filters && version !== '' && !atLeast(version, upstream ? KNOWS_CLONE3 : '20.10.0'))
      return report(
        'oldEngine',
        { version },
        updatePart('engine', { from: version, to: KNOWS_CLONE3 }, installed, family),
      )
    if (filter === null && !filters)
      return report.unknown('nothing tells whether this kernel filters system calls')
    return report.pass(known === null ? undefined : `libseccomp ${known}`)
  },
})
