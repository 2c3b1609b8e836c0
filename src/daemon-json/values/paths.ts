import type { ConfigFile } from '../config-file.ts'
import { fail, type Issue, show, warn } from '../problem.ts'

/* Paths of the engine's own files and programs. */

export function* pathRules(file: ConfigFile): Generator<Issue> {
  yield* graph(file)
  for (const key of ['data-root', 'exec-root']) {
    yield* relative(file, key)
    yield* folder(file, key)
  }
  yield* initPath(file)
  yield* execRootLength(file)
  yield* containerd(file)
  yield* userlandProxy(file)
}

function* graph(file: ConfigFile): Generator<Issue> {
  const value = file.text('graph')
  if (value === undefined) return
  if (file.text('data-root') !== undefined) {
    yield fail(
      value,
      'graph',
      'graph-and-data-root',
      'graph is the old name of data-root; there can be only one',
      'remove graph',
    )
  } else {
    yield warn(
      value,
      'graph',
      'deprecated-key',
      'graph is the old name of data-root; engine 23.0 refuses it',
      'call it data-root',
    )
  }
}

function* relative(file: ConfigFile, key: string): Generator<Issue> {
  const value = file.text(key)
  if (value === undefined || value.text.startsWith('/')) return
  const message = `${show(value.text)} is relative to the directory that the engine was started in`
  yield warn(value, key, 'relative-path', message, 'write an absolute path')
}

/** The engine makes the folder, but not in the place of a file. */
function* folder(file: ConfigFile, key: string): Generator<Issue> {
  const value = file.text(key)
  if (value === undefined || file.host.pathExists?.(value.text) !== true) return
  if (file.host.pathExists(`${value.text}/.`) !== false) return
  const message = `${show(value.text)} is a file on this host, and must be a folder`
  yield fail(value, key, 'not-a-folder', message, 'write the path of a folder')
}

function* initPath(file: ConfigFile): Generator<Issue> {
  const value = file.text('init-path')
  if (value === undefined || !value.text.startsWith('/') || file.host.pathExists?.(value.text) !== false)
    return
  const message = `${show(value.text)} does not exist on this host: containers with --init do not start`
  yield warn(value, 'init-path', 'no-such-file', message, 'correct the path, or remove the key')
}

/** The managed containerd's sockets lie below exec-root, and refuse a path of more than 104 bytes. */
function* execRootLength(file: ConfigFile): Generator<Issue> {
  const value = file.text('exec-root')
  if (value === undefined || file.text('containerd') !== undefined) return
  const longest = `${value.text}/containerd/containerd-debug.sock`
  if (longest.length <= 104) return
  const message = `the path is too long for the sockets below it (${longest.length} characters, 104 at most)`
  yield fail(value, 'exec-root', 'socket-path-too-long', message, 'choose a shorter path')
}

/** Without containerd's socket 28 still starts, because the classic image store does not need it at once. */
function* containerd(file: ConfigFile): Generator<Issue> {
  const socket = file.text('containerd')
  const path = socket?.text.replace(/^unix:\/\//, '') ?? ''
  if (socket === undefined || file.host.pathExists?.(path) !== false) return
  const message = `there is no ${show(socket.text)} on this host: containerd is not running, or listens elsewhere`
  const suggestion = 'start containerd, or remove the key'
  const starts = file.from('28.0') && !file.from('29.0')
  yield starts
    ? warn(socket, 'containerd', 'no-such-file', message, suggestion)
    : fail(socket, 'containerd', 'no-such-file', message, suggestion)
}

/** verifyUserlandProxyConfig in https://github.com/moby/moby/blob/master/daemon/config/config_linux.go. */
function* userlandProxy(file: ConfigFile): Generator<Issue> {
  const path = file.text('userland-proxy-path')
  if (path === undefined || !file.from('25.0') || !file.isOn('userland-proxy')) return
  if (!path.text.startsWith('/')) {
    yield fail(
      path,
      'userland-proxy-path',
      'relative-path',
      `${show(path.text)} is not an absolute path`,
      'write /usr/bin/docker-proxy',
    )
  } else if (file.host.pathExists?.(path.text) === false) {
    const message = `${show(path.text)} does not exist on this host`
    yield fail(path, 'userland-proxy-path', 'no-such-file', message, 'correct the path, or remove the key')
  }
}
