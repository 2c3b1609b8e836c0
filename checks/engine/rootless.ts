import { ENGINE_DOWN } from '../../src/diagnose/phenomena.ts'
import { CONTAINER, FAILS, PODMAN } from '../../src/diagnose/words.ts'
import { toUnified } from '../../src/facts/cgroup-steps.ts'
import {
  clientConfig,
  clientContexts,
  clientEndpoint,
  isSystemEngine,
} from '../../src/facts/client-endpoint.ts'
import { engineState } from '../../src/facts/engine.ts'
import { installAnew } from '../../src/facts/engine-install.ts'
import { judgedUser } from '../../src/facts/judged-user.ts'
import { install, packageFamily } from '../../src/facts/package-manager.ts'
import {
  type Helper,
  idMapHelpers,
  overlayLacking,
  restrictedKit,
  SETUID,
  subordinateIds,
  userSession,
} from '../../src/facts/rootless.ts'
import { ENOUGH_IDS, grantIds } from '../../src/facts/subordinate-steps.ts'
import { defineCheck, type Found, fail, type Reporter, warn } from '../../src/model/check.ts'
import { maybe, type Values } from '../../src/model/fact.ts'
import {
  dropIn,
  type Fix,
  fix,
  manual,
  manualFix,
  runCommand,
  type Step,
  service,
  setJson,
  setOwnership,
  writeFile,
} from '../../src/model/fix.ts'
import { among, says, shows } from '../../src/model/symptom.ts'

/** Without these --cpus, --memory and --pids-limit fail. @see https://docs.docker.com/engine/security/rootless/tips/#limiting-resources */
const CONTROLLERS = ['cpu', 'memory', 'pids'] as const

const needs = {
  helpers: idMapHelpers,
  ids: subordinateIds,
  user: judgedUser,
  kit: maybe(restrictedKit),
  session: maybe(userSession),
  overlay: maybe(overlayLacking),
  endpoint: maybe(clientEndpoint),
  contexts: maybe(clientContexts),
  config: maybe(clientConfig),
  engine: maybe(engineState),
  family: packageFamily,
}
type Facts = Values<typeof needs>

const findings = {
  helperMissing: fail('{helper} is not installed'),
  fewIds: fail('{user} has {ids} ids of its own to hand on in /etc/subuid and /etc/subgid; it takes {least}'),
  powerless: fail('{helper} has neither the setuid bit nor the capability in its place: it cannot map ids'),
  powerUnknown: warn('{helper} has no setuid bit: unless it has file capabilities, it cannot map ids'),
  usernsRestricted: fail(
    'AppArmor lets only programs with a profile make user namespaces, and {kit} has none: the engine does not start',
  ),
  noRuntimeFolder: fail(
    '{reason}: in such a session of {user} a rootless engine cannot be started or reached',
  ),
  clientElsewhere: fail(
    'the engine of {user} listens on {socket}, and docker commands go to {host}, where none answers',
  ),
  noLinger: warn(
    '{user} does not linger: a rootless engine ends with the last login, and does not start at boot',
  ),
  noLimits: warn(
    'limits of memory and processors are ignored: a rootless engine needs cgroup v2 and systemd for them',
  ),
  notDelegated: warn(
    'systemd hands {controllers} on to no user: containers of a rootless engine cannot be limited in it',
  ),
  noOverlay: warn(
    'kernel {release} has no overlay for ordinary users, and fuse-overlayfs is missing: each layer is a full copy (vfs)',
    { causedBy: ['kernel/version'] },
  ),
  asRoot: fail('a rootless engine is for an ordinary user, and this is {user}; name one with --user'),
}
type Report = Reporter<typeof findings>

/** One package brings both: where one of them is there, the package is, and the other is gone from it. */
function installHelpers({ helpers, family }: Facts): Fix {
  const step = install(family, {
    apt: ['uidmap'],
    apk: ['shadow-uidmap'],
    pacman: ['shadow'],
    default: ['shadow-utils'],
  })
  const [gone, ...others] = helpers.missing
  const isDamaged = gone !== undefined && others.length === 0 && step.kind === 'package'
  return fix(
    'Install the helpers',
    ...(isDamaged ? step.packages.map((name) => installAnew(step.manager, name, gone)) : [step]),
  )
}

