import { OWN_FILES } from '../../src/diagnose/phenomena.ts'
import { editArguments, withFlag } from '../../src/facts/command-line-steps.ts'
import { type DaemonSettings, daemonSettings } from '../../src/facts/daemon-config.ts'
import { engineRuns } from '../../src/facts/engine-running.ts'
import { containersNofile, engineLimits, taskLimits } from '../../src/facts/process-limits.ts'
import { serviceManager } from '../../src/facts/service-manager.ts'
import { defineCheck, fail, warn } from '../../src/model/check.ts'
import {
  disruptive,
  dropIn,
  type Fix,
  fix,
  manualFix,
  restartEngine,
  runCommand,
  service,
  setJson,
  writeFile,
} from '../../src/model/fix.ts'
import { among, mentions, says, shows } from '../../src/model/symptom.ts'

/** What a process has that nobody gave more: 1024, or 4096 as far as it may raise that. @see https://docs.kernel.org/admin-guide/sysctl/fs.html#nr-open */
const NOBODY_RAISED = 4096
/** What every process has on Linux; programs rely on it. @see https://man7.org/linux/man-pages/man2/getrlimit.2.html */
const USUAL = 1024
/**
 * What "infinity" meant before systemd 240, and units had until then; now it means 2^30, and programs that walk through all possible
 * files hang. @see https://github.com/moby/moby/issues/45838 @see https://github.com/containerd/containerd/pull/9660
 */
const SANE = 1_048_576
/** What runc and a container's first process take until it runs; measured with runc 1.1 on Linux 6.18. */
const FOR_A_START = 6
/** Percent; our own choice. */
const CROWDED = 80

const isFull = (most: number, now: number): boolean => most - now < FOR_A_START

function withoutFlag({ commandLine }: DaemonSettings): Fix {
  const others = (limits: readonly string[]) => limits.filter((limit) => !limit.startsWith('nofile='))
  const steps = editArguments(commandLine, withFlag('default-ulimit', others))
  return steps
    ? disruptive('Let containers have the usual', ...steps, restartEngine)
    : manualFix('Take --default-ulimit nofile out of the flags of dockerd, and restart it')
}

