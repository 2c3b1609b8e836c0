import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import distribution from '../../checks/host/distribution.ts'
import { dataFor } from '../../src/cli/data.ts'
import { BUILT_IN } from '../../src/data/dataset.ts'
import { run } from '../../src/engine/run.ts'
import { memoryHost } from '../../src/hosts/memory.ts'

const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

function folderOf(files: Readonly<Record<string, unknown>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'seaworthy-data-'))
  folders.push(folder)
  for (const [name, content] of Object.entries(files)) {
    writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content))
  }
  return folder
}

const debian12Ended = {
  asOf: '2031-01-01',
  sources: ['https://example.org/life'],
  distributions: { debian: { name: 'Debian', releases: [{ version: '12', until: '2026-01-31' }] } },
}

describe('--data', () => {
  it('gives the tables of this build where it is left out', async () => {
    expect(await dataFor(undefined)).toBe(BUILT_IN)
  })
  it('replaces the tables that the folder has, and no other', async () => {
    const data = await dataFor(folderOf({ 'distributions.json': debian12Ended, 'README.md': 'ours' }))
    expect(data.distributions).toEqual(debian12Ended)
    expect(data.removals).toBe(BUILT_IN.removals)
  })
  it('is what hosts are judged by, and what the report says', async () => {
    const host = memoryHost({
      '**': null,
      '/etc/os-release': 'ID=debian\nVERSION_ID=12\n',
      clock: '2026-11-21T00:00:00Z',
    })
    const options = {
      checks: [distribution],
      settings: { profile: 'docker' },
      offline: true,
      timeoutS: 5,
      version: '0',
    } as const
    const before = await run(host, options)
    expect(before.results.map(({ status }) => status)).toEqual(['pass'])
    expect(before.data?.distributions).toBe(BUILT_IN.distributions.asOf)
    const after = await run(host, {
      ...options,
      data: await dataFor(folderOf({ 'distributions.json': debian12Ended })),
    })
    expect(after.results.map(({ finding }) => finding)).toEqual(['ended'])
    expect(after.data?.distributions).toBe('2031-01-01')
  })
  it.each([
    [{ 'distribution.json': {} }, 'unknown data file "distribution.json"; did you mean distributions.json?'],
    [{ 'notes.txt': '' }, /holds none of distributions\.json, /],
    [{ 'removals.json': '{"asOf": ' }, /removals\.json: is no JSON: /],
    [{ 'removals.json': [] }, /removals\.json: the file: .*expected object/],
    [
      { 'removals.json': { ...BUILT_IN.removals, asOf: 'yesterday' } },
      /removals\.json: asOf: expected a day such as 2026-10-04/,
    ],
    [
      { 'removals.json': { ...BUILT_IN.removals, flags: [{ name: 'graph', removedIn: 'soon' }] } },
      /removals\.json: flags\.0\.removedIn: expected a version/,
    ],
    [{ 'removals.json': { ...BUILT_IN.removals, more: 1 } }, /removals\.json: .*[Uu]nrecognized key/],
  ])('refuses %j in one line', async (files, message) => {
    await expect(dataFor(folderOf(files))).rejects.toThrow(message)
    await dataFor(folderOf(files)).catch((error: Error) => expect(error.message).not.toContain('\n'))
  })
  it('refuses a folder that is none', async () => {
    await expect(dataFor('/does/not/exist')).rejects.toThrow('--data /does/not/exist: no such folder')
  })
})
