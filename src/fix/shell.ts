/** Renders a fix as POSIX shell: what a person pastes. Every value is data; each block can be run twice. */

import { setKey } from '../daemon-json/edit.ts'
import {
  type CertificateStep,
  type Fix,
  type GroupStep,
  type IptablesStep,
  type JsonStep,
  type KernelArgumentStep,
  type MembershipStep,
  type MountStep,
  type NftStep,
  type OwnershipStep,
  type PackageStep,
  type ServiceStep,
  type Step,
  SYSCTL_FILE,
} from '../model/fix.ts'
import { firewalldCommands } from './firewalld.ts'
import { fetchCommand, packageCommand } from './package-commands.ts'
import { certificateFolder, dropInPath, MODULES_FILE } from './places.ts'
import { socketOf } from './systemd.ts'

/** Content of a text file on the host before the fix, as far as the run has read it. */
export type ContentBefore = (path: string) => string | undefined

const PLAIN = /^[A-Za-z0-9_@%+=:,./-]+$/

/** One word, whatever it holds, as one shell word. */
export const quote = (word: string): string =>
  PLAIN.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`

export const words = (...argv: readonly string[]): string => argv.map(quote).join(' ')
export const octal = (mode: number): string => mode.toString(8).padStart(4, '0')

const CONTROL = /[\x00-\x08\x0b-\x1f\x7f-\x9f]/g

/** Text of any kind as a comment: no line of it can leave the comment, and nothing in it steers a terminal. */
export const comment = (text: string): string =>
  text
    .split(/[\r\n]+/)
    .map((line) => `# ${line.replace(CONTROL, '?')}`)
    .join('\n')

/** What the fixes so far make of files: several fixes for one file build on each other, so that pasting one does not undo another. */
export type Drafts = Map<string, string>

export function toShell(
  fix: Fix,
  before: ContentBefore = () => undefined,
  drafts: Drafts = new Map(),
): string {
  return fix.steps
    .flatMap((step, index) => {
      if (step.kind !== 'json') return [fileAware(step, drafts)]
      const text = jsonStep(step, before, drafts)
      return isOvertaken(step, fix.steps[index + 1]) && drafts.has(step.path) ? [] : [text]
    })
    .join('\n')
}

/** Of several edits of one file only the last result is written. */
const isOvertaken = ({ path }: JsonStep, next: Step | undefined): boolean =>
  next?.kind === 'json' && next.path === path

/** Stands for a credential that was taken out of what was read: it must not be written back. */
export const REDACTED = '***'

function fileAware(step: Exclude<Step, JsonStep>, drafts: Drafts): string {
  if (step.kind === 'file') {
    if (step.content.includes(REDACTED))
      return comment(`Correct ${step.path}; it holds credentials, which are not shown here.`)
    drafts.set(step.path, step.content)
  }
  if (step.kind === 'line' && step.from.includes(REDACTED)) {
    return comment(
      `Change the line that begins with ${step.from.split('=')[0]} in ${step.path}; it holds credentials.`,
    )
  }
  return shellOf(step)
}

function shellOf(step: Exclude<Step, JsonStep>): string {
  switch (step.kind) {
    case 'sysctl': {
      const setting = `${step.key} = ${step.value}`
      return `sysctl -w ${quote(`${step.key}=${step.value}`)}\n${appendLine(step.file ?? SYSCTL_FILE, setting)}`
    }
    case 'file':
      return writeContent(step.path, step.content, step.mode)
    case 'line':
      return replaceWholeLine(step.path, step.from, step.to)
    case 'remove':
      return `rm -f -- ${quote(step.path)} 2>/dev/null || rmdir -- ${quote(step.path)}`
    case 'move':
      return `[ ! -e ${quote(step.from)} ] || mv -- ${words(step.from, step.to)}`
    case 'service':
      return serviceAction(step)
    case 'dropIn': {
      return `${writeContent(dropInPath(step), step.content)}\nsystemctl daemon-reload`
    }
    case 'package':
      return packageAction(step)
    case 'group':
      return `getent group ${quote(step.name)} >/dev/null || { ${addGroup(step)}; }`
    case 'membership':
      return addMember(step)
    case 'module':
      return `modprobe ${quote(step.name)}\n${appendLine(MODULES_FILE, step.name)}`
    case 'kernelArgument':
      return bootArgument(step)
    case 'ownership':
      return ownership(step)
    case 'iptables':
      return iptablesRule(step)
    case 'nft':
      return nftRule(step)
    case 'firewalld':
      return firewalldCommands(step)
        .map(
          ({ query, change }) =>
            `${step.remove ? '! ' : ''}${words(...query)} >/dev/null 2>&1 || ${words(...change)}`,
        )
        .join('\n')
    case 'mount':
      return mountCommand(step)
    case 'certificate':
      return installCertificate(step)
    case 'command':
      return [
        step.unless ? `${words(...step.unless)} >/dev/null 2>&1 || ` : '',
        step.onlyIf ? `! ${words(...step.onlyIf)} >/dev/null 2>&1 || ` : '',
        words(...step.argv),
      ].join('')
    case 'relogin':
      return comment(
        `then log out and in again as ${step.user}${step.group ? ` (or run: newgrp ${step.group})` : ''}`,
      )
    case 'reboot':
      return comment('then reboot: systemctl reboot')
    case 'manual':
      return comment(step.text)
    default:
      return step satisfies never
  }
}

