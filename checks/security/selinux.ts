import { DENIED_INSIDE, EXEC_DENIED, FORBIDDEN_INSIDE, SOCKET_DENIED } from '../../src/diagnose/phenomena.ts'
import { CONTAINER } from '../../src/diagnose/words.ts'
import { dataRoot } from '../../src/facts/data-root.ts'
import { runningEngine } from '../../src/facts/engine.ts'
import { engineVersion } from '../../src/facts/engine-version.ts'
import { install, packageFamily } from '../../src/facts/package-manager.ts'
import {
  bindLabels,
  containerPolicy,
  dataRootLabel,
  type MountLabel,
  SELINUX_CONFIG,
  selinuxConfig,
  selinuxMode,
} from '../../src/facts/selinux.ts'
import { defineCheck, type Found, fail, type Reporter, warn } from '../../src/model/check.ts'
import { maybe, type Values } from '../../src/model/fact.ts'
import {
  disruptive,
  type Fix,
  fix,
  manualFix,
  replaceLine,
  restartEngine,
  runCommand,
  setJson,
} from '../../src/model/fix.ts'
import { among, says, shows } from '../../src/model/symptom.ts'

/** Types that the policy gives to the engine's data. @see https://github.com/containers/container-selinux/blob/main/container.fc */
const DATA_TYPES =
  /^(?:container_(?:var_lib|ro_file|file|share)_t|docker_(?:var_lib|share)_t|svirt_sandbox_file_t)$/
/** Types that a container may use. */
const SHARED_TYPES =
  /^(?:container_(?:file|share|ro_file|var_run)_t|svirt_sandbox_file_t|nfs_t|cifs_t|fusefs_t|sysfs_t|proc_t)$/

/** Where semanage keeps what it is told, with the policy that distributions use. @see https://man7.org/linux/man-pages/man5/file_contexts.5.html */
const CONTEXTS = '/etc/selinux/targeted/contexts/files/file_contexts'

const needs = {
  mode: selinuxMode,
  config: selinuxConfig,
  policy: containerPolicy,
  label: dataRootLabel,
  mounts: bindLabels,
  dataRoot,
  family: packageFamily,
  version: engineVersion,
  engine: maybe(runningEngine),
}
type Facts = Values<typeof needs>

const findings = {
  noPolicy: fail('SELinux enforces, and the policy for containers (container-selinux) is not installed'),
  dataRootLabel: fail('SELinux enforces, and {path} is labelled {type}, which containers may not use'),
  modeDiffers: warn('SELinux is {mode} now, and {config} at the next boot ({file} line {line})'),
  engineFlagOff: warn(
    'SELinux enforces, and the engine does not use it: containers are not kept apart from the host',
  ),
  volumeLabel: warn('{container} mounts {path}, labelled {type}: SELinux denies the container what is in it'),
}
type Report = Reporter<typeof findings>

/** What a label for containers would be taken away from: the system itself, homes, or a whole disk. */
const NOT_FOR_CONTAINERS =
  /^\/(?:[^/]*$|(?:bin|boot|dev|etc|home|lib|lib64|proc|root|run|sbin|sys|tmp|usr|var)(?:\/|$))/

/** The label that :z gives, for good. @see https://docs.docker.com/engine/storage/bind-mounts/#configure-the-selinux-label */
function labelFolder({ path, type }: MountLabel): Fix {
  const summary = 'Give the folder a label that containers may use'
  if (NOT_FOR_CONTAINERS.test(path) || !/^[\w/-]+$/.test(path))
    return manualFix(
      summary,
      `Mount it with :z (shared) or :Z (for this container alone), as in -v ${path}:/data:z. Never do that with /, /etc, /usr or /home: it relabels all of it. As a stop-gap only, and for the whole host: setenforce 0.`,
    )
  const all = `${path}(/.*)?`
  return fix(
    `${summary}; other confined services may lose it`,
    runCommand(['semanage', 'fcontext', '-a', '-t', 'container_file_t', all], {
      unless: ['grep', '-qF', `${all} `, `${CONTEXTS}.local`],
      undo: ['semanage', 'fcontext', '-d', all],
    }),
    runCommand(['restorecon', '-R', path], { undo: ['chcon', '-R', '-t', type, path] }),
  )
}

