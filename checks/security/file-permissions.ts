import { DENIED_INSIDE, EXEC_DENIED } from '../../src/diagnose/phenomena.ts'
import { CONTAINER } from '../../src/diagnose/words.ts'
import { accounts } from '../../src/facts/accounts.ts'
import { clientFiles } from '../../src/facts/client-files.ts'
import { aptKeyrings, type EngineFile, engineFiles } from '../../src/facts/engine-files.ts'
import { engineGroup } from '../../src/facts/engine-socket.ts'
import { judgedUser } from '../../src/facts/judged-user.ts'
import { octal, PASS, READ, WRITE } from '../../src/facts/permissions.ts'
import { settings } from '../../src/facts/settings.ts'
import { defineCheck, type Found, fail, type Reporter, warn } from '../../src/model/check.ts'
import { maybe, type Values } from '../../src/model/fact.ts'
import { fix, setOwnership } from '../../src/model/fix.ts'
import type { Stat } from '../../src/model/source.ts'
import { among, says, shows } from '../../src/model/symptom.ts'

const OTHERS = 0o007
const GROUP_WRITE = 0o020
/** Times the bits of one class gives those of all three. */
const FOR_ALL = 0o111

const needs = {
  files: engineFiles,
  keyrings: maybe(aptKeyrings),
  client: maybe(clientFiles),
  group: maybe(engineGroup),
  user: judgedUser,
  accounts,
  settings,
}
type Facts = Values<typeof needs>

const findings = {
  clientDenied: fail(
    '{path} belongs to {owner}: docker commands of {user} find no logins, proxies and contexts',
  ),
  writable: warn('{path} has mode {mode}: every local user can change what the engine does as root'),
  keyReadable: warn('{path} has mode {mode}: every local user can read this private key'),
  keyringUnreadable: warn('{path} has mode {mode}: apt may not read it, and takes no package of Docker'),
  clientReadOnly: warn('{folder} belongs to {owner}: docker login of {user} cannot save what it is told'),
  loginsReadable: warn('{path} has mode {mode}: every local user can read the logins of registries in it'),
  foreignOwner: warn('{path} belongs to {owner}, who can become root with that'),
  groupWritable: warn('{path} has mode {mode}: members of {group} can become root with that'),
}
type Report = Reporter<typeof findings>

const restrict = ({ path, stat }: EngineFile, bits: number) =>
  fix(`Close ${path} to them`, setOwnership(path, { mode: stat.mode & ~bits }))

function judgeEngine({ files, keyrings }: Facts, report: Report): readonly Found[] {
  const reachable = files.filter((file) => file.isReachable)
  const slots = ({ path, stat }: EngineFile) => ({ path, mode: octal(stat.mode) })
  const needed = ({ type }: Stat): number => (type === 'directory' ? PASS : READ)
  const closed = (keyrings.known ? keyrings.value : []).filter(
    ({ stat }) => (stat.mode & needed(stat)) !== needed(stat),
  )
  return [
    ...reachable
      .filter(({ stat }) => stat.mode & WRITE)
      .map((file) => report('writable', slots(file), restrict(file, WRITE))),
    ...reachable
      .filter(({ isKey, stat }) => isKey && stat.mode & READ)
      .map((file) => report('keyReadable', slots(file), restrict(file, OTHERS))),
    // apt gives up root for this. @see https://docs.docker.com/engine/install/debian/#install-using-the-repository
    ...closed.map((file) => {
      const open = setOwnership(file.path, { mode: file.stat.mode | (needed(file.stat) * FOR_ALL) })
      return report('keyringUnreadable', slots(file), fix('Open it to all readers', open))
    }),
  ]
}

/** What `sudo docker login` leaves. @see https://docs.docker.com/engine/install/linux-postinstall/#manage-docker-as-a-non-root-user */
function judgeClient({ client, user, accounts }: Facts, report: Report): readonly Found[] {
  if (!client.known || !client.value) return []
  const { folder, denied, readOnlyOf, foreign, openLogins } = client.value
  const name = (uid: number) => accounts.users.find((one) => one.uid === uid)?.name ?? uid
  const give = foreign.map((path) => setOwnership(path, { owner: user.name }))
  const own = fix('Give it back to its user', ...give)
  const found: Found[] = []
  if (denied)
    found.push(report('clientDenied', { path: denied.path, owner: name(denied.uid), user: user.name }, own))
  else if (readOnlyOf !== null)
    found.push(report('clientReadOnly', { folder, owner: name(readOnlyOf), user: user.name }, own))
  if (openLogins) {
    const { path, mode } = openLogins
    const close = fix('Keep it to its user', setOwnership(path, { mode: mode & ~0o077 }))
    found.push(report('loginsReadable', { path, mode: octal(mode) }, close))
  }
  return found
}

/** What is asked of such files although nobody but administrators is let in. @see https://github.com/docker/docker-bench-security/blob/master/tests/3_docker_daemon_configuration_files.sh */
function audit({ files, group, accounts }: Facts, report: Report): readonly Found[] {
  const engineGid = group.known ? group.value?.gid : undefined
  return files.flatMap((file): Found[] => {
    const { path, stat } = file
    const { uid, gid, mode } = stat
    if (uid !== 0) {
      const owner = accounts.users.find((one) => one.uid === uid)?.name ?? uid
      return [
        report(
          'foreignOwner',
          { path, owner },
          fix('Give it to root', setOwnership(path, { owner: 'root' })),
        ),
      ]
    }
    // Members of the engine's own group are root already.
    if (gid === 0 || gid === engineGid || !(mode & GROUP_WRITE)) return []
    const name = accounts.groups.find((one) => one.gid === gid)?.name ?? gid
    return [report('groupWritable', { path, mode: octal(mode), group: name }, restrict(file, GROUP_WRITE))]
  })
}

export default defineCheck({
  id: 'security/file-permissions',
  title: "The engine's files are root's, the client's its user's",
  why: "Whoever can change the engine's files is root on this host; a user whose own files are root's loses logins and contexts.",
  profiles: ['docker', 'swarm', 'rootless', 'hardening'],
  needs,
  symptoms: () => [
    shows(/^-rw.(?:.w....|....w.)\S* [^\n]*(?:\/etc\/docker|daemon\.json|docker\.service)/m, 0.9),
    shows(/\bumask\b/, 0.85),
    says(/\bumask\b|\b0?27\b.{0,10}umask/, 0.93),
    among(DENIED_INSIDE, 0.1),
    shows(
      /unable to execute \/\S+: Permission denied|su: [^\n]{0,40}Permission denied|non-root[^\n]{0,60}[Pp]ermission denied/,
      0.5,
    ),
    says([/permission denied|权限/, /\bentry ?point|\bunable to execute|\bnon-?root|\bscript|脚本/], 0.45, {
      unless: /exec user process/,
    }),
    among(EXEC_DENIED, 0.16),
    says(
      [
        CONTAINER,
        /\bcan(?:no|')?t (?:write|read|open)|cannot (?:write|read|open)|not writable/,
        /\bmount|\bvolume|\bhost\b|\bfolder|\bdirectory|挂载/,
      ],
      0.15,
    ),
  ],
  findings,
  evaluate(facts, report) {
    const { files, settings } = facts
    const found = [
      ...judgeEngine(facts, report),
      ...judgeClient(facts, report),
      ...(settings.profile === 'hardening' ? audit(facts, report) : []),
    ]
    const isBare = files.length === 0 && !(facts.client.known && facts.client.value)
    return report.all(found, () =>
      isBare
        ? report.skip('neither an engine nor a client has files here')
        : report.pass(`${files.length} files and folders looked at`),
    )
  },
})