/** The whole file is printed, as no tool that edits JSON can be counted on; so it must be known, valid and free of what was taken out. */
function jsonStep(step: JsonStep, before: ContentBefore, drafts: Drafts): string {
  const { path, key, value } = step
  const text = drafts.get(path) ?? before(path) ?? '{}\n'
  if (text.includes(REDACTED) || !isJson(text)) return comment(editInWords(step))
  const after = setKey(text, key, value)
  drafts.set(path, after)
  return writeContent(path, after)
}

/** An edit that a person makes. */
export function editInWords({ path, key, value }: JsonStep): string {
  const what =
    value === undefined ? `Remove "${key.join('.')}"` : `Set "${key.join('.')}" to ${JSON.stringify(value)}`
  return `${what} in ${path}, and leave the rest as it is.`
}

export function isJson(text: string): boolean {
  try {
    JSON.parse(text.replace(/^\uFEFF/, ''))
    return true
  } catch {
    return false
  }
}

export const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/')) || '/'

const appendLine = (path: string, line: string): string =>
  `mkdir -p ${quote(folderOf(path))}\n` +
  `grep -qxF -- ${quote(line)} ${quote(path)} 2>/dev/null || printf '%s\\n' ${quote(line)} >>${quote(path)}`

function writeContent(path: string, content: string, mode?: number): string {
  const lines = content.replace(/\n$/, '').split('\n').map(quote).join(' \\\n  ')
  const write = `mkdir -p ${quote(folderOf(path))}\nprintf '%s\\n' ${lines} >${quote(path)}`
  return mode === undefined ? write : `${write}\nchmod ${octal(mode)} ${quote(path)}`
}

/** awk's ENVIRON passes both lines as they are; `-v` would read escapes in them. */
function replaceWholeLine(path: string, from: string, to: string | null): string {
  const program =
    to === null ? '$0 != ENVIRON["FROM"]' : '{ print $0 == ENVIRON["FROM"] ? ENVIRON["TO"] : $0 }'
  const values = to === null ? `FROM=${quote(from)}` : `FROM=${quote(from)} TO=${quote(to)}`
  const p = quote(path)
  return `${values} awk ${quote(program)} ${p} >${quote(`${path}.new`)} && cat ${quote(`${path}.new`)} >${p} && rm -f ${quote(`${path}.new`)}`
}

function serviceAction({ name, action }: ServiceStep): string {
  if (name === 'docker' && action === 'reload') {
    // Debian's init script has no such action.
    return `if [ -d /run/systemd/system ]; then systemctl reload docker; elif [ -d /run/openrc ]; then rc-service docker reload; else kill -HUP "$(cat /var/run/docker.pid)"; fi`
  }
  if (['start', 'stop', 'restart', 'reload'].includes(action)) {
    // docker.socket would start it again for whoever calls.
    const units = name === 'docker' && action === 'stop' ? words(socketOf(name), name) : quote(name)
    return `if [ -d /run/systemd/system ]; then systemctl ${action} ${units}; else service ${quote(name)} ${action}; fi`
  }
  if (action === 'unmask') return `systemctl unmask ${quote(name)}`
  const openrc = words('rc-update', action === 'enable' ? 'add' : 'del', name, 'default')
  return `if [ -d /run/openrc ]; then ${openrc}; else systemctl ${action} ${quote(name)}; fi`
}

