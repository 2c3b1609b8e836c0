/** Services, in the words of the manager that runs here. */
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import type { DropInStep, ServiceStep } from '../../model/fix.ts'
import { CRASHED } from '../openrc.ts'
import { dropInPath } from '../places.ts'
import { socketOf } from '../systemd.ts'
import type { Argv } from './deed.ts'
import { fileDeeds } from './path-deeds.ts'
import { leavesNothing, type Prepared, programDeed } from './prepared.ts'
import { runProgram, succeeds, TIMEOUTS_MS } from './program.ts'
import { Refused } from './refused.ts'

type Action = ServiceStep['action']

interface Manager {
  /** Null where it has no such thing. */
  command(action: Action, name: string): Argv | null
  isActive(name: string): Argv
  isEnabled(name: string): Argv | null
}

const SYSTEMD: Manager = {
  command: (action, name) => ['systemctl', action, name],
  isActive: (name) => ['systemctl', 'is-active', '--quiet', name],
  isEnabled: (name) => ['systemctl', 'is-enabled', '--quiet', name],
}
const OPENRC: Manager = {
  command: (action, name) => {
    if (action === 'enable') return ['rc-update', 'add', name, 'default']
    if (action === 'disable') return ['rc-update', 'del', name, 'default']
    return action === 'unmask' ? null : ['rc-service', name, action]
  },
  isActive: (name) => ['rc-service', name, 'status'],
  isEnabled: (name) => ['test', '-e', `/etc/runlevels/default/${name}`],
}
/** Debian's scripts in /etc/init.d, without systemd. */
const SYSV: Manager = {
  command: (action, name) => {
    if (action === 'enable') return ['update-rc.d', name, 'defaults']
    if (action === 'disable') return ['update-rc.d', name, 'disable']
    return action === 'unmask' ? null : ['service', name, action]
  },
  isActive: (name) => ['service', name, 'status'],
  isEnabled: () => null,
}

/** @throws {Refused} where nothing here starts services that is known */
function managerOf(name: string): Manager {
  if (existsSync('/run/systemd/system')) return SYSTEMD
  if (existsSync('/run/openrc')) return OPENRC
  if (existsSync(`/etc/init.d/${name}`)) return SYSV
  throw new Refused(`no service manager is known here that would have the service ${name}: do it by hand`)
}

/** What takes an action back, by what the service was. */
const INVERSE: Readonly<Partial<Record<Action, Action>>> = {
  start: 'stop',
  stop: 'start',
  enable: 'disable',
  disable: 'enable',
}

export async function serviceDeeds({ name, action }: ServiceStep): Promise<Prepared[]> {
  const manager = managerOf(name)
  const argv = manager.command(action, name)
  if (!argv) return []
  if (action === 'unmask') return unmask(name, argv)
  if (action === 'enable' || action === 'disable') {
    const asked = manager.isEnabled(name)
    if (asked && (await succeeds(asked)) === (action === 'enable')) return []
    return [await programDeed(argv, { undo: inverse(manager, action, name) })]
  }
  const timeoutMs = TIMEOUTS_MS.service
  if (action === 'stop') return stop(name, manager, timeoutMs)
  const active = await succeeds(manager.isActive(name))
  if (active && action === 'start') return []
  if (action === 'reload') return reload(name, manager, argv)
  const isCrashed = manager === OPENRC && action === 'start' && (await hasCrashed(name))
  const begin = (isCrashed && manager.command('restart', name)) || argv
  const isRestart = action === 'restart' && active
  const fresh = manager === SYSTEMD ? [await forgetFailures(name, isRestart)] : []
  if (isRestart) return [...fresh, await programDeed(argv, { again: true, timeoutMs })]
  const idle = manager === SYSTEMD ? await idleTriggers(name) : []
  const undo = inverse(manager, 'start', name)
  return [
    ...fresh,
    await programDeed(begin, {
      undo: undo && [...undo, ...idle],
      undoOnlyIf: [...manager.isActive(name), ...idle],
      timeoutMs,
    }),
  ]
}

