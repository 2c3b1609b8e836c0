import { EMFILE } from '../../src/diagnose/phenomena.ts'
import { cgroups } from '../../src/facts/cgroups.ts'
import { runningEngine } from '../../src/facts/engine.ts'
import { inotifyUse } from '../../src/facts/inotify-use.ts'
import { hostUse, kernelLimits, keyUse, type Use } from '../../src/facts/kernel-limits.ts'
import { settings } from '../../src/facts/settings.ts'
import { sysctl } from '../../src/facts/sysctl.ts'
import { defineCheck, type Found, fail, type Reporter, warn } from '../../src/model/check.ts'
import { maybe, type Values } from '../../src/model/fact.ts'
import { type Fix, fix, replaceLine, setSysctl } from '../../src/model/fix.ts'
import { says, shows } from '../../src/model/symptom.ts'

/** Percent; our own choice. */
const FULL = 97
const NEARLY_FULL = 80
/** @see https://github.com/moby/moby/blob/v27.0.0/contrib/check-config.sh; the engine sets the better one when it starts */
const ROOT_KEYS = { key: 'kernel.keys.root_maxkeys', tooFew: 10_000, better: 1_000_000 }
/** With userns-remap users above are those of containers: https://man7.org/linux/man-pages/man5/subuid.5.html. Else they may be a directory's. */
const LAST_OWN_UID = 65_535

const needs = {
  limits: kernelLimits,
  uses: hostUse,
  keys: keyUse,
  cgroups,
  rootKeys: sysctl(ROOT_KEYS.key),
  engine: maybe(runningEngine),
  instances: maybe(inotifyUse),
  settings,
}
type Facts = Values<typeof needs>

const findings = {
  noFiles: fail('{used} of {most} files are open on this host: programs cannot open more'),
  noTasks: fail('{used} of {most} processes and threads exist ({key}): nothing more can be started'),
  noKeys: fail('user {uid} has {used} of {most} kernel keys ({key}): no further container can be started'),
  nearlyFull: warn('{key}: {used} of {most} are taken'),
  low: warn('{key} is {value}, which is very low: {effect}'),
  lowAtBoot: warn('{key} is {value} now, and {file} makes it {later} at the next boot: {effect}'),
  fewKeys: warn(`${ROOT_KEYS.key} is {value}: with many containers starts fail with "disk quota exceeded"`),
  noInstances: warn(
    'user {uid} has all {most} inotify instances ({key}): programs of this user, in containers too, fail with "too many open files"',
  ),
  fewInstances: warn(
    '{containers} containers run, and each takes one of the {most} inotify instances of root (cgroup v2)',
  ),
}
type Report = Reporter<typeof findings>

const percent = ({ used, most, reserved = 0 }: { used: number; most: number; reserved?: number }): number =>
  (used / (most - reserved)) * 100

const raise = ({ key, most }: Use): Fix =>
  fix(`Raise ${key}, and find out what takes so many`, setSysctl(key, most * 2))

const judgeUses = ({ uses }: Facts, report: Report): readonly Found[] =>
  uses
    .filter((use) => percent(use) > NEARLY_FULL)
    .map((use) => {
      const finding = percent(use) < FULL ? 'nearlyFull' : use.key === 'fs.file-max' ? 'noFiles' : 'noTasks'
      return report(finding, { ...use }, raise(use))
    })

function judgeKeys({ keys, rootKeys, engine, settings }: Facts, report: Report): readonly Found[] {
  const remaps = engine.known && engine.value?.info.securityOptions.includes('name=userns') === true
  const ofContainers = keys.filter(
    ({ uid }) => uid === 0 || (remaps && uid > LAST_OWN_UID) || settings.profile === 'rootless',
  )
  const crowded = ofContainers.filter((use) => percent(use) > NEARLY_FULL)
  if (crowded.length > 0)
    return crowded.map((use) => report(percent(use) < FULL ? 'nearlyFull' : 'noKeys', { ...use }, raise(use)))
  const rootful = engine.known && engine.value !== null && !engine.value.info.rootless
  if (!rootful || rootKeys === null || Number(rootKeys) > ROOT_KEYS.tooFew) return []
  const more = fix('Allow as many as the engine asks for', setSysctl(ROOT_KEYS.key, ROOT_KEYS.better))
  return [report('fewKeys', { value: rootKeys }, more)]
}

