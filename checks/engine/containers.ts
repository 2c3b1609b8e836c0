import { CONTAINER } from '../../src/diagnose/words.ts'
import { containerTroubles } from '../../src/facts/container-troubles.ts'
import { runningEngine } from '../../src/facts/engine.ts'
import { type InspectedContainer, inspectedContainers } from '../../src/facts/inspected-containers.ts'
import { bytes, counted } from '../../src/facts/units.ts'
import { defineCheck, warn } from '../../src/model/check.ts'
import { fix, manualFix, runCommand, setOwnership } from '../../src/model/fix.ts'
import { says, shows } from '../../src/model/symptom.ts'

/** Those who run these containers start them again themselves. */
const SUPERVISED =
  /^(?:io\.kubernetes|com\.docker\.swarm|com\.amazonaws\.ecs|com\.hashicorp\.nomad|devcontainer|org\.testcontainers|created_by\.minikube)\b/
/** What is younger is tried out, or serves a run of tests. Our own choice. */
const STAYS_MS = 24 * 3_600_000

/** It serves others for long, the engine does not restart it, and it is not made to be thrown away. */
const needsPolicy = ({ container, runs, restartPolicy, isThrowaway, ageMs }: InspectedContainer): boolean =>
  runs &&
  restartPolicy === 'no' &&
  !isThrowaway &&
  ageMs > STAYS_MS &&
  container.ports.some(({ publicPort }) => publicPort !== null) &&
  !Object.keys(container.labels).some((label) => SUPERVISED.test(label))

/** Never to be given to a container's user: the system's own folders, and whole homes. */
const OF_THE_SYSTEM =
  /^\/(?:[^/]*$|(?:bin|boot|dev|etc|lib|lib64|proc|root|run|sbin|sys|usr)\/|(?:home|var)\/[^/]*$)/

/** Whose absence is the host's own trouble: programs of the engine, and those that it calls. */
const OF_THE_ENGINE =
  '(?:docker-)?(?:containerd|runc|dockerd|init|proxy)\\b|containerd-shim|docker(?:d|-\\w+)?"|nvidia-c|crun"|ip6?tables|modprobe"|apparmor_parser|lvm"|new[ug]idmap|unpigz|xz"|ps"|git"|fuse-overlayfs|slirp4netns|rootlesskit'
const NO_SUCH_COMMAND = new RegExp(
  `exec: \\\\?"(?!${OF_THE_ENGINE})[^"\\n]{1,200}": (?:executable file not found in \\$PATH|stat [^\\n]{1,200}: no such file or directory)`,
)
const BIND =
  'the command mounts what is not there, or a folder on a file: correct the path before the colon (-v), or make it; a path that does not begin with / or ./ is the name of a volume'

