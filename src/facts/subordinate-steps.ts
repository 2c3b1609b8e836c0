/** How somebody is given ids to hand on to containers. */
import { type CommandStep, runCommand } from '../model/fix.ts'

/** Ids that an image may use. @see https://docs.docker.com/engine/security/userns-remap/ @see https://docs.docker.com/engine/security/rootless/#prerequisites */
export const ENOUGH_IDS = 65_536

/** Gives a range that begins at `first`, where nobody has one yet. */
export function grantIds(of: 'uids' | 'gids', owner: string, first: number): CommandStep {
  const path = `/etc/sub${of.slice(0, 3)}`
  const range = `${first}-${first + ENOUGH_IDS - 1}`
  return runCommand(['usermod', `--add-sub${of}`, range, owner], {
    unless: ['grep', '-qxF', `${owner}:${first}:${ENOUGH_IDS}`, path],
    // It keeps what was before in a file of its own.
    changes: [path, `${path}-`],
  })
}
