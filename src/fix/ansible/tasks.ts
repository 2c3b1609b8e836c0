/** What each action is in a playbook: tasks, one after the other. */
import {
  type FirewalldStep,
  type IptablesStep,
  type MountStep,
  type NftStep,
  type OwnershipStep,
  type PackageFamily,
  type PackageStep,
  type RemoveStep,
  type ServiceStep,
  SYSCTL_FILE,
  type SysctlStep,
} from '../../model/fix.ts'
import { firewalldCommands } from '../firewalld.ts'
import { CRASHED } from '../openrc.ts'
import { fetchCommand, packageCommand } from '../package-commands.ts'
import { certificateFile, certificateFolder, dropInPath, isKernelFile, MODULES_FILE } from '../places.ts'
import { type Action, sha256 } from '../program.ts'
import { folderOf, isMountedArgv, mountArgv, octal } from '../shell.ts'
import { socketOf } from '../systemd.ts'
import { bootTasks } from './boot.ts'
import { iptablesArguments } from './iptables.ts'
import { argvOf, ask, command, failed, held, type Task, text } from './task.ts'
import type { Yaml } from './yaml.ts'

/** Ansible's own word for it, `service_mgr`, is systemd wherever it is installed: in a container that never booted it, too. */
const IS_SYSTEMD = 'seaworthy_systemd.stat.exists'
const SERVICE_MANAGER = `{{ 'systemd' if ${IS_SYSTEMD} else 'service' }}`

const IS_OPENRC = 'seaworthy_openrc.stat.exists'

const MANAGERS = [
  { name: 'systemd', path: '/run/systemd/system', register: 'seaworthy_systemd', word: IS_SYSTEMD },
  { name: 'OpenRC', path: '/run/openrc', register: 'seaworthy_openrc', word: IS_OPENRC },
] as const

/** Come before tasks that ask for services. */
export function lookForManagers(tasks: readonly Task[]): Task[] {
  const text = JSON.stringify(tasks)
  return MANAGERS.filter(({ word }) => text.includes(word)).map(({ name, path, register }) => ({
    name: `Look whether ${name} runs services here`,
    'ansible.builtin.stat': { path },
    register,
  }))
}

/** What is known of a file that is taken away. */
export interface Removal {
  /** What it held. */
  readonly was?: string
  /** The plan itself writes a file in its place, which is there when the playbook is run again. */
  readonly isReplaced?: boolean
}

/** @param id no other action has it; names what the tasks find out */
export function tasksOf(action: Action, id: string, removal: Removal = {}): readonly Task[] {
  switch (action.kind) {
    case 'sysctl':
      return sysctl(action, id)
    case 'file':
      return isKernelFile(action.path)
        ? request(action.path, action.content, id)
        : write(action.path, action.content, action.mode)
    case 'line':
      return [replaceLine(action.path, action.from, action.to)]
    case 'remove':
      return remove(action, id, removal)
    case 'move':
      return [
        { 'ansible.builtin.stat': { path: text(action.from) }, register: `${id}_from` },
        { 'ansible.builtin.stat': { path: text(action.to) }, register: `${id}_to` },
        {
          // A run before this one may have moved it; then what is there now is new.
          'ansible.builtin.debug': { msg: text(`${action.to} is there already: ${action.from} stays.`) },
          when: `${id}_from.stat.exists and ${id}_to.stat.exists`,
        },
        command(['mv', '--', action.from, action.to], {
          when: `${id}_from.stat.exists and not ${id}_to.stat.exists`,
        }),
      ]
    case 'service':
      return service(action, id)
    case 'dropIn':
      return [
        ...write(dropInPath(action), action.content, undefined, `${id}_written`),
        {
          'ansible.builtin.systemd_service': { daemon_reload: true },
          when: [`${id}_written is changed`, IS_SYSTEMD],
        },
      ]
    case 'package':
      return packages(action, id)
    case 'group':
      return [{ 'ansible.builtin.group': { name: text(action.name), system: true } }]
    case 'membership':
      return [
        // The next one would make a user that is not there.
        { 'ansible.builtin.getent': { database: 'passwd', key: text(action.user) } },
        {
          'ansible.builtin.user': { name: text(action.user), groups: [text(action.group)], append: true },
        },
      ]
    case 'module':
      return [
        { 'community.general.modprobe': { name: text(action.name), state: 'present' } },
        appendLine(MODULES_FILE, action.name),
      ]
    case 'kernelArgument':
      return bootTasks(action, id)
    case 'ownership':
      return [ownership(action)]
    case 'iptables':
      return iptables(action, id)
    case 'nft':
      return nft(action, id)
    case 'firewalld':
      return firewalld(action, id)
    case 'mount':
      return mounted(action, id)
    case 'certificate':
      return [
        folder(certificateFolder(action.registry)),
        {
          'ansible.builtin.copy': {
            src: text(action.from),
            dest: text(certificateFile(action.registry)),
            remote_src: true,
            follow: true,
            mode: '0644',
          },
        },
      ]
    case 'command': {
      const { argv, unless, onlyIf } = action
      const when = [...(unless ? [failed(`${id}_unless`)] : []), ...(onlyIf ? [held(`${id}_only_if`)] : [])]
      return [
        ...(unless ? [ask(unless, `${id}_unless`)] : []),
        ...(onlyIf ? [ask(onlyIf, `${id}_only_if`)] : []),
        command(argv, when.length > 0 ? { when } : {}),
      ]
    }
    default:
      return action satisfies never
  }
}