function judgeIds(facts: Facts, report: Report): readonly Found[] {
  const { helpers, ids, user } = facts
  const found: Found[] = []
  const [missing] = helpers.missing
  const [powerless] = helpers.powerless
  const [unsure] = helpers.unsure
  const setBits = (all: readonly Helper[]): Fix =>
    fix('Set the bit', ...all.map(({ path, mode }) => setOwnership(path, { mode: mode | SETUID })))
  if (missing) found.push(report('helperMissing', { helper: missing }, installHelpers(facts)))
  const { uids, gids, freeUid, freeGid } = ids
  if (uids < ENOUGH_IDS || gids < ENOUGH_IDS) {
    const cure = fix(
      `Give ${user.name} a range of ids that nobody else has`,
      ...(uids < ENOUGH_IDS ? [grantIds('uids', user.name, freeUid)] : []),
      ...(gids < ENOUGH_IDS ? [grantIds('gids', user.name, freeGid)] : []),
    )
    const slots = { user: user.name, ids: Math.min(uids, gids), least: ENOUGH_IDS }
    found.push(report('fewIds', slots, cure))
  }
  if (powerless) found.push(report('powerless', { helper: powerless.path }, setBits(helpers.powerless)))
  if (unsure) found.push(report('powerUnknown', { helper: unsure.path }, setBits(helpers.unsure)))
  return found
}

/** The profile as Docker's own instructions write it. @see https://docs.docker.com/engine/security/rootless/#distribution-specific-hint */
function judgeNamespaces({ kit }: Facts, report: Report): readonly Found[] {
  if (!kit.known || !kit.value) return []
  const path = kit.value
  const profile = `/etc/apparmor.d/${path.slice(1).replaceAll('/', '.')}`
  const text = `abi <abi/4.0>,\ninclude <tunables/global>\n\n"${path}" flags=(unconfined) {\n  userns,\n}\n`
  const cure = fix('Give it a profile', writeFile(profile, text), service('apparmor', 'restart'))
  return [report('usernsRestricted', { kit: path }, cure)]
}

/** The context that the set-up script makes, and has the client use. A new file would be root's. */
function useContext({ contexts, config }: Facts, socket: string): Fix {
  const context = contexts.known && contexts.value.find(({ host }) => host === `unix://${socket}`)
  return context && config.known && config.value
    ? fix(`Use the context ${context.name}`, setJson(config.value.path, ['currentContext'], context.name))
    : manualFix('Run: docker context use rootless', `Or: export DOCKER_HOST=unix://${socket}`)
}

const linger = (user: string): Step =>
  runCommand(['loginctl', 'enable-linger', user], {
    unless: ['test', '-e', `/var/lib/systemd/linger/${user}`],
    undo: ['loginctl', 'disable-linger', user],
  })

function judgeSession(facts: Facts, report: Report): readonly Found[] {
  const { session, user, endpoint, engine } = facts
  if (!session.known) return []
  const { systemd, noRuntimeFolder, socket, socketExists, lingers } = session.value
  const found: Found[] = []
  if (noRuntimeFolder && !socketExists) {
    // A user who lingers has the folder from the boot on; a session by su or sudo does not learn of it.
    const cure = fix(
      'Let the user linger, and log in directly, not by su or sudo',
      ...(systemd ? [linger(user.name)] : []),
      manual(
        `Log in over ssh or the console, or: sudo machinectl shell ${user.name}@ (package systemd-container).`,
      ),
    )
    found.push(report('noRuntimeFolder', { reason: noRuntimeFolder, user: user.name }, cure))
  }
  const host = endpoint.known ? endpoint.value.host : null
  const nobody = engine.known && ['absent', 'refused'].includes(engine.value.state)
  if (socketExists && user.isSelf && host !== null && isSystemEngine(host) && nobody) {
    const cure = useContext(facts, socket)
    found.push(report('clientElsewhere', { user: user.name, socket, host }, cure))
  }
  if (systemd && !lingers)
    found.push(report('noLinger', { user: user.name }, fix('Let the user linger', linger(user.name))))
  return found
}

function judgeResources({ session, overlay, family }: Facts, report: Report): readonly Found[] {
  const found: Found[] = []
  if (session.known && session.value.limits === 'none')
    found.push(
      report(
        'noLimits',
        {},
        session.value.systemd
          ? toUnified('systemd')
          : manualFix('Boot with cgroup v2 on a host with systemd'),
      ),
    )
  const delegated = session.known ? session.value.delegated : null
  const lacking = CONTROLLERS.filter((name) => delegated && !delegated.includes(name))
  if (lacking.length > 0) {
    const cure = fix(
      'Hand all controllers on to users',
      dropIn('user@.service', 'delegate', '[Service]\nDelegate=cpu cpuset io memory pids\n'),
      manual('Log out and in again; where the user lingers, reboot.'),
    )
    found.push(report('notDelegated', { controllers: lacking.join(', ') }, cure))
  }
  if (overlay.known && overlay.value) {
    const step = install(family, { default: ['fuse-overlayfs'] })
    found.push(report('noOverlay', { release: overlay.value }, fix('Install fuse-overlayfs', step)))
  }
  return found
}

