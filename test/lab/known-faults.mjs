// What the faults of the lab declare of themselves, and how Seaworthy is asked about them.
import { readFileSync } from 'node:fs'

/** Of every host: a person with a login. */
const USER = 'tester'

/** Tags of faults that only the user meets: root may do everything. */
const SEEN_BY_USER = new Set([
  'user-not-in-docker-group',
  'group-not-in-session',
  'docker-group-missing',
  'socket-permissions',
  'socket-wrong-group',
  'cli-config-permissions',
])

/** @param lab runs lab.sh with some words */
export async function readFaults(lab, labFolder) {
  const { stdout } = await lab('meta')
  const expect = JSON.parse(readFileSync(`${labFolder}/expect.json`, 'utf8'))
  return stdout
    .trim()
    .split('\n')
    .map((line) => line.split('\t'))
    .map(([name, kind, tag, , , , profile, finding, container]) => ({
      ...{ name, kind, tag, profile, finding, container },
      expected: expect[tag] ?? [],
      isSeenByUser: SEEN_BY_USER.has(tag) || profile === 'rootless',
    }))
}

export const faultsNamed = (faults, names) =>
  names.map((name) => {
    const fault = faults.find((one) => one.name === name)
    if (!fault) throw new Error(`no fault '${name}' (lab.sh list)`)
    return fault
  })

/** What `seaworthy fix` is asked. A host at rest is not fit for every profile: then only the fault's own checks are mended. */
export const fixWords = ({ isSeenByUser, profile, expected }) => [
  ...(isSeenByUser ? ['--user', USER] : []),
  ...(profile ? ['--profile', profile, ...expected] : []),
]