/** What keeps containers from starting or from their files; only enforcing does. */
function enforced(facts: Facts, report: Report): Found[] {
  const { policy, label, dataRoot, family, version, engine, mounts } = facts
  if (facts.mode !== 'enforcing' || version === null) return []
  if (!policy) {
    const step = install(family, { default: ['container-selinux'], apt: [] })
    return [
      report('noPolicy', {}, disruptive('Install the policy, then restart the engine', step, restartEngine)),
    ]
  }
  const found: Found[] = []
  if (label && !DATA_TYPES.test(label)) {
    const fcontext = (action: string) =>
      ['semanage', 'fcontext', action, '-e', '/var/lib/docker', dataRoot] as const
    const equal = runCommand(fcontext('-a'), {
      unless: ['grep', '-qxF', `${dataRoot} /var/lib/docker`, `${CONTEXTS}.subs`],
      undo: fcontext('-d'),
    })
    const restore = runCommand(['restorecon', '-R', dataRoot], {
      undo: ['chcon', '-R', '-t', label, dataRoot],
    })
    const cure = disruptive('Label the data root as the policy wants it', equal, restore, restartEngine)
    found.push(report('dataRootLabel', { path: dataRoot, type: label }, cure))
  }
  const uses =
    engine.known && engine.value?.info.securityOptions.some((option) => option.startsWith('name=selinux'))
  if (engine.known && engine.value && !uses) {
    const set = setJson('/etc/docker/daemon.json', ['selinux-enabled'], true)
    found.push(report('engineFlagOff', {}, disruptive('Switch SELinux on in the engine', set, restartEngine)))
  }
  const denied = uses ? mounts.find(({ type }) => !SHARED_TYPES.test(type)) : undefined
  if (denied) {
    found.push(report('volumeLabel', { ...denied }, labelFolder(denied)))
  }
  return found
}

function drift({ mode, config }: Facts, report: Report): Found[] {
  if (mode === 'unsupported' || config === null || config.mode === mode) return []
  const slots = { mode, config: config.mode, file: SELINUX_CONFIG, line: config.line }
  if (mode === 'disabled')
    return [
      report('modeDiffers', slots, manualFix(`Decide for one mode, and write it into ${SELINUX_CONFIG}`)),
    ]
  const keep = replaceLine(SELINUX_CONFIG, config.text, `SELINUX=${mode}`)
  return [report('modeDiffers', slots, fix(`Keep ${mode} at boot`, keep))]
}

/** In people's words, or as programs print it. */
const OFF =
  /\b(?:no|without|not|isn't) (?:using |use |running )?selinux|selinux(?: is| was|:| status:)? (?:not |disabled|off)|getenforce\s+Disabled|SELINUX=disabled/

export default defineCheck({
  id: 'security/selinux',
  title: 'SELinux is off, or knows containers',
  why: 'Without the policy, or with wrong labels, SELinux denies containers their own files ("Permission denied" as root).',
  profiles: ['docker', 'swarm', 'rootless', 'hardening'],
  needs,
  symptoms: () => [
    shows(/cannot change memory protections|RELRO protection failed/, 0.96),
    shows(/avc: +denied|type=AVC|container_t|svirt_lxc|container_file_t|setroubleshoot/, 0.93),
    shows(
      /lsetxattr[^\n]{0,120}(?:operation not supported|permission denied)|SELinux|getenforce[\s\S]{0,20}Enforcing/,
      0.8,
      { unless: OFF },
    ),
    shows(/error while loading shared libraries: [^\n]*cannot open shared object file/, 0.6, {
      unless: /seccomp/,
    }),
    shows(/unable to open database file/, 0.45),
    // Listed by root, which may look at everything else.
    shows(/^ ?[-dlsp]\?{9}/m, 0.5),
    says(/\bselinux\b/, 0.88, { unless: OFF }),
    says([/\bfedora\b|\brhel\b|\bcentos\b/, /\bvolume|\bmount|挂载/, /permission|denied|权限/], 0.75),
    among(DENIED_INSIDE, 0.42),
    among(FORBIDDEN_INSIDE, 0.1),
    among(SOCKET_DENIED, 0.02),
    among(EXEC_DENIED, 0.4),
    says([/permission denied|权限不足|权限被拒/, /\bvolumes?\b|\bmount|\b-v\b|挂载|目录/], 0.5),
    says(
      [
        /\bcent ?os|\bfedora|\brhel|\bred ?hat|\brocky|\balma/,
        /permission denied|\bdenied\b|not permitted|权限/,
      ],
      0.6,
    ),
    says(
      [
        /\bmov(?:e|ed|ing)\b|\bchang(?:e|ed|ing)\b|\bnew\b/,
        /\/var\/lib\/docker|data[- ]root|\bgraph|docker root|storage (?:location|dir)/,
        /\blibrar|\bexec|\bstart|\bload/,
      ],
      0.45,
    ),
    says(
      [
        /\bcent ?os|\bfedora|\brhel|\bred ?hat|\brocky|\balma/,
        /\bcan(?:no|')?t (?:write|read|open|access|create)|cannot (?:write|read|open|access|create)|not writable|\b(?:unable|fail(?:s|ed|ing)?) to (?:write|read|open|access|create)/,
      ],
      0.75,
    ),
    says(
      [
        CONTAINER,
        /\bcan(?:no|')?t (?:write|read|open)|cannot (?:write|read|open)|not writable|\bunable to (?:write|read|open)|\bread-?only|不能写|无法写/,
        /\bmount|\bvolume|\bhost\b|\bfolder|\bdirectory|挂载/,
      ],
      0.45,
    ),
    shows(/attr\/keycreate|relabel|setfilecon|context_t|chcon|restorecon|semanage/, 0.75),
  ],
  findings,
  evaluate(facts, report) {
    const found = [...enforced(facts, report), ...drift(facts, report)]
    return report.all(found, () => {
      if (facts.mode === 'unsupported') return report.skip('this kernel has no SELinux')
      return report.pass(facts.mode)
    })
  },
})