export default defineCheck({
  id: 'engine/containers',
  title: 'Containers start, stay up and come back',
  why: 'A container that the host keeps from running, or that nothing starts again, is a service that is down.',
  profiles: ['docker', 'swarm'],
  needs: { engine: runningEngine, inspected: inspectedContainers, troubles: containerTroubles },
  causedBy: [
    'network/ports',
    'network/address-pools',
    'engine/runtime',
    'engine/log-driver',
    'engine/images',
    'engine/limits',
    'storage/space',
    'storage/inodes',
    'cgroup/controllers',
    'security/selinux',
  ],
  symptoms: () => [
    shows(
      /no such file or directory: unknown[^\n]*entrypoint|exec \S*entrypoint\S*: no such file or directory|\\r: no such file|bad interpreter/,
      0.85,
    ),
    shows(/OOMKilled|Exited \(137\)|oom-kill|Memory cgroup out of memory|Killed process/, 0.75),
    shows(/Are you trying to mount a directory onto a file/, 0.9, { ofCommand: BIND }),
    shows(NO_SUCH_COMMAND, 0.85, {
      unless: /\b(?:every|all|any) (?:my |of my |the |existing |other ){0,2}(?:containers?|images?)\b/,
      ofCommand:
        'the image has no such program: say another command (sh for bash), put options before the name of the image, or make the image hold it',
    }),
    shows(/looking up volume plugin|Error response from daemon: plugin "[^"]{1,200}" not found/, 0.8, {
      ofCommand:
        'the command names a driver (--driver, --volume-driver; driver: in compose) that is not installed: docker plugin ls lists those that there are',
    }),
    shows(/error gathering device information while adding custom device (?!"?\/dev\/kvm)/, 0.8, {
      ofCommand:
        'the command hands over a device (--device; devices: in compose) that this host does not have: ls -l /dev shows those that there are',
    }),
    shows(/network \S{1,120} id \w{1,64} has active endpoints/, 0.7, {
      unless: /could not delete the default bridge network|network bridge id/,
      ofCommand:
        'containers are still attached to the network, running ones or some that were left behind: docker network inspect NETWORK names them; remove them, or docker network disconnect -f NETWORK CONTAINER, and remove the network then',
    }),
    shows(/\bExited \([1-9]\d*\)/, 0.4),
    shows(
      /\b(?:touch|mkdir|cp|mv|can't open|cannot create|cannot open)\b[^\n]{0,80}: Permission denied/i,
      0.1,
    ),
    says([CONTAINER, /\brestarting\b|\bcrash ?loop|\bexit(?:s|ed)? (?:immediately|code)|反复重启/], 0.6),
    shows(/exec \/\S+: no such file or directory|\\r \\n/, 0.6),
    shows(/\bsh: (?:\d+: |line \d+: )?\.?\/\S+\.sh: not found/, 0.75),
    // Over NFS and FUSE, root of the host is nobody.
    shows(
      [
        /error while creating mount source path|chown[^\n]{0,80}operation not permitted/,
        /\bnfs|\bcifs\b|\bfuse\b|\bsshfs\b|root_squash/,
      ],
      0.6,
    ),
    shows(
      /exec user process caused:? "?no such file or directory|exec \/\S+: no such file or directory/,
      0.85,
    ),
    shows(
      /caused: not a directory|not a directory: (?:unknown|Are you)|bind source path does not exist|mount a directory onto a file/,
      0.7,
      { ofCommand: BIND },
    ),
  ],
  findings: {
    oomKilled: warn('{name} ran out of memory, and the kernel killed a process of it ({limit})'),
    crlf: warn(
      '{name} cannot run {path}: its first line ends as on Windows (CRLF), so its interpreter is not found',
    ),
    notAFile: warn(
      '{name} cannot start: it mounts {source} on the file {destination}, and one of the two is a folder',
    ),
    bindMissing: warn('{name} cannot start: {source}, which it mounts, does not exist'),
    bindRefused: warn('{name} failed: its user {user} may not {use} {source} (owner {owner}, mode {mode})'),
    bindEmpty: warn(
      '{name} mounts {source} on {destination}: an empty folder, as the engine makes one where nothing is',
    ),
    cannotStart: warn('{name} could not be started: {error}'),
    loops: warn(
      '{name} ends again and again: started anew {restarts} times, last ended with status {status}',
    ),
    noRestartPolicy: warn(
      '{names}: publishes ports, and the engine does not start it again after a reboot or a restart of its own',
    ),
  },
  evaluate({ engine, inspected, troubles }, report) {
    if (!engine) return report.skip('no engine runs here')
    const found = troubles.map((trouble) => {
      const { one } = trouble
      const { name } = one.container
      const start = runCommand(['docker', 'start', name], { undo: ['docker', 'stop', name] })
      switch (trouble.kind) {
        case 'oomKilled': {
          const limit =
            one.memoryLimit > 0 ? `its limit is ${bytes(one.memoryLimit)}` : 'it has no limit of its own'
          const more = one.memoryLimit > 0 ? 'Raise its limit (docker update --memory)' : 'Free memory here'
          return report('oomKilled', { name, limit }, manualFix(`${more}, or let its program use less`))
        }
        case 'crlf': {
          const { path, file } = trouble
          const convert = runCommand(['sed', '-i', 's/\\r$//', file], {
            onlyIf: ['grep', '-q', '\r$', file],
            changes: [file],
          })
          return report('crlf', { name, path }, fix(`Give ${path} the line ends of Linux`, convert, start))
        }
        case 'notAFile': {
          const { source, destination } = trouble
          const put = `Put the file where ${source} is an empty folder now, or correct the path, and start it`
          return report('notAFile', { name, source, destination }, manualFix(put))
        }
        case 'bindMissing': {
          const { source } = trouble
          return report(
            'bindMissing',
            { name, source },
            manualFix(`Make ${source}, or mount its disk, and start it`),
          )
        }
        case 'bindRefused': {
          const { user, uid, source, owner, writable } = trouble.folder
          const isFree = owner === 0 && !OF_THE_SYSTEM.test(source)
          const slots = { name, user, source, owner, use: writable ? 'write to' : 'read' }
          const give =
            uid === null || !isFree
              ? manualFix(
                  `Give ${source} to ${uid ?? `the number that ${user} has in the image`}, and start it`,
                )
              : fix(
                  `Give ${source} to the container's user`,
                  setOwnership(source, { owner: String(uid) }),
                  start,
                )
          return report('bindRefused', { ...slots, mode: trouble.folder.mode.toString(8) }, give)
        }
        case 'bindEmpty': {
          const { source, destination } = trouble
          const put = `Put there what was meant, or correct the path and create the container anew`
          return report('bindEmpty', { name, source, destination }, manualFix(put))
        }
        case 'cannotStart': {
          const error = one.error.trim()
          const cure = NO_SUCH_COMMAND.test(error)
            ? `Create it anew with a program that its image has, and options before the image: docker rm ${name}, then docker run OPTIONS IMAGE COMMAND`
            : `Cure that, then: docker start ${name}`
          return report('cannotStart', { name, error }, manualFix(cure))
        }
        default: {
          const slots = { name, restarts: one.restarts, status: one.exitCode }
          return report('loops', slots, manualFix(`See why: docker logs --tail 50 ${name}`))
        }
      }
    })
    const unminded = inspected.filter(needsPolicy)
    if (unminded.length > 0) {
      const names = unminded.map(({ container }) => container.name)
      const update = runCommand(['docker', 'update', '--restart', 'unless-stopped', ...names], {
        undo: ['docker', 'update', '--restart', 'no', ...names],
      })
      found.push(
        // @see https://docs.docker.com/engine/containers/start-containers-automatically/#use-a-process-manager
        report(
          'noRestartPolicy',
          { names: names.join(', ') },
          fix('Let the engine start them, unless a unit of systemd or the like does', update),
        ),
      )
    }
    return report.all(found, () => report.pass(`${counted(inspected.length, 'container')} looked at`))
  },
})
