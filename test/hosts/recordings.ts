/** The recorded hosts beside this file, and how one is judged. */
import { readdirSync } from 'node:fs'
import { catalogue } from '../../src/engine/catalogue.ts'
import { run } from '../../src/engine/run.ts'
import type { Host } from '../../src/hosts/host.ts'
import { loadSnapshot } from '../../src/hosts/snapshot/load.ts'
import { snapshotHost } from '../../src/hosts/snapshot.ts'
import type { Check, Profile } from '../../src/model/check.ts'
import type { Report } from '../../src/model/report.ts'

const files = readdirSync(import.meta.dirname).filter((name) => name.endsWith('.json'))

/** Names of recordings: `debian-13-docker` as root, `debian-13-docker.user` as an ordinary user. */
export const recordings: readonly string[] = files.map((name) => name.replace(/\.json$/, '')).sort()

const load = (name: string) => loadSnapshot(`${import.meta.dirname}/${name}.json`)

/** A user's recording holds only what is otherwise than for root. */
async function read(name: string): Promise<Host> {
  const own = await load(name)
  if (!name.endsWith('.user')) return snapshotHost(own)
  const { readings } = await load(name.replace(/\.user$/, ''))
  return snapshotHost({ ...own, readings: { ...readings, ...own.readings } })
}

const hosts = new Map<string, Promise<Host>>()
export function recordedHost(name: string): Promise<Host> {
  const host = hosts.get(name) ?? read(name)
  hosts.set(name, host)
  return host
}

export function judge(host: Host, profile: Profile, checks: readonly Check[]): Promise<Report> {
  return run(host, { checks, settings: { profile }, offline: false, timeoutS: 20, version: '0.0.0' })
}

export const checksOf = (profile: Profile): readonly Check[] =>
  catalogue.filter(({ profiles }) => profiles.includes(profile))
