import { runningEngine } from '../../src/facts/engine.ts'
import { trial } from '../../src/facts/engine-binaries.ts'
import { enginePackages } from '../../src/facts/engine-packages.ts'
import { updatePart } from '../../src/facts/engine-updates.ts'
import { install, packageFamily } from '../../src/facts/package-manager.ts'
import { libseccompVersion, refusesNewCalls, seccompFilter } from '../../src/facts/seccomp.ts'
import { defineCheck, fail, warn } from '../../src/model/check.ts'
import { maybe } from '../../src/model/fact.ts'
import { fix } from '../../src/model/fix.ts'
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
  symptoms: [
    /undefined symbol: seccomp_\w+/,
    /runc did not terminate successfully: exit status 127/,
    /error adding seccomp filter rule for syscall/i,
    /(?:pthread_create|clone3?|faccessat2?|statx|getaddrinfo\(\) thread).*(?:operation not permitted|failed to start)/i,
    /\/bin\/(?:ba)?sh: Operation not permitted/i,
    /seccomp is not enabled in your kernel/i,
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
