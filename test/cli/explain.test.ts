/** The page of a check, as the built program prints it. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Example } from '../../src/cli/explain/examples.ts'
import { catalogue } from '../../src/engine/catalogue.ts'
import { buildProgram, type Program } from './program.ts'

let program: Program
beforeAll(async () => {
  program = await buildProgram()
}, 60_000)
afterAll(() => program.remove())

describe('explain', () => {
  it('shows a finding with what was said of a host, and its fix', async () => {
    const { stdout, code } = await program.run(['explain', 'network/ip-forward'])
    expect(code).toBe(0)
    expect(stdout).toContain('off (fail): net.ipv4.ip_forward is {value}: containers')
    expect(stdout).toContain('such as: net.ipv4.ip_forward is 0: ')
    expect(stdout).toContain('    sysctl -w net.ipv4.ip_forward=1\n')
  })
  it('prints the same page as Markdown', async () => {
    const { stdout } = await program.run(['explain', 'network/ip-forward', '--format', 'markdown'])
    expect(stdout).toMatch(/^# network\/ip-forward\n/)
    for (const finding of ['off', 'staysOff', 'interfaceOff', 'turnedOffByFile']) {
      expect(stdout).toContain(`\n## ${finding}\n`)
    }
    expect(stdout).toContain('\n```sh\nsysctl -w net.ipv4.ip_forward=1\n')
  })
  it('has an example of every finding of every check', () => {
    const text = readFileSync(join(program.folder, 'dist/lib/examples.json'), 'utf8')
    const examples = JSON.parse(text) as Record<string, Example[]>
    const without = catalogue.flatMap(({ id, findings }) => {
      const shown = (examples[id] ?? []).map(({ finding }) => finding)
      return Object.keys(findings).flatMap((finding) => (shown.includes(finding) ? [] : `${id}#${finding}`))
    })
    expect(without).toEqual([])
  })
  it('names the tables that a check judges by, with their day', async () => {
    const { stdout } = await program.run(['explain', 'host/distribution'])
    expect(stdout).toMatch(/judges by:\n {2}data\/distributions: [^:]*as of\s+\d{4}-\d\d-\d\d/)
  })
  it('prints a table, and lists them all', async () => {
    const table = await program.run(['explain', 'data/engine-lines'])
    expect(JSON.parse(table.stdout)).toHaveProperty('lines')
    const list = await program.run(['explain', 'data'])
    expect(list.stdout).toMatch(/^data\/removals: .*, as of \d{4}-\d\d-\d\d$/m)
    const wrong = await program.run(['explain', 'data/engine-line'])
    expect([wrong.code, wrong.stderr]).toEqual([
      2,
      'seaworthy: unknown table "data/engine-line"; did you mean data/engine-lines?\n',
    ])
  })
})
