/** Follows a path inside a directory as if that directory were `/`, whatever its symbolic links say. */
import { lstatSync, readlinkSync } from 'node:fs'

/** As many as Linux follows. */
const MOST_LINKS = 40

/**
 * The real place of `path` under `root`. Absolute links start again at `root`, and `..` never leads out of it.
 * The answer holds no symbolic link below `root`, so that opening it cannot leave (unless the tree is changed meanwhile).
 * @param root a real path
 * @throws ENOENT, ENOTDIR, EACCES, ELOOP as the system does
 */
export function resolveInside(root: string, path: string): string {
  const ahead = namesOf(path).reverse()
  const behind: string[] = []
  let links = 0
  for (let name = ahead.pop(); name !== undefined; name = ahead.pop()) {
    if (name === '..') {
      behind.pop()
      continue
    }
    const place = join(root, [...behind, name])
    const stats = lstatSync(place)
    if (stats.isSymbolicLink()) {
      links += 1
      if (links > MOST_LINKS) throw systemError('ELOOP', 'too many symbolic links', path)
      const target = readlinkSync(place)
      if (target.startsWith('/')) behind.length = 0
      ahead.push(...namesOf(target).reverse())
      continue
    }
    if (ahead.length > 0 && !stats.isDirectory()) throw systemError('ENOTDIR', 'not a directory', path)
    behind.push(name)
  }
  return join(root, behind)
}

const namesOf = (path: string): string[] => path.split('/').filter((name) => name !== '' && name !== '.')

const join = (root: string, names: readonly string[]): string =>
  names.length === 0 ? root : `${root === '/' ? '' : root}/${names.join('/')}`

const systemError = (code: string, what: string, path: string): Error =>
  Object.assign(new Error(`${code}: ${what}, ${path}`), { code })