async function stop(name: string, manager: Manager, timeoutMs: number): Promise<Prepared[]> {
  if (manager === SYSTEMD) return stopUnits([socketOf(name), name], timeoutMs)
  const argv = manager.command('stop', name)
  if (!argv || !(await succeeds(manager.isActive(name)))) return []
  return [await programDeed(argv, { undo: inverse(manager, 'stop', name), undoLast: true, timeoutMs })]
}

/** What systemd is about to start again runs, too. */
const RUNNING: readonly string[] = ['active', 'activating', 'reloading']

/** The socket would start the service again for whoever calls. */
async function stopUnits(units: readonly string[], timeoutMs: number): Promise<Prepared[]> {
  const states = await Promise.all(units.map((unit) => runProgram(['systemctl', 'is-active', unit])))
  const running = units.filter((_, index) => RUNNING.includes(states[index]?.output ?? ''))
  if (running.length === 0) return []
  const undo: Argv = ['systemctl', 'start', ...running]
  return [await programDeed(['systemctl', 'stop', ...running], { undo, undoLast: true, timeoutMs })]
}

/**
 * Units such as docker.socket that are not active, and that systemd starts along with the service that they trigger: left as they are then, they
 * would start it again. Of several units, `is-active` succeeds where one is.
 */
async function idleTriggers(name: string): Promise<readonly string[]> {
  const { exit, output } = await runProgram(['systemctl', 'show', '--property=TriggeredBy', name])
  const named = output.replace(/^TriggeredBy=/, '').split(/\s+/)
  const units = exit === 0 ? named.filter((unit) => /^[^-]\S*\.\w+$/.test(unit)) : []
  const active = await Promise.all(units.map((unit) => succeeds(SYSTEMD.isActive(unit))))
  return units.filter((_, index) => !active[index])
}

/** OpenRC counts a service that crashed as started. */
async function hasCrashed(name: string): Promise<boolean> {
  const { exit } = await runProgram(OPENRC.isActive(name))
  return exit !== null && CRASHED.includes(exit)
}

const inverse = (manager: Manager, action: Action, name: string): Argv | null => {
  const other = INVERSE[action]
  return other ? manager.command(other, name) : null
}

/** systemd does not start what was started too often within a minute: "Start request repeated too quickly". This counts anew. */
const forgetFailures = (name: string, again: boolean): Promise<Prepared> =>
  programDeed(['systemctl', 'reset-failed', name, socketOf(name)], {
    ...(again ? { again } : { undoOnceDone: leavesNothing }),
    // It has no such unit, or has not loaded it.
    alsoDone: [1],
  })

/** A mask that is gone with the next boot is taken off by itself: `unmask` alone leaves it. */
async function unmask(name: string, argv: Argv): Promise<Prepared[]> {
  const { output } = await runProgram(['systemctl', 'is-enabled', name])
  if (output === 'masked') return [await programDeed(argv, { undo: ['systemctl', 'mask', name] })]
  if (output !== 'masked-runtime') return []
  const forNow = (verb: string): Argv => ['systemctl', verb, '--runtime', name]
  return [await programDeed(forNow('unmask'), { undo: forNow('mask') })]
}

/** Debian's script has no reload: the engine reads its file again at SIGHUP. */
async function reload(name: string, manager: Manager, argv: Argv): Promise<Prepared[]> {
  if (manager !== SYSV || name !== 'docker') return [await programDeed(argv, { again: true })]
  const pid = (await readFile('/var/run/docker.pid', 'utf8').catch(() => '')).trim()
  if (!/^\d+$/.test(pid)) throw new Refused('the engine does not run: it cannot read its configuration again')
  return [await programDeed(['kill', '-HUP', pid], { again: true })]
}

export async function dropInDeeds(step: DropInStep, root: string): Promise<Prepared[]> {
  const written = await fileDeeds(dropInPath(step), () => step.content, { root })
  return written.length > 0 && existsSync('/run/systemd/system')
    ? [...written, await programDeed(['systemctl', 'daemon-reload'], { again: true })]
    : written
}