const folder = (path: string): Task => ({
  'ansible.builtin.file': { path: text(path), state: 'directory' },
})

/** The modules for files put a new one in place, which the kernel does not let them. */
const request = (path: string, content: string, id: string): Task[] => [
  ask(['grep', '-qxF', '-e', content.trim(), path], id),
  {
    'ansible.builtin.command': { argv: argvOf(['tee', path]), stdin: text(content) },
    when: failed(id),
  },
]

function write(path: string, content: string, mode?: number, register?: string): Task[] {
  const copy = {
    dest: text(path),
    content: text(content),
    follow: true,
    ...(mode === undefined ? {} : { mode: octal(mode) }),
  }
  return [
    ...(folderOf(path) === '/etc' ? [] : [folder(folderOf(path))]),
    { 'ansible.builtin.copy': copy, ...(register ? { register } : {}) },
  ]
}

const appendLine = (path: string, line: string): Task => ({
  'ansible.builtin.lineinfile': { path: text(path), line: text(line), create: true },
})

const escaped = (line: string): string => line.replace(/[\\^$.*+?()[\]{}|#~&\s-]/g, '\\$&')

/** The module's patterns are Python's, and so are the escapes of what it puts in place. */
function replaceLine(path: string, from: string, to: string | null): Task {
  const [regexp, replace] =
    to === null
      ? [`^${escaped(from)}\\r?(?:\\n|\\Z)`, '']
      : [`^${escaped(from)}(\\r?)$`, `${to.replaceAll('\\', '\\\\')}\\g<1>`]
  return { 'ansible.builtin.replace': { path: text(path), regexp: text(regexp), replace: text(replace) } }
}

/** The module makes a command line of key and value, and rewrites all lines of the file: it gets plain ones, and our own file. */
function sysctl({ key, value, file = SYSCTL_FILE }: SysctlStep, id: string): Task[] {
  if (file === SYSCTL_FILE && /^[\w./-]+$/.test(key) && /^\d[\w .-]*$/.test(value)) {
    const now = { name: text(key), value: text(value), sysctl_set: true, reload: false, sysctl_file: file }
    return [{ 'ansible.posix.sysctl': now }]
  }
  return [
    ask(['sysctl', '-n', key], id),
    command(['sysctl', '-w', `${key}=${value}`], {
      vars: { wanted: text(value) },
      when: `${id}.stdout | default('') | split | join(' ') != wanted | split | join(' ')`,
    }),
    appendLine(file, `${key} = ${value}`),
  ]
}

/** The file module would take away a folder with all that is in it. */
function remove({ path }: RemoveStep, id: string, { was, isReplaced }: Removal): Task[] {
  const [isFolder, isFile] = [`${id}.stat.isdir | default(false)`, `${id}.stat.isreg | default(false)`]
  const isMeant =
    was === undefined
      ? isReplaced
        ? [`not (${isFile})`]
        : []
      : [`${id}.stat.checksum | default('') == '${sha256(was)}'`]
  return [
    {
      'ansible.builtin.stat': { path: text(path), checksum_algorithm: 'sha256', follow: was !== undefined },
      register: id,
    },
    {
      'ansible.builtin.file': { path: text(path), state: 'absent' },
      when: [`not (${isFolder})`, ...isMeant],
    },
    command(['rmdir', '--', path], { when: isFolder }),
  ]
}

const STATES = { start: 'started', stop: 'stopped', restart: 'restarted', reload: 'reloaded' } as const

function service({ name, action }: ServiceStep, id: string): Task[] {
  switch (action) {
    case 'enable':
    case 'disable':
      return [
        {
          'ansible.builtin.service': { name: text(name), enabled: action === 'enable', use: SERVICE_MANAGER },
        },
      ]
    case 'unmask':
      return [
        { 'ansible.builtin.systemd_service': { name: text(name), masked: false }, when: IS_SYSTEMD },
        command(['systemctl', 'unmask', '--runtime', name], { when: IS_SYSTEMD, changed_when: false }),
      ]
    case 'start':
      return [forgetFailures(name), ...restartCrashed(name, id), control(name, action)]
    case 'restart':
      return [forgetFailures(name), control(name, action)]
    case 'reload':
      return name === 'docker' ? reloadEngine() : [control(name, action)]
    case 'stop':
      // The socket would start it again for whoever calls.
      return [
        { ...ask(['systemctl', 'is-active', socketOf(name)], id), when: IS_SYSTEMD },
        { ...control(socketOf(name), 'stop'), when: [IS_SYSTEMD, held(id)] },
        control(name, action),
      ]
    default:
      return action satisfies never
  }
}

const control = (name: string, action: keyof typeof STATES): Task => ({
  'ansible.builtin.service': { name: text(name), state: STATES[action], use: SERVICE_MANAGER },
})

/** systemd does not start what was started too often within a minute. */
const forgetFailures = (name: string): Task =>
  command(['systemctl', 'reset-failed', name, socketOf(name)], {
    when: IS_SYSTEMD,
    changed_when: false,
    failed_when: false,
  })

/** OpenRC counts a service that crashed as started. */
const restartCrashed = (name: string, id: string): Task[] => [
  { ...ask(['rc-service', name, 'status'], id), when: IS_OPENRC },
  { ...control(name, 'restart'), when: [IS_OPENRC, `${id}.rc | default(0) in [${CRASHED.join(', ')}]`] },
]

/** Debian's script has no reload: the engine reads its file again at SIGHUP. */
function reloadEngine(): Task[] {
  const hasReload = `${IS_SYSTEMD} or ${IS_OPENRC}`
  const when = `not (${hasReload})`
  const pid = '{{ engine_pid.content | b64decode | trim }}'
  return [
    { ...control('docker', 'reload'), when: hasReload },
    { 'ansible.builtin.slurp': { src: '/var/run/docker.pid' }, register: 'engine_pid', when },
    { 'ansible.builtin.command': { argv: ['kill', '-HUP', pid] }, when },
  ]
}

const PACKAGERS: Readonly<Record<PackageFamily, string>> = {
  apt: 'ansible.builtin.apt',
  dnf: 'ansible.builtin.dnf',
  yum: 'ansible.builtin.yum',
  zypper: 'community.general.zypper',
  apk: 'community.general.apk',
  pacman: 'community.general.pacman',
}

const NOTHING_NEW = ['0 upgraded, 0 newly', 'Nothing to do']

function fetchLists(step: PackageStep): Task[] {
  const fetch = fetchCommand(step)
  if (!fetch) return []
  if (step.manager === 'apt') return [{ 'ansible.builtin.apt': { update_cache: true } }]
  const failed_when = `package_lists.rc not in [${[0, ...fetch.alsoDone].join(', ')}]`
  return [command(fetch.argv, { register: 'package_lists', changed_when: false, failed_when })]
}

/** The modules take a version only together with `present`, which leaves an older one of the same line as it is. */
function updateInLine(step: PackageStep): Task[] {
  const changed = NOTHING_NEW.map((words) => `'${words}' not in package_update.stdout`).join(' and ')
  const update = { register: 'package_update', changed_when: changed }
  return [...fetchLists(step), command(packageCommand(step).argv, update)]
}

/** These have the module fetch the lists of the repositories. Zypper's would be refused where a single one cannot be reached. */
const UPDATES_CACHE: ReadonlySet<PackageFamily> = new Set(['apt', 'dnf', 'yum', 'apk'])

/** Their modules would take away what merely provides a name, such as moby-engine for docker. */
const REMOVES_PROVIDERS: ReadonlySet<PackageFamily> = new Set(['dnf', 'yum'])

function packages(step: PackageStep, id: string): Task[] {
  const { action, manager, packages: names, refresh, within } = step
  if (within) return updateInLine(step)
  if (action === 'remove' && REMOVES_PROVIDERS.has(manager)) {
    return names.flatMap((name, at) => [
      ask(['rpm', '-q', name], `${id}_${at}`),
      { [PACKAGERS[manager]]: { name: [text(name)], state: 'absent' }, when: held(`${id}_${at}`) },
    ])
  }
  const present = refresh ? 'latest' : 'present'
  const install = (more: Task = {}): Task => ({
    [PACKAGERS[manager]]: {
      name: names.map(text),
      state: action === 'install' ? present : 'absent',
      ...more,
    },
  })
  if (action === 'remove') return [install()]
  const fetching = install({ update_cache: true })
  if (refresh && manager === 'zypper') return [...fetchLists(step), install()]
  if (manager === 'apk' || (refresh && UPDATES_CACHE.has(manager))) return [fetching]
  // A fresh image has no package lists, and stale ones name packages that are gone.
  return manager === 'apt' ? [{ block: [install()], rescue: [fetching] }] : [install()]
}

const ownership = ({ path, owner, group, mode }: OwnershipStep): Task => ({
  'ansible.builtin.file': {
    path: text(path),
    follow: false,
    ...(owner === undefined ? {} : { owner: text(owner) }),
    ...(group === undefined ? {} : { group: text(group) }),
    ...(mode === undefined ? {} : { mode: octal(mode) }),
  },
})

function iptables(step: IptablesStep, id: string): Task[] {
  const known = iptablesArguments(step)
  if (known) return [{ 'ansible.builtin.iptables': known }]
  const { program, action, table, chain, rule } = step
  const argv = (verb: string) => [program, '-w', '-t', table, verb, chain, ...rule]
  if (action === 'insert') return [ask(argv('-C'), id), command(argv('-I'), { when: failed(id) })]
  // A rule may stand there more than once: it is taken out until there is none.
  const until: Task = { register: `${id}_deleted`, until: failed(`${id}_deleted`), retries: 100, delay: 0 }
  return [
    ask(argv('-C'), id),
    command(argv('-D'), { ...until, when: held(id), failed_when: false, changed_when: held(id) }),
  ]
}

function nft({ family, table, chain, rule }: NftStep, id: string): Task[] {
  return [
    ask(['nft', 'list', 'chain', family, table, chain], id),
    command(['nft', 'insert', 'rule', family, table, chain, ...rule], {
      vars: { wanted: text(rule.join(' ')) },
      when: `wanted not in ${id}.stdout | default('')`,
    }),
  ]
}

const FIREWALLD: Readonly<Record<FirewalldStep['what'], string>> = {
  port: 'port',
  protocol: 'protocol',
  'rich-rule': 'rich_rule',
  interface: 'interface',
  masquerade: 'masquerade',
}

function firewalld(step: FirewalldStep, id: string): Task[] {
  const { zone, scope, what, value, remove: isRemoved } = step
  // The module wants the zone of an interface.
  if (what === 'interface' && zone === undefined) {
    return firewalldCommands(step).flatMap(({ query, change }, at) => {
      const register = `${id}_${at}`
      return [ask(query, register), command(change, { when: isRemoved ? held(register) : failed(register) })]
    })
  }
  const change: Record<string, Yaml> = {
    ...(zone === undefined ? {} : { zone: text(zone) }),
    [FIREWALLD[what]]: what === 'masquerade' ? 'true' : text(value),
    immediate: scope !== 'atBoot',
    permanent: scope !== 'now',
    state: isRemoved ? 'disabled' : 'enabled',
  }
  return [{ 'ansible.posix.firewalld': change }]
}

/** Of a mount's options some are shown by the absence of their opposite. */
const HAS_OPTIONS =
  "wanted | reject('in', shown) | reject('in', ['exec', 'suid', 'dev']) | list == [] and wanted | map('regex_replace', '^', 'no') | select('in', shown) | list == []"

function mounted(step: MountStep, id: string): Task[] {
  const { action, path, source, type, options = [] } = step
  if (action === 'unmount') return [{ 'ansible.posix.mount': { path: text(path), state: 'unmounted' } }]
  if (action === 'remount') {
    const vars: Yaml = { wanted: options.map(text), shown: `{{ ${id}.stdout | default('') | split(',') }}` }
    return [
      ask(['findmnt', '-n', '-o', 'OPTIONS', '--mountpoint', path], id),
      command(mountArgv(step), { vars, ...(options.length > 0 ? { when: `not (${HAS_OPTIONS})` } : {}) }),
    ]
  }
  const what: Record<string, Yaml> | null =
    source && type
      ? {
          path: text(path),
          src: text(source),
          fstype: text(type),
          ...(options.length > 0 ? { opts: text(options.join(',')) } : {}),
          state: 'ephemeral',
        }
      : null
  const when = failed(id)
  return [
    ask(isMountedArgv(step), id),
    { ...folder(path), when },
    what ? { 'ansible.posix.mount': what, when } : command(mountArgv(step), { when }),
  ]
}
