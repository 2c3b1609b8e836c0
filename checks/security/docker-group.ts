import { SOCKET_DENIED } from '../../src/diagnose/phenomena.ts'
import { DOCKER } from '../../src/diagnose/words.ts'
import { type Accounts, accounts, type Group } from '../../src/facts/accounts.ts'
import { clientEndpoint, isSystemEngine } from '../../src/facts/client-endpoint.ts'
import { ENGINE_SOCKET, engineState } from '../../src/facts/engine.ts'
import { engineGroup, engineGroupName, engineSocket } from '../../src/facts/engine-socket.ts'
import { databaseGroups, judgedUser, sessionGroups } from '../../src/facts/judged-user.ts'
import { program } from '../../src/facts/programs.ts'
import { settings } from '../../src/facts/settings.ts'
import { socketAccess } from '../../src/facts/socket-access.ts'
import { defineCheck, fail, warn } from '../../src/model/check.ts'
import { maybe } from '../../src/model/fact.ts'
import { addGroup, addMember, fix, manualFix, relogin, service, setOwnership } from '../../src/model/fix.ts'
import { among, mentions, says, shows } from '../../src/model/symptom.ts'

/** The socket of an engine without root is its user's alone, and root needs no group. */
const OF_NO_GROUP = /\/run\/user\/\d+\/docker\.sock: connect: permission denied|^uid=0\(root\)/