function packageAction(step: PackageStep): string {
  const { action, manager, refresh } = step
  const line = words(...packageCommand(step).argv)
  const fetch = fetchCommand(step)
  if (fetch) return `${words(...fetch.argv)}\n${line}`
  // A fresh image has no package lists, and stale ones name packages that are gone; the others fetch theirs by themselves.
  return action === 'install' && manager === 'apt' && !refresh
    ? `${line} || { apt-get update && ${line}; }`
    : line
}

function iptablesRule({ program, action, table, chain, rule }: IptablesStep): string {
  const at = (verb: string): string => words(program, '-w', '-t', table, verb, chain, ...rule)
  // A rule may stand there more than once.
  if (action === 'delete') return `while ${at('-C')} 2>/dev/null; do ${at('-D')}; done`
  return `${at('-C')} 2>/dev/null || ${at('-I')}`
}

/** nft would insert a rule once more each time. */
function nftRule({ family, table, chain, rule }: NftStep): string {
  const there = `nft list chain ${words(family, table, chain)} | grep -qF -- ${quote(rule.join(' '))}`
  return `${there} || nft insert rule ${words(family, table, chain, ...rule)}`
}

/** The command that carries a step out. */
export function mountArgv({
  action,
  path,
  source,
  type,
  options = [],
}: MountStep): readonly [string, ...string[]] {
  if (action === 'remount') return ['mount', '-o', ['remount', ...options].join(','), path]
  if (action === 'unmount') return ['umount', path]
  const chosen = [...(type ? ['-t', type] : []), ...(options.length > 0 ? ['-o', options.join(',')] : [])]
  return ['mount', ...chosen, ...(source ? [source] : []), path]
}

/** Of a mount whose source is a loop device: the file behind it. The topmost mount of the place counts. */
const LOOP_FILE = 'losetup -n -O BACK-FILE "$(findmnt -n -o SOURCE --mountpoint "$1" | tail -n 1)"'

/** Succeeds where it is mounted. An engine binds its data root to itself, so the place alone does not tell. */
export function isMountedArgv({ path, source, options }: MountStep): readonly [string, ...string[]] {
  if (!source) return ['mountpoint', '-q', path]
  return options?.includes('loop')
    ? ['sh', '-c', `${LOOP_FILE} | grep -qxF -e "$2"`, 'sh', path, source]
    : ['findmnt', '--mountpoint', path, '--source', source]
}

function mountCommand(step: MountStep): string {
  const { action, path } = step
  const command = words(...mountArgv(step))
  if (action === 'remount') return command
  if (action === 'unmount') return `! ${words('mountpoint', '-q', path)} || ${command}`
  return `mkdir -p ${quote(path)}\n${words(...isMountedArgv(step))} >/dev/null 2>&1 || ${command}`
}

const installCertificate = ({ registry, from }: CertificateStep): string => {
  const folder = certificateFolder(registry)
  return `mkdir -p ${quote(folder)}\ncp -- ${words(from, `${folder}/ca.crt`)}`
}

/** Alpine has BusyBox's own programs for accounts. */
const eitherOf = (program: string, command: string, other: string): string =>
  `if command -v ${program} >/dev/null; then ${command}; else ${other}; fi`
export const addGroup = ({ name }: GroupStep): string =>
  eitherOf('groupadd', `groupadd --system -- ${quote(name)}`, `addgroup -S -- ${quote(name)}`)
export const addMember = ({ user, group }: MembershipStep): string =>
  eitherOf('usermod', `usermod -aG ${quote(group)} -- ${quote(user)}`, `addgroup -- ${words(user, group)}`)

function bootArgument({ argument, remove }: KernelArgumentStep): string {
  const grubby = `grubby --update-kernel=ALL ${remove ? '--remove-args' : '--args'}=${quote(argument)}`
  const verb = remove ? 'remove' : 'add'
  const advice = `${verb} ${argument} ${remove ? 'from' : 'to'} GRUB_CMDLINE_LINUX in /etc/default/grub, then run update-grub`
  return `if command -v grubby >/dev/null; then ${grubby}; else echo ${quote(advice)}; fi`
}

function ownership({ path, owner, group, mode }: OwnershipStep): string {
  const commands: string[] = []
  if (owner || group) commands.push(`chown ${words(`${owner ?? ''}${group ? `:${group}` : ''}`, path)}`)
  if (mode !== undefined) commands.push(`chmod ${octal(mode)} ${quote(path)}`)
  return commands.join('\n')
}
