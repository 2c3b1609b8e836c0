/** Names that programs would read as something else. */
import type { Action } from './program.ts'

/** Debian, RPM, apk and pacman agree on these. @see https://www.debian.org/doc/debian-policy/ch-controlfields.html#source */
const PACKAGE = /^[A-Za-z0-9][A-Za-z0-9+._:~-]*[A-Za-z0-9+.]$|^[A-Za-z0-9]$/

/** Boot loaders' files are read by shells and split at blanks. */
const ARGUMENT = /^[\w.=,:@/-]+$/

/** Names and paths that an action hands to programs. */
export function namesIn(action: Action): readonly string[] {
  switch (action.kind) {
    case 'package':
      return action.packages
    case 'membership':
      return [action.user, action.group]
    case 'group':
    case 'service':
    case 'module':
      return [action.name]
    case 'move':
      return [action.from, action.to]
    case 'sysctl':
      return [action.key, ...(action.file ? [action.file] : [])]
    case 'file':
    case 'line':
    case 'remove':
      return [action.path]
    case 'ownership':
      return [action.path, ...[action.owner, action.group].filter((name) => name !== undefined)]
    case 'mount':
      return [action.path, ...(action.source ? [action.source] : []), ...(action.options ?? [])]
    case 'certificate':
      return [action.from, action.registry]
    case 'dropIn':
      return [action.unit, action.name]
    case 'kernelArgument':
      return [action.argument]
    default:
      return []
  }
}

/** Why no program should be given the names in an action; null where all are fit. */
export function unfitName(action: Action): string | null {
  const unfit = namesIn(action).find(
    (name) =>
      name === '' ||
      name.startsWith('-') ||
      (action.kind === 'package' && !PACKAGE.test(name)) ||
      (action.kind === 'kernelArgument' && !ARGUMENT.test(name)),
  )
  if (unfit !== undefined) return `${JSON.stringify(unfit)} is no name that a program can be given.`
  return action.kind === 'line' && action.from.includes('\n') ? 'The line to replace is more than one.' : null
}