const judgeLimits = ({ limits }: Facts, report: Report): readonly Found[] =>
  limits.flatMap(({ key, value, persisted, least, better, effect }) => {
    if (value === null) return []
    const later = persisted && /^\d+$/.test(persisted.value) ? Number(persisted.value) : null
    const lowLater = persisted && later !== null && later < least
    const endless = !Number.isSafeInteger(value)
    const text = endless ? null : `${persisted?.key} = ${better}`
    const line = lowLater ? [replaceLine(persisted.file, persisted.text, text)] : []
    const raise = endless ? [] : [setSysctl(key, Math.max(value, better))]
    const cure = fix(`Raise ${key}, now and at boot`, ...line, ...raise)
    if (value < least) return [report('low', { key, value, effect }, cure)]
    return lowLater ? [report('lowAtBoot', { key, value, file: persisted.file, later, effect }, cure)] : []
  })

/** With cgroup v2 each shim of containerd watches its container's memory.events. @see https://github.com/k3s-io/k3s/issues/10020 */
function judgeInstances({ limits, cgroups, engine, instances }: Facts, report: Report): readonly Found[] {
  const key = 'fs.inotify.max_user_instances'
  const limit = limits.find((one) => one.key === key)
  const most = limit?.value ?? Number.POSITIVE_INFINITY
  const taken = instances.known ? [...instances.value].filter(([, used]) => used >= most) : []
  if (taken.length > 0)
    return taken.map(([uid, used]) =>
      report('noInstances', { uid, most, key }, raise({ key, used, most, reserved: 0 })),
    )
  const info = engine.known ? engine.value?.info : undefined
  if (!limit?.value || !info || info.rootless || cgroups.mode !== 'v2') return []
  const use = { key, used: info.containersRunning, most: limit.value }
  if (percent(use) <= NEARLY_FULL) return []
  const more = fix('Allow more', setSysctl(key, Math.max(limit.better, use.used * 4)))
  return [report('fewInstances', { containers: use.used, most: use.most }, more)]
}

export default defineCheck({
  id: 'host/limits',
  title: 'The kernel lets enough files, tasks and keys be made',
  why: 'When a limit of the whole host is reached, containers and programs fail with messages that name another cause.',
  profiles: ['docker', 'rootless', 'swarm'],
  needs,
  symptoms: () => [
    shows(/\bwatch ENOSPC\b|ENOSPC[^\n]{0,60}\bwatch\b/, 0.93),
    shows(
      /too many open files|inotify_(?:add_watch|init)|max_user_(?:watches|instances)|no space left on device[^\n]{0,40}(?:inotify|watch)|inotify watch|inotify cannot be used/,
      0.88,
      { unless: EMFILE },
    ),
    shows(/join session keyring[^\n]*disk quota exceeded|could not create session key/, 0.96),
    shows(
      /can't get final child's PID from pipe: EOF|[Rr]esource temporarily unavailable|fork: retry|Cannot allocate memory|failed to create new OS thread/,
      0.45,
    ),
    says(/\binotify|\bopen files|\bulimit|\bnofile|\bpid_max|\bthreads-max|文件句柄/, 0.8, {
      unless: EMFILE,
    }),
    shows(
      /number of file watchers|ENOSPC: System limit|fsnotify|file descriptors?\b[^\n]{0,40}(?:limit|exhaust)|Too many open files/,
      0.88,
      { unless: EMFILE },
    ),
    says(
      [
        /\b(?:more than|about|around|only|exactly|over) ~?\d{2,4} (?:docker )?containers\b|\d{2,4} ?个(?:docker)?容器/,
        /\b(?:un)?able\b|\bcan(?:no|')?t\b|\blimit|\bfail|不能|无法|失败/,
      ],
      0.45,
    ),
  ],
  findings,
  evaluate(facts, report) {
    const found = [judgeUses, judgeKeys, judgeLimits, judgeInstances].flatMap((judge) => judge(facts, report))
    const open = facts.uses
      .map(({ key, used, most }) => `${used} of ${Number.isSafeInteger(most) ? most : 'any number'} (${key})`)
      .join(', ')
    return report.all(found, () => report.pass(open))
  },
})
