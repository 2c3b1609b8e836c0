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

const ACCOUNT_FILES = ['passwd', 'shadow', 'group', 'gshadow', 'subuid', 'subgid'].flatMap((name) => [
  `/etc/${name}`,
  `/etc/${name}-`,
])

/** Makes the user that `userns-remap: default` stands for, with its ids, before dockerd makes them: so they can be taken back. */
export const makeDockremap = (firstUid: number, firstGid: number): CommandStep[] => [
  runCommand(
    ['useradd', '--system', '--user-group', '--no-create-home', '--shell', '/bin/false', 'dockremap'],
    { unless: ['getent', 'passwd', 'dockremap'], changes: ACCOUNT_FILES },
  ),
  unlessAny('/etc/subuid', grantIds('uids', 'dockremap', firstUid)),
  unlessAny('/etc/subgid', grantIds('gids', 'dockremap', firstGid)),
]

const unlessAny = (path: string, grant: CommandStep): CommandStep => ({
  ...grant,
  unless: ['grep', '-q', '^dockremap:', path],
})
