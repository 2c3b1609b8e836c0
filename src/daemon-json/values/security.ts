import type { ConfigFile } from '../config-file.ts'
import { fail, type Issue, show, warn } from '../problem.ts'

/* Seccomp, user namespaces, namespace modes, groups, plugins that decide on requests. */

export function* securityRules(file: ConfigFile): Generator<Issue> {
  yield* seccomp(file)
  yield* userNamespace(file)
  yield* namespaceModes(file)
  yield* group(file)
  yield* authorization(file)
  yield* containerdNamespaces(file)
}

/** The two words are words from 23.0 on; before, they are files (daemon/seccomp_linux.go, daemon_unix.go). */
function* seccomp(file: ConfigFile): Generator<Issue> {
  const profile = file.text('seccomp-profile')
  if (profile === undefined) return
  if (profile.text === 'builtin' || profile.text === 'unconfined') {
    if (file.from('23.0')) return
    const message = `engine ${file.version.text} takes ${show(profile.text)} for the name of a file`
    const suggestion =
      profile.text === 'builtin' ? 'remove the key' : 'write the path of a profile that allows everything'
    yield fail(profile, 'seccomp-profile', 'seccomp-word', message, suggestion)
  } else if (file.host.pathExists?.(profile.text) === false) {
    const message = `${show(profile.text)} does not exist on this host, and the engine does not start without it`
    yield fail(
      profile,
      'seccomp-profile',
      'no-such-file',
      message,
      'write the path of a profile, or remove the key',
    )
  } else if (!profile.text.startsWith('/')) {
    const message = `${show(profile.text)} is looked for in the directory that the engine was started in`
    yield warn(profile, 'seccomp-profile', 'relative-path', message, 'write an absolute path')
  }
}

/** https://github.com/moby/moby/blob/master/daemon/daemon_unix.go, parseRemappedRoot. */
function* userNamespace(file: ConfigFile): Generator<Issue> {
  const remap = file.text('userns-remap')
  if (remap === undefined || remap.text === 'default') return
  const [user = '', group, ...rest] = remap.text.split(':')
  if (rest.length > 0) {
    const message = `${show(remap.text)} is not of the form user or user:group`
    yield fail(remap, 'userns-remap', 'bad-userns-remap', message, 'write "default", "user" or "user:group"')
  } else if (/^\d{10,}$/.test(user) && Number(user) > 0xffffffff) {
    yield fail(remap, 'userns-remap', 'bad-userns-remap', `${show(user)} is no user id`, 'write "default"')
  } else if (user !== '' && file.host.userExists?.(user) === false) {
    yield fail(
      remap,
      'userns-remap',
      'no-such-user',
      `there is no user ${show(user)} on this host`,
      'write "default", or create the user',
    )
  } else if (group !== undefined && group !== '' && file.host.groupExists?.(group) === false) {
    yield fail(
      remap,
      'userns-remap',
      'no-such-group',
      `there is no group ${show(group)} on this host`,
      'create the group',
    )
  }
}

function* namespaceModes(file: ConfigFile): Generator<Issue> {
  const cgroup = file.text('default-cgroupns-mode')
  if (cgroup !== undefined && cgroup.text !== 'private' && cgroup.text !== 'host') {
    const message = `${show(cgroup.text)} is no cgroup namespace mode`
    yield fail(cgroup, 'default-cgroupns-mode', 'bad-cgroupns-mode', message, 'write "private" or "host"')
  }
  const ipc = file.text('default-ipc-mode')
  if (ipc !== undefined && ipc.text !== 'private' && ipc.text !== 'shareable') {
    const message = `${show(ipc.text)} cannot be the default IPC mode`
    yield fail(ipc, 'default-ipc-mode', 'bad-ipc-mode', message, 'write "private" or "shareable"')
  }
}

function* group(file: ConfigFile): Generator<Issue> {
  const name = file.text('group')
  if (name === undefined || name.text === 'docker' || /^\d+$/.test(name.text)) return
  if (file.host.groupExists?.(name.text) !== false) return
  const message = `there is no group ${show(name.text)} on this host, and the engine does not start without it`
  yield fail(name, 'group', 'no-such-group', message, `create it: groupadd ${name.text}`)
}

const PLUGIN_FOLDERS = ['/run/docker/plugins', '/etc/docker/plugins', '/usr/lib/docker/plugins']

/** A plugin that cannot be found keeps the engine from starting: it retries and retries. */
function* authorization(file: ConfigFile): Generator<Issue> {
  for (const [index, plugin] of file.texts('authorization-plugins').entries()) {
    const key = `authorization-plugins.${index}`
    if (plugin.text === '')
      yield fail(plugin, key, 'no-such-plugin', 'the name of the plugin is empty', 'remove the entry')
    else if (pluginExists(file, plugin.text) === false) {
      const message = `no plugin ${show(plugin.text)} is installed on this host; the engine waits for it instead of starting`
      yield fail(plugin, key, 'no-such-plugin', message, 'install the plugin, or remove the entry')
    }
  }
}

function pluginExists(file: ConfigFile, name: string): boolean | undefined {
  if (/[/:]/.test(name)) return undefined
  const paths = PLUGIN_FOLDERS.flatMap((folder) =>
    ['sock', 'spec', 'json'].map((ending) => `${folder}/${name}.${ending}`),
  )
  const answers = paths.map((path) => file.host.pathExists?.(path))
  if (answers.includes(true)) return true
  return answers.includes(undefined) ? undefined : false
}

/** The second namespace cannot be set in the file, so that the first must not be its default. */
function* containerdNamespaces(file: ConfigFile): Generator<Issue> {
  const namespace = file.text('containerd-namespace')
  if (namespace?.text !== 'plugins.moby') return
  const message = '"plugins.moby" is the namespace of the plugins; that of the containers must be another'
  yield fail(namespace, 'containerd-namespace', 'same-namespaces', message, 'write "moby", or remove the key')
}