export default defineCheck({
  id: 'engine/rootless',
  title: 'An engine without root has what it needs of the host',
  why: 'Without ids, namespaces and a session of its user a rootless engine does not start, or ends with the login.',
  profiles: ['rootless'],
  needs,
  symptoms: () => [
    shows(
      /newuidmap binary not found|newgidmap binary not found|exec: "new[ug]idmap": executable file not found|newuidmap: (?:command )?not found|failed to execute new[ug]idmap/,
      0.96,
    ),
    shows(
      /write to uid_map failed: Operation not permitted|write to gid_map failed: Operation not permitted|open of uid_map failed|new[ug]idmap: Could not set caps|Could not set caps/,
      0.88,
    ),
    // EINVAL: the id has no place in the user namespace, as a file of an image may have one beyond the range.
    shows(/Cannot change ownership to uid \d+, gid \d+: Invalid argument/, 0.7, {
      finding: 'fewIds',
      unless: /userns-remap|dockremap/,
    }),
    shows(/newuidmap: uid range \S+ -> \S+ not allowed/, 0.4),
    shows(/\[rootlesskit:(?:parent|child)\s*\]|RootlessKit failed|dockerd-rootless/, 0.55),
    shows(/fork\/exec \/proc\/self\/exe: operation not permitted/, 0.45),
    shows(/fork\/exec \/proc\/self\/exe: permission denied/, 0.4),
    shows(/apparmor_restrict_unprivileged_userns/, 0.92, {
      unless: /apparmor_restrict_unprivileged_userns: No such file/,
    }),
    shows(
      /(?:write failed|open) \/proc\/self\/uid_map: (?:Operation not permitted|Permission denied)|userns_create/,
      0.85,
    ),
    shows(/XDG_RUNTIME_DIR (?:is not set|needs to be set|not set|is not)|XDG_RUNTIME_DIR/, 0.85),
    shows(
      /Failed to connect to (?:user scope )?bus: (?:No medium found|No such file|\$DBUS|Operation not permitted)|systemctl --user[^\n]*docker/,
      0.8,
    ),
    shows(/unix:\/\/\/run\/user\/[1-9]\d*\/docker\.sock/, 0.65),
    shows(
      /cannot expose privileged port \d+|ip_unprivileged_port_start(?![^\n]*(?:reopen|no such file))/,
      0.85,
    ),
    shows(/(?:slirp4netns|vpnkit|fuse-overlayfs)[^\n]{0,60}(?:not found|not installed|failed)/, 0.8),
    says([/\brootless/, FAILS], 0.6),
    says(
      [
        /\brootless|--user|\buser service/,
        /log(?:ged|ging)?[ -]?out|\bsession|\blinger|\breboot|\bstops|\bterminat|退出/,
      ],
      0.85,
    ),
    says(
      [
        CONTAINER,
        /\b(?:exit|stop|kill|die|terminat|shut ?down)\w*|停止|退出|被杀/,
        /(?<!docker )\b(?:log|logged|logging) ?(?:out|off)\b|\b(?:over|via|through|using|use) (?:an? |the |my )?ssh (?:session|connection)|\b(?:exit|clos|end|leav)\w* (?:the |my )?ssh\b|\blinger|退出登录|注销|断开 ?ssh|ssh ?断开/,
      ],
      0.8,
    ),
    shows(
      [
        /listen (?:tcp|udp)\d? \S*:\d{1,3}: bind: permission denied/,
        /\brootless|\bpodman\b|slirp4netns|\bpasta\b/,
      ],
      0.9,
    ),
    shows(/the requested cgroup controller `(?:cpu|cpuset|io)` is not available/, 0.7),
    shows(
      [
        PODMAN,
        /there might not be enough IDs|lchown \S+: invalid argument|insufficient UIDs or GIDs|chown[^\n]{0,60}: invalid argument/,
      ],
      0.9,
      { finding: 'fewIds' },
    ),
    says([/\bubuntu 2[34]\.\d\d|24\.04|23\.10/, /user ?namespace|\buserns|\brootless|unprivileged/], 0.85),
    says([/\brootless/, /DOCKER_HOST|docker\.sock|\bcontext|\bconnect/], 0.7),
    among(ENGINE_DOWN, 0.08),
    shows(/Missing system requirements|need newuidmap|Aborting because rootful Docker/, 0.85),
    shows(/no line matching user[^\n]*sub[ug]id|open \/etc\/sub[ug]id: no such file/, 0.75, {
      unless: /dockremap|userns-remap/,
    }),
    shows(/iptables[^\n]{0,60}Permission denied \(you must be root\)/, 0.3),
    shows(/failed to mount overlay: operation not permitted|fuse-overlayfs|slirp4netns failed/, 0.5),
  ],
  findings,
  evaluate(facts, report) {
    const { user, ids } = facts
    if (user.uid === 0) {
      const cure = manualFix('Run seaworthy as the user of the engine, or with --user NAME')
      return report('asRoot', { user: user.name }, cure)
    }
    const found = [
      ...judgeIds(facts, report),
      ...judgeNamespaces(facts, report),
      ...judgeSession(facts, report),
      ...judgeResources(facts, report),
    ]
    return report.all(found, () => report.pass(`${user.name} has ${Math.min(ids.uids, ids.gids)} ids`))
  },
})
