import { describe, expect, it } from 'vitest'
import { lintDaemonJson, type Removals } from '../../src/daemon-json/index.ts'
import { REMOVALS } from '../../src/daemon-json/removals.ts'

const findings = (file: object, engineVersion: string, removals?: Removals): string[] =>
  lintDaemonJson(JSON.stringify(file), { engineVersion, ...(removals ? { removals } : {}) }).problems.map(
    ({ level, key, finding, message, suggestion }) =>
      `${level} ${key} ${finding}: ${message} (${suggestion})`,
  )

describe('what engines no longer have', () => {
  it.each([
    ['graph', '/srv', '20.10.24', '23.0.0'],
    ['cluster-store', 'etcd://x', '20.10.24', '23.0.0'],
    ['api-cors-header', '*', '27.5.1', '28.0.0'],
    ['oom-score-adjust', -500, '24.0.9', '25.0.0'],
    ['storage-driver', 'aufs', '23.0.6', '24.0.0'],
    ['storage-driver', 'devicemapper', '24.0.9', '25.0.0'],
  ])('%s %s is taken by %s and refused by %s', (key, value, last, first) => {
    const refused = (version: string) =>
      findings({ [key]: value }, version).filter((one) => one.startsWith('fail'))
    expect(refused(last)).toEqual([])
    expect(refused(first)).toHaveLength(1)
    expect(refused(first)[0]).toMatch(/removed in engine/)
  })
  it('a release that knows a removed key takes it without a value, the next does not', () => {
    expect(findings({ 'api-cors-header': '' }, '28.5.2')).toEqual([])
    expect(findings({ 'api-cors-header': '' }, '29.0.0')[0]).toMatch(/^fail .*removed in engine 28\.0;/)
  })
  it('keys that no engine judged here ever had say when they went', () => {
    expect(findings({ 'disable-legacy-registry': true }, '27.5.1')).toEqual([
      'fail disable-legacy-registry removed-key: "disable-legacy-registry" was removed in engine 19.03; 27.5.1 refuses it (remove the key)',
    ])
  })
  it('a removed log driver is none', () => {
    expect(findings({ 'log-driver': 'logentries' }, '24.0.9')).toEqual([])
    expect(findings({ 'log-driver': 'logentries' }, '25.0.0')[0]).toMatch(/is no log driver/)
  })
})

describe('newer tables', () => {
  const newer: Removals = {
    ...REMOVALS,
    keys: [...REMOVALS.keys, { name: 'raw-logs', removedIn: '29.9', instead: 'remove the key' }],
    storageDrivers: [...REMOVALS.storageDrivers, { name: 'vfs', removedIn: '29.9' }],
  }
  it('change what is said of keys and drivers, of the engines they name', () => {
    const file = { 'raw-logs': true, 'storage-driver': 'vfs' }
    expect(findings(file, '29.9.0', newer).filter((one) => /removed in engine 29\.9/.test(one))).toHaveLength(
      2,
    )
    expect(findings(file, '29.8.0', newer)).toEqual(findings(file, '29.8.0'))
  })
})
