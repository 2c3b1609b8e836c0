import { accessSync, constants, existsSync, readFileSync, statfsSync } from 'node:fs'
import { networkInterfaces } from 'node:os'
import { dirname, join } from 'node:path'
import type { HostContext } from './context.ts'

/**
 * What this machine can say about a file that is meant for it. Reads files only, at the moment of the question.
 * Not for a file of another machine: its paths, users and interfaces need not be here.
 */
export function localHost(): HostContext {
  return {
    pathExists: existsSync,
    userExists: (name) => listed('/etc/passwd', name),
    groupExists: (name) => listed('/etc/group', name),
    interfaceKind,
    commandExists,
    hasAddress,
    filesystemOf,
    sysctl: (name) => read(join('/proc/sys', name.replaceAll('.', '/')))?.trim(),
    ...kernelFilesystems(),
  }
}

/** Name services other than the files are not asked: what is not listed may exist in them, if any is configured. */
function listed(path: string, name: string): boolean | undefined {
  const lines = read(path)?.split('\n')
  if (lines === undefined) return undefined
  if (lines.some((line) => isNamed(line, name))) return true
  return usesOtherServices(path) ? undefined : false
}

function isNamed(line: string, name: string): boolean {
  const [first, , id] = line.split(':')
  return first === name || id === name
}

function usesOtherServices(path: string): boolean {
  const database = path.slice('/etc/'.length)
  const line =
    read('/etc/nsswitch.conf')
      ?.split('\n')
      .find((each) => each.startsWith(`${database}:`)) ?? ''
  return /\b(?:sss|ldap|winbind|nis)\b/.test(line)
}

function interfaceKind(name: string): 'bridge' | 'other' | 'absent' {
  const folder = join('/sys/class/net', name)
  if (!existsSync(folder)) return 'absent'
  return existsSync(join(folder, 'bridge')) ? 'bridge' : 'other'
}

function commandExists(name: string): boolean {
  const folders = (process.env.PATH ?? '').split(':').filter((folder) => folder.startsWith('/'))
  return folders.some((folder) => isExecutable(join(folder, name)))
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

function hasAddress(address: string): boolean {
  if (address === '0.0.0.0' || address === '::' || address.startsWith('127.')) return true
  return Object.values(networkInterfaces()).some((list) => list?.some((each) => each.address === address))
}

/** f_type of statfs(2). */
const FILESYSTEMS: Readonly<Record<number, string>> = {
  61267: 'ext',
  1481003842: 'xfs',
  2435016766: 'btrfs',
  801189825: 'zfs',
  16914836: 'tmpfs',
  2035054128: 'overlayfs',
  26985: 'nfs',
}

/** The file system of the path, or of the nearest folder above it that exists. */
function filesystemOf(path: string): string | undefined {
  for (let folder = path; folder.startsWith('/'); folder = dirname(folder)) {
    try {
      return FILESYSTEMS[statfsSync(folder).type]
    } catch {
      if (folder === '/') return undefined
    }
  }
  return undefined
}

function kernelFilesystems(): Pick<HostContext, 'kernelFilesystems'> {
  const text = read('/proc/filesystems')
  return text === undefined
    ? {}
    : { kernelFilesystems: text.split('\n').map((line) => line.split('\t').at(-1) ?? '') }
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
