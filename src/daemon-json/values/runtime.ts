import type { ConfigFile, TextAt } from '../config-file.ts'
import { fail, type Issue, show, warn } from '../problem.ts'
import { nearestName } from '../unknown-keys.ts'
import { textField } from './fields.ts'

/*
 * OCI runtimes and the options for running containers.
 * Rules: https://github.com/moby/moby/blob/master/daemon/runtime_unix.go, daemon/daemon_unix.go (verifyCgroupDriver),
 * parseExecOptions in daemon/config/config.go.
 */

export function* runtimeRules(file: ConfigFile): Generator<Issue> {
  yield* runtimes(file)
  yield* defaultRuntime(file)
  yield* execOptions(file)
  yield* cgroupParent(file)
}

function* runtimes(file: ConfigFile): Generator<Issue> {
  for (const { key: name, offset, value } of file.object('runtimes')?.members ?? []) {
    const key = `runtimes.${name}`
    if (name === 'runc') {
      const message = '"runc" is the name of the built-in runtime and cannot be given again'
      yield fail(
        { offset },
        key,
        'reserved-runtime',
        message,
        'choose another name, and set default-runtime to it',
      )
    }
    const path = value.kind === 'object' ? textField(value, 'path') : ''
    const type = value.kind === 'object' ? textField(value, 'runtimeType') : ''
    if (value.kind === 'object' || value.kind === 'null')
      yield* runtimeEntry(file, { offset, text: name }, path, type)
    if (value.kind !== 'object') continue
    const known = ['path', 'runtimeArgs', ...(file.from('23.0') ? ['runtimeType', 'options'] : [])]
    for (const inner of value.members) {
      if (known.some((field) => field.toLowerCase() === inner.key.toLowerCase())) continue
      const nearest = inner.key === 'args' ? 'runtimeArgs' : nearestName(inner.key, known)
      const suggestion =
        nearest === undefined ? `remove it (known: ${known.join(', ')})` : `write ${show(nearest)}`
      yield warn(
        inner,
        `${key}.${inner.key}`,
        'ignored-inner-key',
        `a runtime has no ${show(inner.key)}; the engine ignores it`,
        suggestion,
      )
    }
  }
}

function* runtimeEntry(file: ConfigFile, name: TextAt, path: string, type: string): Generator<Issue> {
  const key = `runtimes.${name.text}`
  if (path === '' && (type === '' || !file.from('23.0'))) {
    const message = `the runtime ${show(name.text)} has no path`
    const suggestion = `write ${show(name.text)}: {"path": "/usr/bin/…"}`
    if (file.from('23.0')) yield fail(name, key, 'empty-runtime', message, suggestion)
    else yield warn(name, key, 'empty-runtime', message, suggestion)
  } else if (path !== '' && type !== '' && file.from('23.0')) {
    const message = `the runtime ${show(name.text)} has both path and runtimeType, which exclude each other`
    yield fail(name, key, 'runtime-path-and-type', message, 'remove one of the two')
  } else if (path.startsWith('/') && file.host.pathExists?.(path) === false) {
    const message = `${show(path)} does not exist on this host: the engine starts, but containers with this runtime do not`
    yield warn(name, key, 'no-such-file', message, 'install the runtime, or correct the path')
  }
}

function* defaultRuntime(file: ConfigFile): Generator<Issue> {
  const value = file.text('default-runtime')
  if (value === undefined || isRuntime(file, value.text)) return
  const names = (file.object('runtimes')?.members ?? []).map((member) => member.key)
  const nearest = nearestName(value.text, ['runc', ...names])
  const message = `no runtime ${show(value.text)} is defined`
  const define = `add "runtimes": {${show(value.text)}: {"path": "/usr/bin/…"}}`
  const suggestion = nearest === undefined ? define : `write ${show(nearest)}, or ${define}`
  yield fail(value, 'default-runtime', 'unknown-default-runtime', message, suggestion)
}

/** From 23.0 the name of any containerd shim will do: one with a dot and without a slash. */
function isRuntime(file: ConfigFile, name: string): boolean {
  if (name === 'runc' || name === 'io.containerd.runc.v2') return true
  if ((file.object('runtimes')?.members ?? []).some((member) => member.key === name)) return true
  if (!file.from('23.0')) return name === 'io.containerd.runtime.v1.linux'
  return name.includes('.') && !name.includes('/') && !name.startsWith('.')
}

const DRIVER = 'native.cgroupdriver'
const DRIVER_FIX = 'write "native.cgroupdriver=systemd" or "native.cgroupdriver=cgroupfs"'

interface ExecOption extends TextAt {
  readonly name: string
  readonly value: string
  readonly complete: boolean
  readonly key: string
}

function execOptionsOf(file: ConfigFile): ExecOption[] {
  return file.texts('exec-opts').map((option, index) => {
    const cut = option.text.indexOf('=')
    const name = (cut < 0 ? option.text : option.text.slice(0, cut)).trim().toLowerCase()
    const value = cut < 0 ? '' : option.text.slice(cut + 1).trim()
    const place = { text: option.text, offset: option.offset, key: `exec-opts.${index}` }
    return { ...place, name, value, complete: cut >= 0 && name !== '' && value !== '' }
  })
}

/** Up to 27 unknown options are skipped and the first cgroup driver counts; from 28.0 the last one does. */
function cgroupDriver(file: ConfigFile): ExecOption | undefined {
  const matches = execOptionsOf(file).filter(({ name, text }) => name === DRIVER && text.includes('='))
  return file.from('28.0') ? matches.at(-1) : matches[0]
}

function* execOptions(file: ConfigFile): Generator<Issue> {
  const level = file.from('28.0') ? fail : warn
  for (const option of execOptionsOf(file)) {
    if (option.name === DRIVER && option.complete) continue
    const shown = show(option.text)
    const [finding, message] = option.complete
      ? ['unknown-exec-option', `there is no such option on Linux: ${shown}`]
      : ['exec-option-without-value', `${shown} is not of the form name=value`]
    const fix = /^native[.-]?cgroup/.test(option.name) ? DRIVER_FIX : `remove it, or ${DRIVER_FIX}`
    yield level(
      option,
      option.key,
      finding,
      file.from('28.0') ? message : `${message}; the engine ignores it`,
      fix,
    )
  }
  const driver = cgroupDriver(file)
  if (driver === undefined || ['', 'cgroupfs', 'systemd'].includes(driver.value)) return
  yield fail(driver, driver.key, 'bad-cgroup-driver', `${show(driver.value)} is no cgroup driver`, DRIVER_FIX)
}

function* cgroupParent(file: ConfigFile): Generator<Issue> {
  const parent = file.text('cgroup-parent')
  if (parent === undefined) return
  const slice = parent.text.length > 6 && parent.text.endsWith('.slice')
  const chosen = cgroupDriver(file)?.value ?? ''
  const driver = chosen === '' ? file.host.cgroupDriver : chosen
  const message = `with the cgroup driver systemd, ${show(parent.text)} must be the name of a slice`
  const suggestion = 'write a name such as "docker.slice"'
  if (driver === 'systemd' && !slice)
    yield fail(parent, 'cgroup-parent', 'bad-cgroup-parent', message, suggestion)
  else if (driver === undefined && !slice) {
    const more = `${message}; systemd is the default on hosts with cgroup v2`
    yield warn(parent, 'cgroup-parent', 'bad-cgroup-parent', more, suggestion)
  }
}
