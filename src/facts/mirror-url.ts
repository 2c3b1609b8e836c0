import { atLeast } from '../versions.ts'

/**
 * Why the engine refuses a mirror's URL; null where it does not.
 * @param version the engine's; paths are allowed from 24.0
 * @see https://github.com/moby/moby/blob/docker-v28.5.2/registry/config.go
 */
export function mirrorUrlProblem(mirror: string, version: string | null): string | null {
  if (!/^https?:\/\//i.test(mirror)) return 'it must begin with https:// or http://'
  if (/[\s,;]/.test(mirror)) return 'there is text behind the URL'
  if (!URL.canParse(mirror)) return 'it is no URL'
  const { pathname, search, hash, username } = new URL(mirror)
  if (username) return 'it may not hold a user name or password'
  if (search || hash) return 'it may not have a query or a fragment'
  if (pathname !== '/' && version !== null && !atLeast(version, '24.0.0')) {
    return `it may not have a path (${pathname}) before Docker 24`
  }
  return null
}