export default defineCheck({
  id: 'security/docker-group',
  title: "The user may reach the engine's socket",
  why: 'Without the group in the very session, every docker command ends in "permission denied"; whoever has it is root.',
  profiles: ['docker', 'swarm', 'hardening'],
  needs: {
    engine: engineState,
    dockerd: maybe(program('dockerd')),
    user: judgedUser,
    endpoint: maybe(clientEndpoint),
    name: engineGroupName,
    group: engineGroup,
    database: databaseGroups,
    session: sessionGroups,
    socket: maybe(engineSocket),
    accounts,
    settings,
  },
  causedBy: ['security/docker-socket', 'engine/installed'],
  symptoms: () => [
    among(SOCKET_DENIED, 0.72, { unless: OF_NO_GROUP }),
    shows(
      /group docker not found|Failed to resolve group '?docker|status=216\/GROUP|group "?docker"? (?:does not exist|not found)|could not change group/,
      0.93,
    ),
    shows(
      /Dependency failed for (?:docker\.service - )?Docker|dependency job for docker\.service failed/,
      0.4,
    ),
    says(
      [
        /\bdocker\b/,
        /\bgroup\b|用户组|docker ?组/,
        /\bpermission|\buser(?:mod)?\b|\bsudo\b|\bmember|\bnot (?:exist|found)|权限/,
      ],
      0.55,
    ),
    says([/\bwithout sudo|\bsudo required|need sudo|免 ?sudo|非 ?root/, DOCKER], 0.8),
    says(/\bsudo-?less\b/, 0.8),
    says(
      [
        /\b(?:add|put|us)\w*\b.{0,12}\bsudo\b|\bwith "?sudo\b|加(?:上|了)? ?sudo/,
        /\bworks?\b|\bworking\b|\bworked\b|\bfine\b|可以|成功|正常/,
        /\bdocker\b/,
      ],
      0.7,
    ),
    says(
      [
        /\blog(?:ged|ging)?[ -]?(?:out|off)\b.{0,30}\blog(?:ged|ging)?[ -]?(?:back )?(?:in|on)\b|\bre-?log(?:in|ging)|重新登录/,
        /\bgroup|\bsudo|\bpermission|权限|用户组/,
      ],
      0.75,
    ),
    mentions(/srw-rw---- +\d+ root +docker [^\n]{0,80}docker\.sock/, 0.75),
    says([/\bjenkins\b|\bgitlab-runner\b|\bgithub runner\b|self-hosted runner/, /docker\.sock\b/], 0.6),
    shows(/Couldn't connect to Docker daemon at http\+(?:unix|docker):/, 0.5),
    shows(/status=216|code=exited[, ]+status=216/, 0.92),
    shows(/Failed to listen on (?:docker\.socket - )?Docker Socket/, 0.6),
    says([/\bcan(?:no|')?t|\bunable|\bneed|\bmust|\bonly/, /\bsudo\b|\bas root\b|\broot user/, DOCKER], 0.25),
    shows(/A dependency job for docker\.service failed/, 0.45),
    shows(/Connection aborted[^\n]{0,60}(?:PermissionError|Permission denied)|PermissionError\(13/, 0.75),
    says([/\bnewgrp\b|\busermod\b|\bgpasswd\b/, DOCKER], 0.8),
    says(
      [
        /\b(?:jenkins|gitlab-runner|www-data|github runner|runner|service|telegraf|zabbix|nagios) user\b|\buser (?:jenkins|www-data|gitlab-runner)/,
        /docker/,
        /permission|denied|socket/,
      ],
      0.8,
    ),
  ],
  findings: {
    noGroup: fail('there is no group {group}, so only root may use the socket, not {user}', {
      causedBy: ['engine/installed'],
    }),
    startNeedsIt: fail('there is no group {group}, which the engine gives its socket to when it starts', {
      causedBy: ['engine/installed'],
    }),
    onlyRoot: warn('there is no group {group}: nobody but root can use the engine'),
    notMember: fail('{user} is not in group {group}', { causedBy: ['engine/installed'] }),
    staleSession: fail('{user} is in group {group}, but {where} began before that, without it', {
      causedBy: [],
    }),
    socketGroup: fail('{user} is in group {group}, but the socket belongs to group {owner}'),
    rootEquivalent: warn('in group {group}, and so root on this host without a password: {members}'),
    denied: fail('{user} has group {group} in this session, yet the socket refuses them', {
      causedBy: ['security/docker-socket', 'security/selinux'],
    }),
  },
  unfixable: {
    rootEquivalent: 'Who is to be trusted with this host is for its owner to say: gpasswd -d NAME docker.',
  },
  evaluate(facts, report) {
    const { engine, dockerd, user, endpoint, name, group, database, session, socket, accounts, settings } =
      facts
    if (engine.state === 'absent' && dockerd.known && dockerd.value === null)
      return report.skip('no engine is installed; its package brings the group')
    if (settings.profile === 'hardening') {
      const members = rootEquivalents(group, accounts)
      if (members.length === 0) return report.pass('nobody is in the group')
      return report('rootEquivalent', { group: name, members: members.join(', ') }, null)
    }
    if (!user.exists) return report.unknown(`this host knows no user ${user.name}`)
    const data = { user: user.name, group: name, rootEquivalent: rootEquivalents(group, accounts) }
    const wanted = name !== '' && name !== 'root'
    if (user.uid === 0 && (group || !wanted))
      return settings.socketRefused && user.from !== 'option'
        ? report.unknown('root is never refused: say whose text it is with --user NAME')
        : report.pass('root may always use it', data)
    // Who was refused is not well by what another session of theirs has.
    const passes = (why: string) =>
      settings.socketRefused && !user.isSelf
        ? report.unknown(
            `${why}; a session that began before they joined lacks it: log in again there, or run newgrp ${name}`,
          )
        : report.pass(why, data)
    // Once there is a group, its absence is no more what keeps the user out.
    const [joining, anew] =
      user.uid === 0 ? [[], []] : [[addMember(user.name, name)], [relogin(user.name, name)]]
    const isDown = engine.state === 'absent' || engine.state === 'refused'
    if (isDown && !group && wanted)
      return report(
        'startNeedsIt',
        { group: name },
        fix(
          'Make the group, start the engine',
          addGroup(name),
          ...joining,
          service('docker', 'start'),
          ...anew,
        ),
        data,
      )
    if (isDown && settings.socketRefused === false)
      return report.skip('the engine does not run, and so refused nobody')
    if (user.uid === 0)
      return report('onlyRoot', { group: name }, fix('Make the group', addGroup(name), own(name)), data)
    if (endpoint.known && endpoint.value.host !== null && !isSystemEngine(endpoint.value.host))
      return report.skip(
        `docker commands of ${user.name} go to ${endpoint.value.host}, not to ${ENGINE_SOCKET}`,
      )
    if (user.isSelf && engine.state === 'answers') return report.pass(`the engine answers ${user.name}`, data)

    const stat = socket.known && socket.value.stat !== 'hidden' ? socket.value.stat : null
    const access = stat && session ? socketAccess(stat, user.uid, session.groups) : null
    const join = addMember(user.name, name)
    const slots = { user: user.name, group: name }
    if (access && !user.isSelf && (!settings.socketRefused || access === 'anybody'))
      return passes(`${user.name} may use it as ${access}`)
    if (!group)
      return report(
        'noGroup',
        slots,
        fix('Make the group, join it', addGroup(name), join, own(name), relogin(user.name, name)),
        data,
      )
    if (!database.has(group.gid))
      return report(
        'notMember',
        slots,
        fix(`Add ${user.name} to the group`, join, relogin(user.name, name)),
        data,
      )
    if (stat && stat.type === 'socket' && stat.gid !== group.gid) {
      const owner = accounts.groups.find(({ gid }) => gid === stat.gid)?.name ?? stat.gid
      return report('socketGroup', { ...slots, owner }, fix('Give the socket to the group', own(name)), data)
    }
    if (!session) return passes(`${user.name} is in group ${name}; no session of theirs can be seen here`)
    if (!session.groups.has(group.gid)) {
      const again =
        'Log in again, or run newgrp in this shell; reboot where the desktop keeps the old session'
      return report(
        'staleSession',
        { ...slots, where: session.where },
        fix(again, relogin(user.name, name)),
        data,
      )
    }
    if (!user.isSelf || engine.state !== 'denied') return passes(`${user.name} is in group ${name}`)
    return report(
      'denied',
      slots,
      manualFix('Look for what confines the client: sudo dmesg | grep -i denied'),
      data,
    )
  },
})

/** Members by the group's entry, and those whose own group it is. @see https://docs.docker.com/engine/security/#docker-daemon-attack-surface */
const rootEquivalents = (group: Group | null, { users }: Accounts): readonly string[] => [
  ...new Set([
    ...(group?.members ?? []),
    ...users.filter(({ uid, gid }) => uid !== 0 && gid === group?.gid).map((one) => one.name),
  ]),
]

const own = (group: string) => setOwnership(ENGINE_SOCKET, { group })
