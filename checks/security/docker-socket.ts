import { SOCKET_DENIED } from '../../src/diagnose/phenomena.ts'
import { accounts } from '../../src/facts/accounts.ts'
import { clientEndpoint, isSystemEngine } from '../../src/facts/client-endpoint.ts'
import { daemonSettings } from '../../src/facts/daemon-config.ts'
import { dockerdProcess } from '../../src/facts/dockerd-process.ts'
import { containers, ENGINE_SOCKET, engineState } from '../../src/facts/engine.ts'
import { engineGroup, engineSocket, type SocketUnit, socketUnit } from '../../src/facts/engine-socket.ts'
import { changeSetting } from '../../src/facts/setting-steps.ts'
import { settings } from '../../src/facts/settings.ts'
import type { Directive } from '../../src/facts/systemd-unit.ts'
import { defineCheck, type Found, fail, warn } from '../../src/model/check.ts'
import { maybe } from '../../src/model/fact.ts'
import {
  disruptive,
  dropIn,
  type Fix,
  fix,
  manualFix,
  reloadUnits,
  removePath,
  replaceLine,
  restartEngine,
  type Step,
  service,
  setOwnership,
} from '../../src/model/fix.ts'
import { among, says, shows } from '../../src/model/symptom.ts'

const WORLD_WRITABLE = 0o002
const GROUP_ACCESS = 0o020
/** What lets somebody in; the other findings keep somebody out, which is no matter for an audit. */
const OPENINGS: ReadonlySet<string> = new Set(['worldWritable', 'wrongOwner', 'wrongGroup', 'mounted'])
/** The socket, or the folder that it lies in. */
const SOCKET_PATHS = /^(?:\/var)?\/run(?:\/docker\.sock)?$/
/** Where a host of dockerd's leads to this very socket. */
const HERE = /^(?:fd:|unix:\/*$|unix:\/\/(?:\/var)?\/run\/docker\.sock$)/
const MODE = 0o660
const octal = (mode: number): string => mode.toString(8).padStart(4, '0')

/** Stopped with docker.socket, which makes the socket where systemd does: that one does not restart with the engine. */
const makeAnew = disruptive(
  'Stop the engine, and docker.socket with it, and start it: the socket is made anew',
  service('docker', 'stop'),
  service('docker', 'start'),
)

interface Wrong {
  readonly owner: boolean
  readonly group: boolean
  readonly mode: boolean
}

/** The lines of docker.socket that make the socket as it ought not to be. */
function blamed(wrong: Wrong, group: string | null, unit: SocketUnit): readonly Directive[] {
  const isFit = (mode: number): boolean => (mode & GROUP_ACCESS) === GROUP_ACCESS && !(mode & WORLD_WRITABLE)
  return [
    ...(wrong.group && unit.group && unit.group.value !== group ? [unit.group] : []),
    ...(wrong.mode && unit.mode && !isFit(Number.parseInt(unit.mode.value, 8)) ? [unit.mode] : []),
  ]
}

const blame = (lines: readonly Directive[]): string =>
  lines.length === 0
    ? ''
    : `; docker.socket makes it so: ${lines.map(({ key, value, file, line }) => `${key}=${value} (${file} line ${line})`).join(', ')}`

/** Now, and where docker.socket undoes it at the next start, there too. */
function giveBack(wrong: Wrong, group: string | null, unit: SocketUnit): Fix {
  const to = {
    ...(wrong.owner ? { owner: 'root' } : {}),
    ...(wrong.group && group !== null ? { group } : {}),
    ...(wrong.mode ? { mode: MODE } : {}),
  }
  const lines = blamed(wrong, group, unit)
  const corrections = lines.map((line): Step => {
    const right = `${line.key}=${line.key === 'SocketGroup' ? group : octal(MODE)}`
    return line.text !== null && /^\/(?:etc|run)\//.test(line.file)
      ? replaceLine(line.file, line.text, right)
      : dropIn('docker.socket', `zz-seaworthy-${line.key.toLowerCase()}`, `[Socket]\n${right}\n`)
  })
  const wanted = Object.values({ ...to, ...(to.mode === undefined ? {} : { mode: octal(to.mode) }) }).join(
    ' ',
  )
  const [first] = lines
  return first
    ? fix(
        `Correct ${lines.map(({ key }) => key).join(' and ')} of docker.socket, and the socket: ${wanted}`,
        ...corrections,
        reloadUnits,
        setOwnership(ENGINE_SOCKET, to),
      )
    : fix(`Give the socket to whom it is for: ${wanted}`, setOwnership(ENGINE_SOCKET, to))
}

export default defineCheck({
  id: 'security/docker-socket',
  title: "The engine's socket is there for its group, and no other",
  why: 'Whoever may write to the socket is root on this host; whoever may not cannot use docker.',
  profiles: ['docker', 'swarm', 'hardening'],
  needs: {
    socket: engineSocket,
    unit: socketUnit,
    engine: maybe(engineState),
    process: maybe(dockerdProcess),
    settings: maybe(daemonSettings),
    endpoint: maybe(clientEndpoint),
    group: engineGroup,
    containers: maybe(containers),
    accounts,
    asked: settings,
  },
  causedBy: ['engine/config'],
  symptoms: () => [
    shows(/docker\.sock"?:? (?:bind: )?is a directory|can't create unix socket/, 0.95),
    shows(/s[rwx-]{9} +\d+ root +(?!docker)\w+ [^\n]*docker\.sock|d[rwx-]{9}\.? [^\n]*docker\.sock$/, 0.93),
    shows(/could not change group \S+docker\.sock/, 0.3),
    shows(/docker\.sock[^\n]{0,60}(?:not a socket|Not a directory)|socket operation on non-socket/, 0.9),
    says(
      [/docker\.sock/, /\bowner|\bownership|\bchmod|\bchown|root:root|\bdirectory|\bgroup\b|所属|目录/],
      0.6,
    ),
    among(SOCKET_DENIED, 0.12),
    shows(/srw-rw-rw- [^\n]*docker\.sock/, 0.93),
    shows(/ls: cannot access '?\S*docker\.sock'?: Permission denied|drwx------ [^\n]*\/run$/, 0.9, {
      unless: /-\?{9}/,
    }),
  ],
  findings: {
    notASocket: fail(`${ENGINE_SOCKET} is a {type}, so the engine cannot listen there`),
    notListening: fail(`dockerd runs as process {pid}, but not on ${ENGINE_SOCKET}; it listens on {hosts}`),
    removed: fail(
      `dockerd runs as process {pid} and listens on ${ENGINE_SOCKET}, but somebody removed that file: nothing can reach it`,
    ),
    closedFolder: fail('{folder} has mode {mode}: ordinary users cannot reach the socket in it'),
    worldWritable: fail('the socket has mode {mode}: every local user and service can become root{detail}'),
    wrongOwner: fail('the socket belongs to user {owner}, not to root'),
    wrongGroup: fail('the socket belongs to group {owner}, so members of {group} cannot use it{detail}'),
    noGroupAccess: fail('the socket has mode {mode}, so members of {group} cannot use it{detail}'),
    mounted: warn('the socket is mounted into {containers}: who controls that controls this host'),
  },
  unfixable: { mounted: 'Some tools need the socket by design; whether these do is for their owner to say.' },
  evaluate(
    { socket, unit, engine, process, settings, endpoint, group, containers, accounts, asked },
    report,
  ) {
    const { stat, closed } = socket
    const elsewhere = endpoint.known && endpoint.value.host !== null && !isSystemEngine(endpoint.value.host)
    const alive = process.known && process.value?.isEngine ? process.value : null
    if (stat === null && (!alive || elsewhere))
      return report.skip('there is no socket: the engine does not run here')
    const told = settings.known ? settings.value.list('hosts') : []
    const isToldHere = told.length === 0 || told.some((host) => HERE.test(host))
    const isLeft = stat !== null && engine.known && engine.value.state === 'refused'
    if (alive && stat === null && !settings.known) return report.unknown(settings.why)
    if (alive && stat === null && isToldHere) return report('removed', { pid: alive.pid }, makeAnew)
    if (alive && !isToldHere && !elsewhere && (stat === null || isLeft)) {
      const summary = `Add unix://${ENGINE_SOCKET} to the hosts that dockerd is given`
      const all = [...told, `unix://${ENGINE_SOCKET}`]
      const cure = settings.known
        ? disruptive(summary, ...changeSetting(settings.value, 'hosts', all), restartEngine)
        : manualFix(`${summary}, and restart it`)
      return report('notListening', { pid: alive.pid, hosts: told.join(', ') }, cure)
    }
    if (stat === null) return report.skip('there is no socket')
    const [folder] = closed
    const opened =
      folder &&
      report(
        'closedFolder',
        { folder: folder.path, mode: octal(folder.mode) },
        fix(
          `Let everybody pass through ${folder.path}`,
          setOwnership(folder.path, { mode: folder.mode | 0o555 }),
        ),
      )
    if (stat === 'hidden') return opened ?? report.unknown('a folder above the socket is closed to this user')
    const target = stat.realPath ?? ENGINE_SOCKET
    if (!['/run/docker.sock', ENGINE_SOCKET].includes(target))
      return report.skip(`${ENGINE_SOCKET} leads to ${target}, which is not the engine's own`)
    if (stat.type !== 'socket') {
      const steps = [service('docker', 'stop'), removePath(ENGINE_SOCKET), service('docker', 'start')]
      return report('notASocket', { type: stat.type }, disruptive('Remove it and start the engine', ...steps))
    }
    const mode = octal(stat.mode)
    const nameOf = (gid: number): string | number =>
      accounts.groups.find((one) => one.gid === gid)?.name ?? gid
    const owner = accounts.users.find(({ uid }) => uid === stat.uid)?.name ?? stat.uid
    // Somebody wants it so, until a user is refused who ought to get in.
    const asUnit = unit.group?.value === String(nameOf(stat.gid)) && unit.group.value !== group?.name
    const isMeant = asUnit && !asked.socketRefused
    const isClosed = group !== null && !isMeant && (stat.mode & GROUP_ACCESS) !== GROUP_ACCESS
    const wrong = {
      owner: stat.uid !== 0,
      group: group !== null && !isMeant && stat.gid !== group.gid,
      mode: isClosed || (stat.mode & WORLD_WRITABLE) !== 0,
    }
    // One cure for all of it: half of it lets nobody in, or everybody.
    const cure = giveBack(wrong, group?.name ?? null, unit)
    const detail = blame(blamed(wrong, group?.name ?? null, unit))
    const found = [
      opened,
      stat.mode & WORLD_WRITABLE && report('worldWritable', { mode, detail }, cure),
      wrong.owner && report('wrongOwner', { owner }, cure),
      group &&
        wrong.group &&
        report('wrongGroup', { owner: nameOf(stat.gid), group: group.name, detail }, cure),
      group && isClosed && report('noGroupAccess', { mode, group: group.name, detail }, cure),
    ].filter((one): one is Found => typeof one === 'object' && one !== null)
    const holders = (containers.known ? containers.value : [])
      .filter(({ state, mounts }) => state === 'running' && mounts.some((path) => SOCKET_PATHS.test(path)))
      .map(({ name }) => name)
    if (holders.length > 0) found.push(report('mounted', { containers: holders.join(', ') }, null))
    const wanted = found.filter(({ finding }) => asked.profile !== 'hardening' || OPENINGS.has(finding))
    return report.all(wanted, () =>
      report.pass(`${owner}:${nameOf(stat.gid)} ${mode}`, { mode, gid: stat.gid }),
    )
  },
})