export default defineCheck({
  id: 'engine/limits',
  title: 'The limits of the engine and of containers are sane',
  why: 'Too few files or tasks stop containers from starting; far too many files make old programs in them hang.',
  profiles: ['docker', 'swarm'],
  needs: {
    runs: engineRuns,
    daemon: daemonSettings,
    processes: engineLimits,
    nofile: containersNofile,
    tasks: taskLimits,
    services: serviceManager,
  },
  symptoms: () => [
    shows(/Failed to adjust resource limit|Failed at step LIMITS spawning/, 0.88),
    shows(/error setting rlimit type \d+: operation not permitted/, 0.8, {
      ofCommand:
        'the command asks for a limit (--ulimit; ulimits: in compose) that is higher than may be given: for nofile the highest is fs.nr_open, and an engine without root gives no more than it has',
    }),
    shows(
      /can't get final child's PID from pipe: EOF|fork\/exec [^\n]*: resource temporarily unavailable|runtime: failed to create new OS thread|unable to start container process[^\n]*resource temporarily unavailable/,
      0.5,
    ),
    shows(/Max open files\s+\d{1,4}\s/, 0.8),
    shows(/Too many open files/, 0.3),
    among(OWN_FILES, 0.8, { unless: /inotify|\bwatch/ }),
    mentions(/\b1073741816\b/, 0.85),
    says([/\bulimits?\b|\bnofile\b/, /\blow\b|\bnofile\b|\bopen files?\b|\bdescriptors?\b|ulimit -n/], 0.7),
    // They close or count every file that they might have.
    says(
      [
        /\byum\b|\bdnf\b|\brpm\w*\b|\bfakeroot\b|\bslapd\b|\bxinetd\b|\bpty\b/,
        /\bslow|\bhang|\bhung\b|\bfreez|\bstuck\b|\bforever\b|\b100 ?% ?(?:cpu)?/,
        /\bcontainer|\bdocker/,
      ],
      0.6,
    ),
    says(
      [
        /\bmysqld?\b|\bhaproxy\b|\bmemcached\b|\bslapd\b/,
        /\bmemory\b|\boom\b|内存/,
        /\bleak|\busing up\b|\ball (?:the |my |of the )?memory|全部内存/,
      ],
      0.5,
    ),
    shows(/pids? limit|TasksMax|pthread_create failed|LimitNOFILE/, 0.45),
  ],
  findings: {
    noTasks: fail('no container can start: {group} has {now} of at most {most} tasks'),
    fewTasks: warn('{group} has {now} of at most {most} tasks'),
    fewFiles: warn('{program} (process {pid}) may open only {soft} files: with many containers it fails'),
    fewFilesInContainers: warn(
      'default-ulimits lets a container open only {soft} files (nofile); programs expect {usual}',
    ),
    endlessFiles: warn(
      'containers may open {soft} files each: programs that close all possible files take minutes to start',
    ),
  },
  evaluate({ runs, daemon, processes, nofile, tasks, services }, report) {
    const raise = (unit: string) =>
      services.kind === 'systemd'
        ? fix(
            `Set LimitNOFILE of ${unit}`,
            dropIn(`${unit}.service`, 'seaworthy-limits', `[Service]\nLimitNOFILE=${SANE}\n`),
            service(unit, 'restart'),
          )
        : manualFix(
            `Set ulimit -n ${SANE} where ${unit} is started (its init script, or rc_ulimit), and restart it`,
          )
    const crowded = (runs ? tasks : []).filter(
      ({ most, now }) => isFull(most, now) || now > (most * CROWDED) / 100,
    )
    const found = crowded.map(({ group, unit, most, now }) => {
      const lift = unit
        ? runCommand(['systemctl', 'set-property', unit, 'TasksMax=infinity'], {
            undo: ['systemctl', 'set-property', unit, `TasksMax=${most}`],
            changes: [
              `/etc/systemd/system.control/${unit}.d/50-TasksMax.conf`,
              `/etc/systemd/system.control/${unit}.d`,
              '/etc/systemd/system.control',
              // systemd before 230
              `/etc/systemd/system/${unit}.d/50-TasksMax.conf`,
              `/etc/systemd/system/${unit}.d`,
            ],
          })
        : writeFile(`${group}/pids.max`, 'max\n')
      const cure = fix('Take the limit away, and find out what takes so many', lift)
      return report(isFull(most, now) ? 'noTasks' : 'fewTasks', { group, now, most }, cure)
    })
    for (const { program, pid, soft } of processes.filter(({ soft }) => soft <= NOBODY_RAISED))
      found.push(
        report('fewFiles', { program, pid, soft }, raise(program === 'dockerd' ? 'docker' : program)),
      )
    if (nofile !== null && nofile.soft < USUAL) {
      const { file } = daemon
      const filed = file.state === 'present' && Object.hasOwn(file.value, 'default-ulimits')
      const forget = filed
        ? fix(
            'Let containers have the usual',
            setJson(file.path, ['default-ulimits', 'nofile'], undefined),
            restartEngine,
          )
        : withoutFlag(daemon)
      found.push(report('fewFilesInContainers', { soft: nofile.soft, usual: USUAL }, forget))
    }
    const endless = processes.find(
      ({ soft, isInherited, startsWith }) => isInherited && Math.min(soft, startsWith ?? soft) > SANE,
    )
    if (endless && nofile === null)
      found.push(
        report(
          'endlessFiles',
          { soft: endless.soft },
          raise(endless.program === 'dockerd' ? 'docker' : 'containerd'),
        ),
      )
    return report.all(found, () => {
      if (!runs) return report.skip('no engine runs here')
      const [first] = processes
      return report.pass(
        first
          ? `${first.program} may open ${first.soft} files`
          : "there is room for tasks; the engine's own limits cannot be seen by this user",
      )
    })
  },
})
