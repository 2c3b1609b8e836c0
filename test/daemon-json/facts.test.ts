import { describe, expect, it } from 'vitest'
import { type HostContext, lintDaemonJson } from '../../src/daemon-json/index.ts'
import { atLeast, parseEngineVersion } from '../../src/daemon-json/version.ts'
import { BYTES } from './byte-facts.ts'
import { ENGINES, REFUSED_BY_20_10, STARTED, STARTS_ON_20_10, VALIDATED } from './engine-facts.ts'

/** A plain host: its data root on ext4, no bridges but docker0, no sockets from systemd. */
const host: HostContext = {
  cgroupDriver: 'cgroupfs',
  filesystemOf: () => 'ext',
  flags: {},
  interfaceKind: (name) => (name === 'docker0' ? 'bridge' : 'absent'),
  socketActivated: false,
}

function accepts(file: string | Uint8Array, engineVersion: string): boolean {
  return lintDaemonJson(file, { engineVersion, host }).accepted
}

function startsOn(spec: string, version: string): boolean {
  const [word, since = ''] = spec.split(' ')
  const parsed = parseEngineVersion(version)
  if (parsed === undefined) throw new Error(version)
  if (word === 'all' || word === 'none') return word === 'all'
  if (word === 'from') return atLeast(parsed, since)
  if (word === 'before') return !atLeast(parsed, since)
  return spec.split(' ').includes(version)
}

describe('what the engines did, file by file', () => {
  it.each(STARTED)('%s starts on: %s', (file, spec) => {
    const expected = ENGINES.map((version) => [version, startsOn(spec, version)])
    expect(ENGINES.map((version) => [version, accepts(file, version)])).toEqual(expected)
  })

  it.each(VALIDATED)('%s is accepted from 25.0 on by: %s', (file, spec) => {
    const versions = ENGINES.slice(1)
    const expected = versions.map((version) => [version, startsOn(spec, version)])
    expect(versions.map((version) => [version, accepts(file, version)])).toEqual(expected)
  })

  it.each(STARTS_ON_20_10)('20.10.24 starts with %s', (file) => {
    expect(accepts(file, '20.10.24')).toBe(true)
  })

  it.each(REFUSED_BY_20_10)('20.10.24 refuses %s', (file) => {
    expect(accepts(file, '20.10.24')).toBe(false)
  })

  it.each(BYTES)('$name', ({ bytes, old, current }) => {
    expect({ old: accepts(bytes, '20.10.24'), current: accepts(bytes, '29.7.2') }).toEqual({ old, current })
  })
})
