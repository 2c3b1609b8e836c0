/** A mounted file system (`--root DIR`): its files as they lie there. Nothing runs on it, so nothing else can be asked. */
import { readdirSync, realpathSync, statSync } from 'node:fs'
import { InputError } from '../model/errors.ts'
import { missing, type Reading } from '../model/reading.ts'
import type { Source } from '../model/source.ts'
import type { Host } from './host.ts'
import { type Place, readDirectory, readFile, readStat, readStatfs } from './live/files.ts'
import { redacted } from './redact.ts'
import { resolveInside } from './root/resolve.ts'

/** What the kernel and the running system provide. On a disk that is not running these are empty folders. */
const RUNNING = ['proc', 'sys', 'run', 'dev'] as const

const NOT_RUNNING = 'nothing runs on a mounted file system'

/** @throws {InputError} when DIR is not a directory that can be entered. */
export function rootHost(directory: string): Host {
  const root = openRoot(directory)
  const prefix = root === '/' ? '' : root
  const place: Place = {
    locate: (path) => resolveInside(root, path),
    named: (real) => real.slice(prefix.length) || '/',
  }
  const lacking = new Set<string>(RUNNING.filter((name) => isEmpty(`${prefix}/${name}`)))
  return redacted('root', async (source, signal) => {
    if ('path' in source && lacking.has(firstOf(source.path))) return missing('notRecorded', NOT_RUNNING)
    return readInside(source, place, signal)
  })
}

async function readInside(source: Source, place: Place, signal: AbortSignal): Promise<Reading> {
  switch (source.kind) {
    case 'file':
      return readFile(source, place)
    case 'directory':
      return readDirectory(source, place)
    case 'stat':
      return readStat(source, place)
    case 'statfs':
      return readStatfs(source, place, signal)
    default:
      return missing('notRecorded', NOT_RUNNING)
  }
}

function openRoot(directory: string): string {
  try {
    const root = realpathSync(directory)
    if (statSync(root).isDirectory()) return root
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : ''
    const why =
      code === 'ENOENT' ? 'does not exist' : code === 'EACCES' ? 'permission denied' : 'cannot be opened'
    throw new InputError(`--root ${directory}: ${why}`)
  }
  throw new InputError(`--root ${directory}: is not a directory`)
}

/** The top folder that a path lies in; /var/run is /run. */
const firstOf = (path: string): string => {
  const names = path.split('/').filter((name) => name !== '' && name !== '.')
  return (names[0] === 'var' && names[1] === 'run' ? names[1] : names[0]) ?? ''
}

/** Missing counts as empty; a folder that cannot be listed does not, so that reading it says why. */
function isEmpty(path: string): boolean {
  try {
    return readdirSync(path).length === 0
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ENOENT'
  }
}
