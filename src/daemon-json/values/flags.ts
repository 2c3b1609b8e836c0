import type { ConfigFile } from '../config-file.ts'
import { memberOf } from '../json-tree.ts'
import { hasKey, isFlat, KEYS } from '../keys.ts'
import { fail, type Issue, show, warn } from '../problem.ts'

/*
 * The file and the command line. A setting that is given in both is refused, even when both agree
 * (findConfigurationConflicts in https://github.com/moby/moby/blob/master/daemon/config/config.go).
 */

const DROP_IN = 'remove it here, or from ExecStart by a drop-in (systemctl edit docker.service)'

/** Keys that the packaged unit already sets: `dockerd -H fd:// --containerd=/run/containerd/containerd.sock`. */
const IN_PACKAGED_UNIT: Readonly<Record<string, string>> = {
  containerd: '--containerd=/run/containerd/containerd.sock',
  hosts: '-H fd://',
}

export function* flagRules(file: ConfigFile): Generator<Issue> {
  yield* configFile(file)
  yield* validate(file)
  const { flags } = file.host
  if (flags === undefined) yield* packagedUnit(file)
  else for (const [flag, value] of Object.entries(flags)) yield* conflict(file, flag, value)
}

function* configFile(file: ConfigFile): Generator<Issue> {
  const member = memberOf(file.root, 'config-file')
  if (member === undefined) return
  const message =
    'the file cannot name itself: refused by an engine that is started with --config-file, ignored by others'
  const ignored = file.host.flags !== undefined && file.host.flags['config-file'] === undefined
  yield (ignored ? warn : fail)(member, 'config-file', 'names-itself', message, 'remove the key')
}

/** The flag of this name makes the engine check its configuration and end. */
function* validate(file: ConfigFile): Generator<Issue> {
  const member = memberOf(file.root, 'validate')
  if (member?.value.kind !== 'boolean' || !member.value.value || !file.from('23.0')) return
  const message = '"validate": true makes the engine check the file and end, every time it is started'
  yield fail(member, 'validate', 'only-validates', message, 'remove the key; run dockerd --validate by hand')
}

function* packagedUnit(file: ConfigFile): Generator<Issue> {
  for (const [key, flag] of Object.entries(IN_PACKAGED_UNIT)) {
    const member = file.member(key)
    if (member === undefined) continue
    const message = `the systemd unit of Docker's packages already sets this (dockerd ${flag}); with both, the engine does not start`
    yield warn(member, key, 'clashes-with-unit', message, DROP_IN)
  }
}

function* conflict(file: ConfigFile, flag: string, value: string): Generator<Issue> {
  const key = Object.entries(KEYS).find(([, known]) => known.flag === flag)?.[0] ?? flag
  if (key === 'runtimes' || key === 'config-file') return
  const member = memberOf(file.root, key) ?? innerMember(file, key)
  if (member === undefined) return
  const message = `${key} is set here and by the flag --${flag} (${show(value)}); the engine refuses that, even when both agree`
  yield fail(member, key, 'set-twice', message, DROP_IN)
}

function innerMember(file: ConfigFile, name: string) {
  for (const { key, value } of file.root.members) {
    const inner = value.kind === 'object' && !isFlat(key, file.version) ? memberOf(value, name) : undefined
    if (inner !== undefined && (hasKey(name, file.version) || key === 'proxies')) return inner
  }
  return undefined
}
